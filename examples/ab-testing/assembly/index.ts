import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";

/** The two versions, and how many of 100 users get the second one. */
const VERSION_A = "/v1/";
const VERSION_B = "/v2/";
const PERCENT_B: u32 = 50;

/** A number that is always the same for the same text, and evenly spread: FNV-1, 32 bits. */
function hash(text: string): u32 {
  let sum: u32 = 0x811c9dc5;
  for (const byte of utf8.encode(text)) sum = (sum * 0x01000193) ^ byte;
  return sum;
}

/** Leads some users to another version. A user gets the same one each time, and no state is kept for that. */
class AbTesting extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const path = this.request.path;
    if (!path?.startsWith(VERSION_A)) return FilterHeadersStatus.Continue;
    const user = new RequestTarget(path).query.get("user");
    if (user !== null && hash(user) % 100 < PERCENT_B)
      this.request.headers.set(":path", VERSION_B + path.slice(VERSION_A.length));
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<AbTesting>();
