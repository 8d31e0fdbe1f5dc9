import { FilterTrailersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Overrides what no request of the bench has: what a filter costs that has nothing to say. The build refuses one without. */
class Noop extends HttpContext {
  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }
}

registerHttpFilter<Noop>();
