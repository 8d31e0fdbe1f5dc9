import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { Cookies } from "proxy-wasm-as/assembly/std/cookies";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";

/** Reads two cookies and a parameter of the query, and tells the upstream. */
class CookieReads extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const cookies = Cookies.of(headers.getAll("cookie"));
    const session = cookies.get("session");
    const theme = cookies.get("theme");
    const path = headers.get(":path");
    if (path === null) return FilterHeadersStatus.Continue;
    const id = new RequestTarget(path).query.get("id");
    if (session !== null && theme !== null && id !== null)
      headers.set("x-visit", session + "/" + theme + "/" + id);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<CookieReads>();
