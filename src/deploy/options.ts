/**
 * The options of a manifest.
 *
 * @module
 */
import type { ModuleFacts } from "./module.js";

export const targets = [
  ...(["istio", "istio-traffic-extension", "istio-wasm-plugin", "envoyfilter"] as const),
  ...(["envoy-gateway", "envoy"] as const),
] as const;
export type Target = (typeof targets)[number];

/** A target that says which object is written: `istio` alone leaves it to the release. */
export type Exact = Exclude<Target, "istio">;

/** The points at which Envoy can run a module. */
export const points = ["http", "tcp", "access-log", "service", "stats-sink"] as const;
export type Point = (typeof points)[number];

/** The source of the module. */
export type Code =
  /** An OCI image; `sha256` is the digest of its manifest. */
  | { readonly kind: "image"; readonly image: string; readonly sha256?: string }
  /** A file on a web server; `sha256` is the digest of the module. */
  | { readonly kind: "url"; readonly url: string; readonly sha256?: string }
  /** A file where Envoy runs. */
  | { readonly kind: "local"; readonly file: string; readonly sha256?: undefined }
  /** In the manifest itself. */
  | { readonly kind: "inline"; readonly sha256?: undefined };

/** The target that `istio` stands for: TrafficExtension takes the place of WasmPlugin from Istio 1.30 on. */
export function exactTarget(target: Target, istio: string | undefined): Exact {
  if (target !== "istio") return target;
  const [major, minor] = (istio ?? FIRST_WITH_TRAFFIC_EXTENSION).split(".").map(Number);
  return major! > 1 || minor! >= 30 ? "istio-traffic-extension" : "istio-wasm-plugin";
}

const FIRST_WITH_TRAFFIC_EXTENSION = "1.30";

/** One object that a plugin is attached to. */
export interface TargetRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** A listener of a Gateway or a rule of a route, by name. */
  readonly sectionName?: string;
}

export interface ManifestOptions {
  readonly target: Target;
  /** The release of Istio, such as "1.29"; with the target `istio` it decides which object is written. */
  readonly istio?: string;
  /** The facts that the module states, and its bytes; undefined when there is no file of it. */
  readonly module?: { readonly facts: ModuleFacts; readonly bytes: Uint8Array; readonly sha256: string };
  readonly code: Code;
  readonly name: string;
  readonly namespace?: string;
  readonly point?: Point;
  readonly rootId?: string;
  /** The plugin's configuration as text; JSON where the API takes nothing else. */
  readonly configuration?: string;
  readonly vmConfiguration?: string;
  readonly vmId?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Names whose values the proxy's own environment has. */
  readonly hostEnvironment?: readonly string[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly targetRefs?: readonly TargetRef[];
  readonly phase?: string;
  readonly priority?: number;
  /** FAIL_RELOAD unless given, where the host has it. */
  readonly failStrategy?: string;
  readonly pullPolicy?: string;
  readonly pullSecret?: string;
  readonly match?: readonly { readonly mode: string; readonly ports: readonly number[] }[];
  /** EnvoyFilter: which listeners. */
  readonly context?: string;
  readonly allowOnHeadersStopIteration?: boolean;
  /** Tags of the module's metrics, which stand in their names as `;NAME=VALUE`. */
  readonly statsTags?: readonly string[];
  /** Envoy: where requests go, and the port to listen on. */
  readonly upstream?: { readonly host: string; readonly port: number };
  readonly port?: number;
}

/** The extension point: as given, or what the module was registered for. */
export function pointOf({ point, module, rootId }: ManifestOptions): Point {
  if (point !== undefined) return point;
  const facts = module?.facts;
  if (facts === undefined) return "http";
  const root = facts.roots?.find((each) => each.rootId === (rootId ?? "")) ?? facts.roots?.[0];
  const has = (...names: string[]): boolean => names.some((name) => facts.callbacks.includes(name));
  if (root !== undefined && root.kind !== "plugin") return root.kind;
  if (
    has(
      "proxy_on_request_headers",
      "proxy_on_response_headers",
      "proxy_on_request_body",
      "proxy_on_response_body",
    )
  )
    return "http";
  if (has("proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data")) return "tcp";
  if (has("envoy_on_stats_update")) return "stats-sink";
  return has("proxy_on_log") ? "access-log" : "service";
}
