import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

/** Pages of this site may link to us. */
const ALLOWED_REFERER = "www.safe-site.com";

/** The host of a URL, without its port; empty when it has none, or a name and password before it. */
function hostOf(url: string): string {
  const scheme = url.indexOf("://");
  if (scheme < 0) return "";
  let end = scheme + 3;
  while (end < url.length && !"/?#".includes(url.charAt(end))) end++;
  const authority = url.substring(scheme + 3, end);
  if (authority.includes("@")) return "";
  const port = authority.indexOf(":");
  return port < 0 ? authority : authority.substring(0, port);
}

/** Refuses requests that other sites' pages lead to. The answer and the log share a number to find one by the other. */
class BlockRequest extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const referer = this.request.headers.get("referer");
    if (referer !== null && hostOf(referer) == ALLOWED_REFERER) {
      this.request.headers.set("my-plugin-allowed", "true");
      return FilterHeadersStatus.Continue;
    }
    const id = <u64>(Math.random() * <f64>u64.MAX_VALUE);
    const message = `Forbidden - Request ID: ${id.toString(16)}`;
    log.info(message);
    return this.respond(403, message);
  }
}

registerHttpFilter<BlockRequest>();
