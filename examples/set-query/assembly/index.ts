import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";

/** The parameter that each request gets, in place of what the client has sent; and with its value, as a form writes it. */
const NAME = "key";
const PARAMETER = "key=new+val";

/** Gives one parameter of the query a value, behind all others. */
class SetQuery extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const path = this.request.path;
    if (path === null) return FilterHeadersStatus.Continue;
    const hash = path.indexOf("#"); // no request of a browser has one, and Envoy refuses it unless told otherwise
    const target = new RequestTarget(hash < 0 ? path : path.slice(0, hash));
    const query = target.query;
    query.remove(NAME);
    const others = query.toString();
    let changed = target.path + "?";
    if (others.length > 0) changed += others + "&";
    changed += PARAMETER; // `query.append("key", "new val")` would write "%20" for the space
    if (hash >= 0) changed += path.slice(hash);
    this.request.headers.set(":path", changed);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<SetQuery>();
