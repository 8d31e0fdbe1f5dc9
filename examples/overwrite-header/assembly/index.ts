import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Replaces a request header where it is there, and a response header in any case. */
class OverwriteHeader extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const headers = this.request.headers;
    if (headers.has("requestheader")) headers.set("requestheader", "changed");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    this.response.headers.set("responseheader", "changed");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<OverwriteHeader>();
