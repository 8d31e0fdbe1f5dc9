import { findUnit, slice, unitAt } from "../../memory/utf16";

/**
 * The text of a status, like `Not Found` for 404; `""` for one that IANA has none for. May be used everywhere.
 *
 * @example
 * return this.respond(status, status.toString() + " " + statusText(status) + "\n");
 */
export function statusText(status: i32): string {
  // https://www.iana.org/assignments/http-status-codes; one text is smaller than a switch.
  const texts = `100Continue
101Switching Protocols
102Processing
103Early Hints
200OK
201Created
202Accepted
203Non-Authoritative Information
204No Content
205Reset Content
206Partial Content
207Multi-Status
208Already Reported
226IM Used
300Multiple Choices
301Moved Permanently
302Found
303See Other
304Not Modified
305Use Proxy
307Temporary Redirect
308Permanent Redirect
400Bad Request
401Unauthorized
402Payment Required
403Forbidden
404Not Found
405Method Not Allowed
406Not Acceptable
407Proxy Authentication Required
408Request Timeout
409Conflict
410Gone
411Length Required
412Precondition Failed
413Content Too Large
414URI Too Long
415Unsupported Media Type
416Range Not Satisfiable
417Expectation Failed
421Misdirected Request
422Unprocessable Content
423Locked
424Failed Dependency
425Too Early
426Upgrade Required
428Precondition Required
429Too Many Requests
431Request Header Fields Too Large
451Unavailable For Legal Reasons
500Internal Server Error
501Not Implemented
502Bad Gateway
503Service Unavailable
504Gateway Timeout
505HTTP Version Not Supported
506Variant Also Negotiates
507Insufficient Storage
508Loop Detected
510Not Extended
511Network Authentication Required
`;
  const length = texts.length;
  for (let start = 0; start < length;) {
    const end = findUnit(texts, 0x0a, start, length);
    const code =
      (unitAt(texts, start) - 0x30) * 100 +
      (unitAt(texts, start + 1) - 0x30) * 10 +
      unitAt(texts, start + 2) -
      0x30;
    if (<i32>code == status) return slice(texts, start + 3, end);
    start = end + 1;
  }
  return "";
}
