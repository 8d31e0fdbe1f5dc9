// Changes bodies whose length has been announced, and looks at no status.
import { FilterDataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Mask extends HttpContext {
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.request.body.replaceAll("secret", "***");
    if (this.request.body.text().includes("later")) {
      this.after(20, () => {
        this.request.body.append("!");
        this.resumeRequest();
      });
      return FilterDataStatus.StopIterationAndBuffer;
    }
    return FilterDataStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.response.body.replaceAll("secret", "***");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Mask>();
