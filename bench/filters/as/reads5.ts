import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** The length of a text; 0 when there is none. */
function lengthOf(text: string | null): i32 {
  return text === null ? 0 : text.length;
}

/** Reads five headers that are there, and sets one. */
class Reads5 extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const size =
      lengthOf(headers.get("authorization")) +
      lengthOf(headers.get("cookie")) +
      lengthOf(headers.get("user-agent")) +
      lengthOf(headers.get("accept-language")) +
      lengthOf(headers.get("x-tenant"));
    headers.set("x-size", size.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Reads5>();
