import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Puts a mark behind each chunk of both bodies, as they pass. */
class BodyChunking extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.remove("content-length"); // the body's length changes
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32): FilterDataStatus {
    if (bodySize > 0) this.request.body.append("foo");
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.remove("content-length");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32): FilterDataStatus {
    if (bodySize > 0) this.response.body.append("bar");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<BodyChunking>();
