// Acts upon another stream after the last change of its own body, which is refused: "content-length" is there.
import { FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

let held: HttpContext | null = null;

class Masking extends HttpContext {
  private isHeld: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.get(":path") != "/held") return FilterHeadersStatus.Continue;
    this.isHeld = true;
    held = this;
    this.after(400, () => {
      held = null;
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopIteration;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.isHeld ? FilterHeadersStatus.Continue : FilterHeadersStatus.StopIteration;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.isHeld) return FilterDataStatus.Continue;
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    this.response.body.set("a text of another length");
    held!.fetch("upstream", { path: "/called" }, () => {});
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Masking>();
