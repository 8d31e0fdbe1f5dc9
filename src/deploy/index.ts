/**
 * From a module to a fleet: manifests for Istio, Envoy Gateway and Envoy.
 *
 * @module
 */
export { configurationText } from "./configuration.js";
export { ManifestError } from "./error.js";
export { apply, manifest, startOf, withOnlyRoot } from "./manifest.js";
export type { Kind, ModuleFacts } from "./module.js";
export { moduleFacts } from "./module.js";
export type { Code, ManifestOptions, Point, Target } from "./options.js";
export { pointOf, points, targets } from "./options.js";
export { sentConfiguration, sentStruct } from "./sent.js";
export type { Start } from "./sent.js";
