import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

function weight(text: string, factor: i32): i32 {
  let sum = text.length;
  sum *= factor;
  return sum + 1;
}

class Rules extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    this.request.headers.set("x-lines", "1" + String.fromCharCode(10)); // refused; only a debug module logs why
    const total = weight(path === null ? "" : path, 10);
    this.request.headers.set("x-weight", total.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Rules>();
