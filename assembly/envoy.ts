/**
 * Functions of Envoy that are not in the ABI: `import … from "proxy-wasm-as/assembly/envoy"`. Other hosts lack them; the
 * functions then answer null or `Status.NotFound`.
 *
 * @module
 */
export { attributes } from "./envoy/attributes";
export { compress, uncompress } from "./envoy/compression";
export { Expression } from "./envoy/expression";
export { sign, signByPem, verifySignature, verifySignatureByPem } from "./envoy/signature";
export { LifeSpan, PropertyType, clearRouteCache, declareProperty, setFilterState } from "./envoy/stream";
