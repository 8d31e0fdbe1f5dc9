import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Tells the upstream the kind of the client's device in one header. */
class NormalizeHeader extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.set("client-device-type", this.isMobile() ? "mobile" : "unknown");
    return FilterHeadersStatus.Continue;
  }

  /** The client hint, which browsers send that know of it, or else the user agent. */
  private isMobile(): bool {
    const headers = this.request.headers;
    return headers.equals("sec-ch-ua-mobile", "?1") || headers.includes("user-agent", "Mobile");
  }
}

registerHttpFilter<NormalizeHeader>();
