import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** The status that clients see in place of an error. */
const SHOWN = "404";

/** Whether clients should not see this status. */
function isError(status: string): bool {
  return status.startsWith("5");
}

/** Hides the upstream's errors behind another status. */
class OverwriteErrcode extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const status = this.response.headers.get(":status");
    if (status !== null && isError(status)) this.response.headers.set(":status", SHOWN);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<OverwriteErrcode>();
