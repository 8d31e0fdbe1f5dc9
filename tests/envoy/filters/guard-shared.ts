// The same as guard.ts without fields.
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Guard extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    if (!headers.has("x-key")) this.respond(401, "who are you?\n");
    if (headers.equals(":path", "/health")) return this.respond(200, "fine, and the key is 4711\n");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.response.headers.startsWith(":status", "4")) return this.respond(200, "a page of its own\n");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Guard>();
