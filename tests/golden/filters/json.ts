/** Hello, with one field of a JSON header. */
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { json } from "proxy-wasm-as/assembly/std/json";

class Hello extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403, "denied\n");
    const user = this.request.headers.get("x-user");
    if (user !== null) {
      const document = json.parse(user);
      this.request.headers.set("x-hello", document.root.get("user").get("name").textOr("world"));
    }
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.add("x-served-by", "proxy-wasm-as");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Hello>();
