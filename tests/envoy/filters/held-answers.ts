import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Hold extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(400, () => {
      this.respond(401, "no\n");
    });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<Hold>();
