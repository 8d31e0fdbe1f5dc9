/**
 * Istio's WasmPlugin and TrafficExtension.
 *
 * @module
 */
import { jsonConfiguration } from "./configuration.js";
import type { Code, ManifestOptions, Point } from "./options.js";
import { imageUrl } from "./plugin-config.js";
import { toYaml } from "./yaml.js";

export function istio(options: ManifestOptions, point: Point, head: string): string {
  const wasm = options.target === "istio-wasm-plugin";
  const { name, namespace, selector, targetRefs, phase, priority, match, code, configuration } = options;
  const { environment = {}, hostEnvironment = [] } = options;
  const env = [
    ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
    ...hostEnvironment.map((key) => ({ name: key, valueFrom: "HOST" })),
  ];
  const place = {
    selector: selector === undefined ? undefined : { matchLabels: selector },
    targetRefs: targetRefs?.map(({ group, kind, name: to }) => ({ group, kind, name: to })),
    phase,
    priority,
    match: match?.map(({ mode, ports }) => ({
      mode,
      ports: ports.length > 0 ? ports.map((number) => ({ number })) : undefined,
    })),
  };
  const plugin = {
    url: urlOf(code),
    sha256: code.sha256,
    imagePullPolicy: options.pullPolicy,
    imagePullSecret: options.pullSecret,
    pluginName: options.rootId || undefined, // the schema takes no empty one
    pluginConfig: configuration === undefined ? undefined : jsonConfiguration(configuration, "object"),
    failStrategy: options.failStrategy,
    type: point === "tcp" ? "NETWORK" : "HTTP",
    vmConfig: env.length > 0 ? { env } : undefined,
  };
  const at = wasm ? "spec" : "spec/wasm";
  const onDisk = code.kind === "local" && {
    [`${at}/url`]: "A file in the proxy's own container: mount it there; nothing is fetched.",
  };
  const manifest = {
    apiVersion: "extensions.istio.io/v1alpha1",
    kind: wasm ? "WasmPlugin" : "TrafficExtension",
    metadata: { name, namespace },
    spec: wasm ? { ...place, ...plugin } : { ...place, wasm: plugin },
  };
  return toYaml(manifest, head, {
    ...onDisk,
    "spec/selector":
      "The workloads of this namespace with these labels; in the root namespace (istio-system), of all.",
    "spec/phase": "AUTHN and AUTHZ run around Istio's own filters of that name, STATS before its statistics.",
    "spec/priority": "Within a phase, the highest runs first.",
    [`${at}/sha256`]:
      code.kind === "image"
        ? "The digest of the image's manifest, not of the module."
        : "The digest of the module.",
    [`${at}/imagePullSecret`]: "A Secret of the type kubernetes.io/dockerconfigjson, in this namespace.",
    [`${at}/imagePullPolicy`]:
      "Unset, a tag is fetched once and kept, and latest is fetched each time the plugin changes.",
    [`${at}/pluginName`]: "The root id: which of the module's plugins runs.",
    [`${at}/pluginConfig`]: "Arrives in onConfigure as JSON with sorted keys and numbers as doubles.",
    [`${at}/failStrategy`]:
      "When the module traps: FAIL_CLOSE answers 503 from then on, FAIL_OPEN skips it, FAIL_RELOAD starts it anew\nafter a second, with 503 until then.",
  });
}

function urlOf(code: Code): string | undefined {
  switch (code.kind) {
    case "image":
      return imageUrl(code.image);
    case "url":
      return code.url;
    case "local":
      // The part behind file:// is the path as it is: istiod undoes no escapes.
      return `file://${code.file}`;
    case "inline":
      return undefined; // refused by then
  }
}
