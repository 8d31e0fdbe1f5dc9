/** Hello, with one group of a regular expression. */
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { Regex } from "proxy-wasm-as/assembly/std/regex";

const userPath = new Regex("^/users/([0-9]+)");

class Hello extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403, "denied\n");
    const path = this.request.headers.get(":path");
    if (path !== null) {
      const match = userPath.exec(path);
      const user = match !== null ? match.group(1) : null;
      this.request.headers.set("x-hello", user !== null ? user : "world");
    }
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.add("x-served-by", "proxy-wasm-as");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Hello>();
