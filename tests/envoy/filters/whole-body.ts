// Changes whole bodies; at most 1,000 bytes of a request and 70,000 of a response.
import { FilterDataStatus, WholeBodyContext, log, registerHttpFilter } from "proxy-wasm-as";

class Censor extends WholeBodyContext {
  get requestBodyLimit(): u32 {
    return 1000;
  }

  get responseBodyLimit(): u32 {
    return 70000;
  }

  onWholeRequestBody(size: u32): FilterDataStatus {
    log.info("request " + size.toString());
    const text = this.request.body.text();
    if (text == "bad") return this.respond(400, "bad\n");
    this.request.body.set(text.replaceAll("secret", "***"));
    if (text == "wait") {
      this.after(30, () => {
        this.request.body.append("ed");
        this.resumeRequest();
      });
      return FilterDataStatus.StopIterationAndBuffer;
    }
    return FilterDataStatus.Continue;
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    log.info("response " + size.toString());
    this.response.body.append("!");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Censor>();
