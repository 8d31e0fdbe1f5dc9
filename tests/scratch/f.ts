import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class F extends HttpContext {
  n: i32 = 0;
  mode: string = "";
  onRequestHeaders(c: u32, e: bool): FilterHeadersStatus {
    this.mode = this.request.headers.get("x-mode") || "";
    if (this.mode.includes("f")) this.request.headers.remove("content-length");
    return FilterHeadersStatus.Continue;
  }
  onRequestBody(size: u32, end: bool): FilterDataStatus {
    this.n++;
    if (end && this.mode.includes("t")) this.request.trailers.remove("x-foo");
    if (end && this.mode.includes("a")) this.request.trailers.add("x-foo", "1");
    if (end && this.mode.includes("c")) return FilterDataStatus.Continue;
    if (end) {
      this.plugin.after(25, () => { this.resumeRequest(); });
      return this.mode.includes("b") ? FilterDataStatus.StopIterationAndBuffer : FilterDataStatus.StopIterationAndWatermark;
    }
    return this.mode.includes("c") ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }
}
registerHttpFilter<F>();
