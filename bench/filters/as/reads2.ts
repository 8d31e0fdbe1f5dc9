import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Reads two headers that are there, and sets one. */
class Reads2 extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const tenant = headers.get("x-tenant");
    const language = headers.get("accept-language");
    if (tenant !== null && language !== null)
      headers.set("x-size", (tenant.length + language.length).toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Reads2>();
