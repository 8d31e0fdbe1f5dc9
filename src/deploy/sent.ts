/**
 * The values that a host gives to a plugin, by the host's own configuration.
 *
 * @module
 */
import { jsonConfiguration } from "./configuration.js";
import { structBytes } from "./struct.js";
import { goJson } from "./json.js";
import type { Point, Target } from "./options.js";

/** The values that a plugin is started with. */
export interface Start {
  readonly point: Point;
  readonly rootId: string;
  /** The configuration that `onConfigure` gets. */
  readonly configuration: string | Uint8Array;
  /** The configuration that `onVmStart` gets. */
  readonly vmConfiguration: string;
  readonly vmId: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that the proxy has and this machine need not have. */
  readonly hostEnvironment: readonly string[];
}

/** The configuration as it arrives in `onConfigure`; throws `ManifestError` for one that the host would not take. */
export function sentConfiguration(target: Target, configuration: string | undefined): string {
  if (configuration === undefined) return "";
  switch (target) {
    case "envoy":
    case "envoyfilter":
      return configuration;
    case "istio":
    case "istio-wasm-plugin":
    case "istio-traffic-extension": {
      const text = goJson(jsonConfiguration(configuration, "object"));
      return text === "{}" ? "" : text;
    }
    case "envoy-gateway": {
      const value = jsonConfiguration(configuration, "any");
      return value === null ? "" : goJson(value);
    }
  }
}

/**
 * The same of an Envoy whose YAML has the configuration as a `google.protobuf.Struct`: `onConfigure` gets its protobuf bytes,
 * which no reader of JSON takes. Manifests of this package have a `StringValue`, whose text arrives.
 */
export function sentStruct(configuration: string): Uint8Array {
  return structBytes(jsonConfiguration(configuration, "object") as object);
}
