import { HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Overrides nothing: what a filter costs that has nothing to say. */
class Noop extends HttpContext {}

registerHttpFilter<Noop>();
