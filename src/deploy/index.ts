/**
 * From a module to a fleet: manifests for Istio, Envoy Gateway and Envoy.
 *
 * @module
 */
export { configurationText } from "./configuration.js";
export type { Difference, ObjectDifference } from "./diff.js";
export { deployedDifferences } from "./diff.js";
export { ManifestError } from "./error.js";
export { apply, manifest, startOf, withOnlyRoot } from "./manifest.js";
export type { Kind, ModuleFacts } from "./module.js";
export { moduleFacts } from "./module.js";
export type { Code, ManifestOptions, Point, Target, TargetRef } from "./options.js";
export { exactTarget, pointOf, points, targets } from "./options.js";
export { sentConfiguration, sentStruct } from "./sent.js";
export type { Start } from "./sent.js";
