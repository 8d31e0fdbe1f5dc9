import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Replaces a word wherever it stands in the request's body, which has 64 KiB in the measurements. */
class ReplaceInBody extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.remove("content-length");
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    this.request.body.replaceAll("secret", "[removed]");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<ReplaceInBody>();
