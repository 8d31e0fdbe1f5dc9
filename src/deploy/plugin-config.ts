/**
 * Envoy's `PluginConfig` and where it stands.
 *
 * @module
 */
import { ManifestError } from "./error.js";
import type { ManifestOptions, Point } from "./options.js";
import type { Comments } from "./yaml.js";

export const TYPE = "type.googleapis.com/";

/** The types of Envoy's configuration for each extension point. */
export const pointTypes: Readonly<Record<Point, string>> = {
  http: "envoy.extensions.filters.http.wasm.v3.Wasm",
  tcp: "envoy.extensions.filters.network.wasm.v3.Wasm",
  "access-log": "envoy.extensions.access_loggers.wasm.v3.WasmAccessLog",
  service: "envoy.extensions.wasm.v3.WasmService",
  "stats-sink": "envoy.extensions.stat_sinks.wasm.v3.Wasm",
};

/** The names of Envoy's extensions. */
export const pointNames: Readonly<Record<Point, string>> = {
  http: "envoy.filters.http.wasm",
  tcp: "envoy.filters.network.wasm",
  "access-log": "envoy.access_loggers.wasm",
  service: "envoy.bootstrap.wasm",
  "stats-sink": "envoy.stat_sinks.wasm",
};

/** Kubernetes takes no object that is larger than about this. */
const MAX_INLINE = 700_000;

function text(value: string): object {
  return { "@type": `${TYPE}google.protobuf.StringValue`, value };
}

/** The fields of `PluginConfig`; `remoteCluster` is how the proxy reaches the module. */
export function pluginConfig(options: ManifestOptions, remoteCluster: string): object {
  const { name, rootId, configuration, vmConfiguration, vmId, failStrategy } = options;
  const { environment = {}, hostEnvironment = [] } = options;
  const hasEnvironment = Object.keys(environment).length + hostEnvironment.length > 0;
  return {
    name,
    root_id: rootId,
    configuration: configuration === undefined ? undefined : text(configuration),
    failure_policy: failStrategy === "FAIL_CLOSE" ? "FAIL_CLOSED" : failStrategy,
    reload_config: failStrategy === "FAIL_RELOAD" ? { backoff: { base_interval: "0.1s" } } : undefined,
    allow_on_headers_stop_iteration: options.allowOnHeadersStopIteration,
    vm_config: {
      vm_id: vmId,
      runtime: "envoy.wasm.runtime.v8",
      code: code(options, remoteCluster),
      configuration: vmConfiguration === undefined ? undefined : text(vmConfiguration),
      environment_variables: hasEnvironment
        ? {
            host_env_keys: hostEnvironment.length > 0 ? hostEnvironment : undefined,
            key_values: Object.keys(environment).length > 0 ? environment : undefined,
          }
        : undefined,
    },
  };
}

function code({ code: from, module, target }: ManifestOptions, cluster: string): object {
  if (from.kind === "local") return { local: { filename: from.file } };
  if (from.kind === "inline") {
    if (module === undefined) throw new ManifestError("--inline needs the module's file.");
    if (target === "envoyfilter" && module.bytes.length > MAX_INLINE)
      throw new ManifestError(
        `A module of ${module.bytes.length} bytes is too large for a Kubernetes object; use an image or a file.`,
      );
    return { local: { inline_bytes: Buffer.from(module.bytes).toString("base64") } };
  }
  const uri = from.kind === "url" ? from.url : imageUrl(from.image);
  // Istio's agent takes "nil" for "not given"; Envoy itself insists on a digest.
  const sha256 = from.sha256 ?? "nil";
  return { remote: { http_uri: { uri, cluster, timeout: "30s" }, sha256 } };
}

/** The comments before the fields of `PluginConfig`, which is at `path`. */
export function pluginComments(path: string, { code: from }: ManifestOptions): Comments {
  return {
    [`${path}/root_id`]: "Which of the module's plugins runs.",
    [`${path}/configuration`]: "Arrives in onConfigure as it stands here.",
    [`${path}/failure_policy`]:
      "When the module traps: FAIL_CLOSED answers 503 from then on, FAIL_OPEN skips it, FAIL_RELOAD starts it anew\nafter the time below, with 503 until then. Envoy 1.33 and later; older ones refuse the configuration.",
    [`${path}/allow_on_headers_stop_iteration`]:
      "Hands on bodies while headers are held. Envoy 1.35 and later; older ones refuse the configuration.",
    [`${path}/vm_config/vm_id`]:
      "Plugins with this id, the same module and the same VM configuration share a VM.",
    [`${path}/vm_config/code/remote/sha256`]:
      from.sha256 === undefined
        ? '"nil" is "not given" to Istio\'s agent.'
        : from.kind === "image"
          ? "The digest of the image's manifest, not of the module."
          : "The digest of the module.",
  };
}

/** An image's name with its scheme: without it, Istio drops `host:port/…` in silence. */
export function imageUrl(image: string): string {
  return image.startsWith("oci://") ? image : `oci://${image}`;
}

/** The plugin as Envoy's typed configuration for its extension point. */
export function typedConfig(options: ManifestOptions, point: Point, remoteCluster: string): object {
  return {
    "@type": `${TYPE}${pointTypes[point]}`,
    ...(point === "service" && { singleton: true }),
    config: pluginConfig(options, remoteCluster),
  };
}
