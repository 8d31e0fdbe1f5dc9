// Changes whole responses, and has nothing to do with the bodies of requests.
import { FilterDataStatus, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";

class Mark extends WholeBodyContext {
  onWholeResponseBody(size: u32): FilterDataStatus {
    this.response.body.append("!");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Mark>();
