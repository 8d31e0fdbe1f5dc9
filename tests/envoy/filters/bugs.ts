// Has the bug that the path names.
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Buggy extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path")!;
    const numbers: i32[] = [1, 2, 3];
    if (path == "/unreachable") unreachable();
    if (path == "/assert") assert(headerCount == 0, "no headers expected");
    if (path == "/bounds") numbers[3 + <i32>endOfStream] += numbers[<i32>headerCount + 10];
    if (path == "/throw") throw new Error("thrown on größe");
    if (path == "/null") this.request.headers.get("x-none")!.startsWith("x");
    if (path == "/long") throw new Error("long ".repeat(10000));
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Buggy>();
