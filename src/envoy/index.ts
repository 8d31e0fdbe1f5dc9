/**
 * A real Envoy for tests, demonstrations and experiments on this machine: `proxy-wasm-as/envoy`.
 *
 * @example
 * const found = findEnvoy();
 * if (found.path === undefined) throw new Error(found.reason);
 * const envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm: "build/plugin.wasm" }] });
 * console.log(await fetch(`http://127.0.0.1:${envoy.port}/`));
 * await envoy.stop();
 *
 * @module
 */
export type { Bootstrap, BootstrapOptions, Configuration, Upstream, WasmPlugin } from "./bootstrap.js";
export { bootstrap, cluster, pluginConfig } from "./bootstrap.js";
export type { FoundEnvoy } from "./find.js";
export { ENVOY_VERSION, canInstall, findEnvoy } from "./find.js";
export type { EnvoyOptions, WasmLog } from "./process.js";
export { Envoy, EnvoyStartError } from "./process.js";
export { wasmFault } from "./wasm-support.js";
