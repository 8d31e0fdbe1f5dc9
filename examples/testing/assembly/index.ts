import { FilterHeadersStatus, HttpContext, clock, log, registerHttpFilter } from "proxy-wasm-as";

/** Logs what it sees, and answers in the upstream's stead when the upstream asks for it: something for a suite to test. */
class Testing extends HttpContext {
  onRequestHeaders(headerCount: u32): FilterHeadersStatus {
    log.info("request headers: " + headerCount);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32): FilterHeadersStatus {
    log.info("response headers: " + headerCount);
    for (let i = 1; i <= 3; i++) log.info("time " + i + ": " + clock.now());
    if (!this.response.headers.has("reply-with-error")) return FilterHeadersStatus.Continue;
    return this.respond(500, "fake error", { headers: [["error", "goaway"]] });
  }
}

registerHttpFilter<Testing>();
