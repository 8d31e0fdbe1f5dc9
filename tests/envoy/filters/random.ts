// Shows random bytes in each form, as headers of the response.
import { FilterHeadersStatus, HttpContext, random, registerHttpFilter } from "proxy-wasm-as";
import { hex } from "proxy-wasm-as/assembly/std/encoding";

class Random extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.response.headers;
    headers.set("x-bytes", hex.encode(random.bytes(16)));
    headers.set(
      "x-many",
      random.bytes(200000).length.toString() + " " + variety(random.bytes(200000)).toString(),
    );
    headers.set("x-none", random.bytes(0).length.toString() + " " + random.bytes(-1).length.toString());
    headers.set("x-u32", random.u32().toString());
    headers.set("x-uuid", random.uuid());
    const array = new Uint8Array(8);
    crypto.getRandomValues(array);
    headers.set("x-array", hex.encode(array));
    headers.set("x-math", Math.random().toString());
    return FilterHeadersStatus.Continue;
  }
}

/** How many different bytes there are in the last thousand. */
function variety(bytes: Uint8Array): i32 {
  const seen = new Set<u8>();
  for (let i = bytes.length - 1000; i < bytes.length; i++) seen.add(bytes[i]);
  return seen.size;
}

registerHttpFilter<Random>();
