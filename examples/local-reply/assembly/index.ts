import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Answers every request itself. */
class LocalReply extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    return this.respond(200, "Hello World", {
      headers: [["content-type", "text/plain"]],
    });
  }
}

registerHttpFilter<LocalReply>();
