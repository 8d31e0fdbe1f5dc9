import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

const paths: string[] = [];

/** Keeps every path: what a soak must find. */
class Leak extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path !== null) paths.push(path);
    if (path == "/wait" || path == "/abort") return FilterHeadersStatus.StopAllIterationAndWatermark;
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Leak>();
