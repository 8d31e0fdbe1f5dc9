import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Keeps the upstream's cookies from clients. */
class RemoveCookie extends HttpContext {
  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.remove("set-cookie"); // all of them
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<RemoveCookie>();
