import { FilterHeadersStatus, HttpContext, SharedData, registerHttpFilter } from "proxy-wasm-as";

/** Answers how many requests a path has had, in all threads. */
class Sum extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path")!;
    return this.respond(200, SharedData.add(path, 1).toString());
  }
}

registerHttpFilter<Sum>();
