import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Adds one request header and replaces another. */
class AddRequestHeader extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.add("message", "hello"); // beside those that are there
    this.request.headers.set("welcome", "warm"); // in place of those that are there
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<AddRequestHeader>();
