import { findUnit, unitAt } from "../../memory/units";

/** Codes and texts (https://www.iana.org/assignments/http-status-codes), a line each; one text is smaller than a switch. */
const TEXTS =
  "100Continue\n" +
  "101Switching Protocols\n" +
  "102Processing\n" +
  "103Early Hints\n" +
  "200OK\n" +
  "201Created\n" +
  "202Accepted\n" +
  "203Non-Authoritative Information\n" +
  "204No Content\n" +
  "205Reset Content\n" +
  "206Partial Content\n" +
  "207Multi-Status\n" +
  "208Already Reported\n" +
  "226IM Used\n" +
  "300Multiple Choices\n" +
  "301Moved Permanently\n" +
  "302Found\n" +
  "303See Other\n" +
  "304Not Modified\n" +
  "305Use Proxy\n" +
  "307Temporary Redirect\n" +
  "308Permanent Redirect\n" +
  "400Bad Request\n" +
  "401Unauthorized\n" +
  "402Payment Required\n" +
  "403Forbidden\n" +
  "404Not Found\n" +
  "405Method Not Allowed\n" +
  "406Not Acceptable\n" +
  "407Proxy Authentication Required\n" +
  "408Request Timeout\n" +
  "409Conflict\n" +
  "410Gone\n" +
  "411Length Required\n" +
  "412Precondition Failed\n" +
  "413Content Too Large\n" +
  "414URI Too Long\n" +
  "415Unsupported Media Type\n" +
  "416Range Not Satisfiable\n" +
  "417Expectation Failed\n" +
  "421Misdirected Request\n" +
  "422Unprocessable Content\n" +
  "423Locked\n" +
  "424Failed Dependency\n" +
  "425Too Early\n" +
  "426Upgrade Required\n" +
  "428Precondition Required\n" +
  "429Too Many Requests\n" +
  "431Request Header Fields Too Large\n" +
  "451Unavailable For Legal Reasons\n" +
  "500Internal Server Error\n" +
  "501Not Implemented\n" +
  "502Bad Gateway\n" +
  "503Service Unavailable\n" +
  "504Gateway Timeout\n" +
  "505HTTP Version Not Supported\n" +
  "506Variant Also Negotiates\n" +
  "507Insufficient Storage\n" +
  "508Loop Detected\n" +
  "510Not Extended\n" +
  "511Network Authentication Required\n";

/**
 * The text of a status, like `Not Found` for 404; `""` for one that IANA has none for. May be used everywhere.
 *
 * @example
 * return this.respond(status, status.toString() + " " + statusText(status) + "\n");
 */
export function statusText(status: i32): string {
  const length = TEXTS.length;
  for (let start = 0; start < length;) {
    const end = findUnit(TEXTS, 0x0a, start, length);
    const code =
      (unitAt(TEXTS, start) - 0x30) * 100 +
      (unitAt(TEXTS, start + 1) - 0x30) * 10 +
      unitAt(TEXTS, start + 2) -
      0x30;
    if (<i32>code == status) return TEXTS.substring(start + 3, end);
    start = end + 1;
  }
  return "";
}
