import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { RequestTarget, percentEncode } from "proxy-wasm-as/assembly/std/url";

/** The parameter that each request gets, in place of what the client has sent. */
const NAME = "key";
const VALUE = "new val";

/** Gives one parameter of the query a value, behind all others. */
class SetQuery extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path === null) return FilterHeadersStatus.Continue;
    const hash = path.indexOf("#"); // no request of a browser has one, and Envoy refuses it unless told otherwise
    const target = new RequestTarget(hash < 0 ? path : path.substring(0, hash));
    const query = target.query;
    query.remove(NAME);
    // As forms write it, with "+" for a space: `query.append(NAME, VALUE)` would write "%20".
    const added = NAME + "=" + percentEncode(VALUE).replaceAll("%20", "+");
    const others = query.toString();
    const fragment = hash < 0 ? "" : path.substring(hash);
    this.request.headers.set(
      ":path",
      target.path + "?" + (others.length > 0 ? others + "&" + added : added) + fragment,
    );
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<SetQuery>();
