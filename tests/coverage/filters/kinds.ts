import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { grade, never } from "./common";

function sum(limit: i32): i32 {
  let total = 0;
  for (let i = 0; i < limit; i++) {
    if (i % 2 == 0) continue;
    total += i;
  }
  let n = limit;
  while (n > 0) {
    n--;
  }
  return total;
}

class Kinds extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path") || "";
    const words = ["a", "b"].map<string>((word) => word + path);
    if (path == "/never") {
      this.request.headers.set("x-never", never(words[0]));
    } else if (path == "/") {
      this.request.headers.set("x-sum", sum(5).toString());
    }
    this.request.headers.set("x-grade", path.length > 1 ? grade(4) : grade(1));
    return FilterHeadersStatus.Continue;
  }

  onLog(): void {}
}

registerHttpFilter<Kinds>("kinds");
