import { FilterHeadersStatus, Headers, HttpContext, property, registerHttpFilter } from "proxy-wasm-as";

const DIGITS = "0123456789abcdef";
const DASH = 0x2d;

/** Hexadecimal digits that are not all zero. `Math.random` is seeded by the clock: good for names, not for secrets. */
function randomDigits(count: i32): string {
  let digits = "1";
  while (digits.length < count) digits += DIGITS.charAt(<i32>(Math.random() * 16));
  return digits;
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
    text.charCodeAt(35) == DASH &&
    text.charCodeAt(52) == DASH &&
    isId(text, 3, 32) &&
    isId(text, 36, 16)
  );
}

/** Goes on with the client's trace, or begins one: sampled, and named like the request. */
function trace(headers: Headers, name: string): void {
  const parent = headers.get("traceparent");
  if (parent !== null && isTraceParent(parent))
    headers.set("traceparent", parent.slice(0, 36) + randomDigits(16) + parent.slice(52));
  else {
    headers.set("traceparent", "00-" + name + "-" + randomDigits(16) + "-01");
    headers.remove("tracestate"); // it belongs to a trace that is not there
  }
}

/** Gives each request a name that logs on all sides share, and a trace to belong to. */
class RequestId extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const headers = this.request.headers;
    const name = randomDigits(32);
    headers.set("x-request-id", name); // what a client says is not believed
    property.set("request-id", name); // kept with the request, whose headers cannot be read any more in its response
    trace(headers, name);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    const name = property.text(["request-id"]);
    if (name !== null) this.response.headers.set("x-request-id", name);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<RequestId>();
