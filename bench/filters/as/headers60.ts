import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

// prettier-ignore
const names: StaticArray<string> = [
  "x-bench-00", "x-bench-01", "x-bench-02", "x-bench-03", "x-bench-04", "x-bench-05", "x-bench-06",
  "x-bench-07", "x-bench-08", "x-bench-09", "x-bench-10", "x-bench-11", "x-bench-12", "x-bench-13",
  "x-bench-14", "x-bench-15", "x-bench-16", "x-bench-17", "x-bench-18", "x-bench-19",
];

/** Adds 20 request headers, reads each and removes each. The others iterate without checks as well. */
class Headers60 extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    let length = 0;
    for (let i = 0; i < names.length; i++) headers.add(unchecked(names[i]), "a value of 22 bytes...");
    for (let i = 0; i < names.length; i++) {
      const value = headers.get(unchecked(names[i]));
      if (value !== null) length += value.length;
    }
    for (let i = 0; i < names.length; i++) headers.remove(unchecked(names[i]));
    return length == 440 ? FilterHeadersStatus.Continue : this.respond(500);
  }
}

registerHttpFilter<Headers60>();
