import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** What has moved, and where to. */
const FROM = "/foo/";
const TO = "/bar/";

/** Sends clients to where a part of the site has moved. */
class Redirect extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const path = this.request.path;
    if (!path?.startsWith(FROM)) return FilterHeadersStatus.Continue;
    return this.respond(301, "", { headers: [["location", TO + path.slice(FROM.length)]] });
  }
}

registerHttpFilter<Redirect>();
