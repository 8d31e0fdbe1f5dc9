/**
 * What Envoy offers besides the ABI: `import … from "proxy-wasm-as/assembly/envoy"`. Hosts that are not Envoy lack it; null,
 * or `Status.NotFound`, says so.
 *
 * @module
 */
export { attributes } from "./envoy/attributes";
export { compress, uncompress } from "./envoy/compression";
export { Expression } from "./envoy/expression";
export { sign, signByPem, verifySignature, verifySignatureByPem } from "./envoy/signature";
export { LifeSpan, PropertyType, clearRouteCache, declareProperty, setFilterState } from "./envoy/stream";
