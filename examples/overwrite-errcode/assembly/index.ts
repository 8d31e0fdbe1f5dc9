import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** The status that clients see in place of the upstream's; the same one to leave it. */
function mapStatus(status: u32): u32 {
  if (status >= 500 && status <= 599) return 404;
  return status;
}

/** Hides the upstream's errors behind another status. */
class OverwriteErrcode extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.response.headers;
    const text = headers.get(":status");
    if (text === null) return FilterHeadersStatus.Continue;
    const status = U32.parseInt(text, 10);
    const mapped = mapStatus(status);
    if (mapped != status) headers.set(":status", mapped.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<OverwriteErrcode>();
