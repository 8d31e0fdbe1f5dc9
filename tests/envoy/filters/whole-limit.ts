// Limits what requests may carry, and looks at nothing.
import { WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";

class Limited extends WholeBodyContext {
  get requestBodyLimit(): u32 {
    return 10;
  }
}

registerHttpFilter<Limited>();
