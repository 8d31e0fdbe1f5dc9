// Wraps whole bodies in brackets, both ways.
import { FilterDataStatus, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";

class Whole extends WholeBodyContext {
  onWholeRequestBody(size: u32): FilterDataStatus {
    this.request.body.set("[" + this.request.body.text() + "]");
    return FilterDataStatus.Continue;
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    this.response.body.set("[" + this.response.body.text() + "]");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Whole>();
