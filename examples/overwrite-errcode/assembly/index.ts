import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** The statuses that clients should not see begin like this, and what they see in their place. */
const HIDDEN = "5";
const SHOWN = "404";

/** Hides the upstream's errors behind another status. */
class OverwriteErrcode extends HttpContext {
  onResponseHeaders(): FilterHeadersStatus {
    const headers = this.response.headers;
    if (headers.startsWith(":status", HIDDEN)) headers.set(":status", SHOWN);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<OverwriteErrcode>();
