import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Reads the path, answers "/denied" with 403 and adds one response header. */
class Hdr extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.add("x-wasm", "1");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Hdr>();
