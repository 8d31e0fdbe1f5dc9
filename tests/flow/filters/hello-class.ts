// tests/flow/filters/hello.ts, written as a class with a field: for measurements.
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Hello extends HttpContext {
  private isServed: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/denied")) return this.respond(403, "denied\n");
    this.request.headers.set("x-hello", "world");
    this.isServed = true;
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.isServed) this.response.headers.add("x-served-by", "proxy-wasm-as");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Hello>();
