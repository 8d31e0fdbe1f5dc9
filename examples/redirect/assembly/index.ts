import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** What has moved, and where to. */
const FROM = "/foo/";
const TO = "/bar/";

/** Sends clients to where a part of the site has moved. */
class Redirect extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path === null || !path.startsWith(FROM)) return FilterHeadersStatus.Continue;
    return this.respond(301, "", { headers: [["location", TO + path.substring(FROM.length)]] });
  }
}

registerHttpFilter<Redirect>();
