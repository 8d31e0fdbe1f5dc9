import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Asks for three headers that are not there, and sets one. */
class Miss3 extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const debug = headers.get("x-debug");
    const canary = headers.get("x-canary");
    const trace = headers.get("x-trace");
    headers.set("x-size", debug === null && canary === null && trace === null ? "0" : "1");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Miss3>();
