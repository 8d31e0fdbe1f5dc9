import { FilterHeadersStatus, Headers, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Sixteen hexadecimal digits that are not all zero. `Math.random` is seeded by the clock: good for names, not for secrets. */
function randomDigits(): string {
  const number = (<u64>(Math.random() * <f64>u64.MAX_VALUE)) | 1;
  return number.toString(16).padStart(16, "0");
}

/** Whether `text` has `length` lower-case hexadecimal digits from `start` on, and they are not all zero. */
function isId(text: string, start: i32, length: i32): bool {
  let seen = false;
  for (let i = start; i < start + length; i++) {
    const unit = text.charCodeAt(i);
    if (!((unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66))) return false;
    if (unit != 0x30) seen = true;
  }
  return seen;
}

/** Whether `text` is a trace parent: https://www.w3.org/TR/trace-context/#traceparent-header, version 0. */
function isTraceParent(text: string): bool {
  return (
    text.length == 55 &&
    text.startsWith("00-") &&
    text.charAt(35) == "-" &&
    text.charAt(52) == "-" &&
    isId(text, 3, 32) &&
    isId(text, 36, 16)
  );
}

/** Gives each request a name that logs on all sides share, and a trace to belong to. */
class RequestId extends HttpContext {
  private name: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    this.name = randomDigits() + randomDigits();
    headers.set("x-request-id", this.name); // what a client says is not believed
    this.trace(headers);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.set("x-request-id", this.name);
    return FilterHeadersStatus.Continue;
  }

  /** Goes on with the client's trace, or begins one: sampled, and named like the request. */
  private trace(headers: Headers): void {
    const parent = headers.get("traceparent");
    const goesOn = parent !== null && isTraceParent(parent);
    const trace = goesOn ? parent!.substring(3, 35) : this.name;
    const flags = goesOn ? parent!.substring(53) : "01";
    headers.set("traceparent", "00-" + trace + "-" + randomDigits() + "-" + flags);
    if (!goesOn) headers.remove("tracestate"); // it belongs to a trace that is not there
  }
}

registerHttpFilter<RequestId>();
