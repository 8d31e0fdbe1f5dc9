import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

/** Reads all request headers and logs them in one line. */
class AllHeaders extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const entries = this.request.headers.entries();
    const lines = new Array<string>(entries.length);
    for (let i = 0; i < entries.length; i++) lines[i] = entries[i].join("=");
    log.info(lines.join("; "));
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<AllHeaders>();
