import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Extends one response header where it has a certain value, and removes another. */
class AddResponseHeader extends HttpContext {
  onResponseHeaders(): FilterHeadersStatus {
    const headers = this.response.headers;
    if (headers.equals("message", "foo")) headers.add("message", "bar");
    headers.remove("welcome");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<AddResponseHeader>();
