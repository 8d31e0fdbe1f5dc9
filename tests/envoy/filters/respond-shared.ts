// Keeps nothing per stream and answers in every callback that it has.
import { FilterDataStatus, FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

class Eager extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!this.request.headers.has("x-both")) return FilterHeadersStatus.Continue;
    this.respond(401, "first\n");
    return this.respond(402, "second\n");
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    log.info("response headers");
    return this.respond(503, "instead\n");
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.respond(504, "body\n");
  }

  onLog(): void {
    this.respond(500, "too late\n");
  }
}

registerHttpFilter<Eager>();
