import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";

/** `text` with "?" for control characters: a line end would let a client write lines of its own into the log. */
function onOneLine(text: string): string {
  let line = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    line += unit < 0x20 || (unit >= 0x7f && unit < 0xa0) ? "?" : text[i];
  }
  return line;
}

/** Logs a parameter of the query, decoded. */
class LogQuery extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const path = this.request.path;
    if (path === null) return FilterHeadersStatus.Continue;
    const token = new RequestTarget(path).query.get("token");
    log.info(`token: ${token !== null ? onOneLine(token) : "<missing>"}`);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<LogQuery>();
