import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";

/** Logs a parameter of the query, decoded. */
class LogQuery extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path === null) return FilterHeadersStatus.Continue;
    const token = new RequestTarget(path).query.get("token");
    log.info("token: " + (token !== null ? token : "<missing>"));
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<LogQuery>();
