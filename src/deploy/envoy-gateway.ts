/**
 * Envoy Gateway's EnvoyExtensionPolicy.
 *
 * @module
 */
import { jsonConfiguration } from "./configuration.js";
import type { Code, ManifestOptions } from "./options.js";
import { toYaml } from "./yaml.js";

/** The sources that the controller fetches from; the checks refuse the others. */
type Fetched = Extract<Code, { readonly kind: "image" | "url" }>;

export function envoyGateway(options: ManifestOptions, head: string): string {
  const { name, namespace, targetRefs, configuration, failStrategy, hostEnvironment = [] } = options;
  const code = options.code as Fetched;
  const plugin = {
    name,
    rootID: options.rootId || undefined,
    code:
      code.kind === "image"
        ? {
            type: "Image",
            image: {
              url: code.image.replace(/^oci:\/\//, ""),
              sha256: code.sha256,
              pullSecretRef: options.pullSecret === undefined ? undefined : { name: options.pullSecret },
            },
            pullPolicy: options.pullPolicy,
          }
        : {
            type: "HTTP",
            http: { url: code.url, sha256: code.sha256 },
            pullPolicy: options.pullPolicy,
          },
    config: configuration === undefined ? undefined : jsonConfiguration(configuration, "any"),
    failOpen: failStrategy === undefined ? undefined : failStrategy === "FAIL_OPEN",
    env: hostEnvironment.length > 0 ? { hostKeys: hostEnvironment } : undefined,
  };
  const manifest = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyExtensionPolicy",
    metadata: { name, namespace },
    spec: { targetRefs, wasm: [plugin] },
  };
  return toYaml(manifest, head, {
    "spec/targetRefs": "Gateways or routes of this namespace.",
    "spec/wasm": "Plugins run in the order of this list.",
    "spec/wasm/0/rootID": "Which of the module's plugins runs.",
    "spec/wasm/0/code": "The controller fetches the module and serves it to its proxies.",
    "spec/wasm/0/code/image/sha256": "The digest of the image's manifest, not of the module.",
    "spec/wasm/0/failOpen": "Whether requests pass when the module cannot be loaded or traps.",
  });
}
