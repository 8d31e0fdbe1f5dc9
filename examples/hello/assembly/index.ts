import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Denies one path, and marks requests and responses. */
class Hello extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403, "denied\n");
    this.request.headers.set("x-hello", "world");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.add("x-served-by", "proxy-wasm-as");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Hello>();
