/**
 * The type of `proxy-wasm-as/transform` for TypeScript: the compiler makes one such object and calls it. The compiler's own types
 * do not pass `tsc` without `skipLibCheck`, so they are not named here.
 *
 * @module
 */
import Transform from "./transform/index.js";

/** The class that asc's `--transform proxy-wasm-as/transform` loads. */
const ProxyWasmTransform: new () => object = Transform;

export default ProxyWasmTransform;
