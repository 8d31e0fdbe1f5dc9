// Holds bodies until they end, then looks; it has no callback for trailers.
import { FilterDataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Waf extends HttpContext {
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    const text = this.request.body.text();
    if (text.includes("attack")) return this.respond(403, "blocked\n");
    if (text.includes("wait")) {
      this.after(20, () => {
        this.resumeRequest();
      });
      return FilterDataStatus.StopIterationAndBuffer;
    }
    return FilterDataStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    if (this.response.body.text().includes("secret")) this.reset();
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Waf>();
