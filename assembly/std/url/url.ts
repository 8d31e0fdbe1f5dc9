import { percentAt } from "./percent";
import { hostEndAt, portAt } from "./host";
import { findUnit, isInSet, lowerCase, slice, unitAt } from "../../memory/utf16";

/** The position at which `parse` refuses a URL, or -1. */
let error: i32 = -1;

function fail(index: i32): Url | null {
  error = index;
  return null;
}

/** The end of the scheme at the start of `text`: the index of the ":" of "://", or `~index` of what is wrong. */
function schemeEnd(text: string): i32 {
  const length = text.length;
  let i = 0;
  for (; i < length; i++) {
    const unit = unitAt(text, i);
    if ((unit | 0x20) - 0x61 < 26) continue;
    if (i == 0 || (unit - 0x30 >= 10 && unit != 0x2b && unit != 0x2d && unit != 0x2e)) break;
  }
  if (i == 0 || i == length || unitAt(text, i) != 0x3a) return ~i;
  for (let j = i + 1; j < i + 3; j++) if (j >= length || unitAt(text, j) != 0x2f) return ~j;
  return i;
}

/** The index of the first unit in [start, end) that cannot stand in a user name or password, or -1. */
function userInfoErrorAt(text: string, start: i32, end: i32): i32 {
  for (let i = start; i < end; i++) {
    const unit = unitAt(text, i);
    if (unit == 0x25 ? percentAt(text, i) < 0 : !isInSet(unit, 0xaffffffa00000000, 0x47fffffe87ffffff))
      return i;
  }
  return -1;
}

/**
 * The parts of an absolute URL, as they are written: nothing is decoded or normalised but scheme and host to lower case.
 * More strict than a browser, which repairs what is wrong: what is read here, everybody reads in the same way. May be used
 * everywhere.
 *
 * @example
 * const url = Url.parse(this.request.headers.get("referer")!);
 * if (url === null || url.host != "example.com") return this.respond(403);
 */
@final
export class Url {
  /** In lower case, without ":". */
  scheme: string = "";
  /** The part before the "@": null when there is none. */
  userInfo: string | null = null;
  /** A name, an IPv4 address, or an IPv6 address in brackets; in lower case. */
  host: string = "";
  /** From 0 to 65535; -1 when there is none. */
  port: i32 = -1;
  /** Begins with "/", or is empty. */
  path: string = "";
  /** What stands behind the "?": null when there is none. See `Query`. */
  query: string | null = null;
  /** The part behind the "#": null when there is none. */
  fragment: string | null = null;

  /**
   * Reads `scheme://host…`; null when something is wrong, and `errorAt` says where: no "://", a host that is neither a DNS
   * name nor an address in its usual form, a port beyond 65535, two "@", a backslash, white space or control characters.
   */
  static parse(text: string): Url | null {
    error = -1;
    const scheme = schemeEnd(text);
    if (scheme < 0) return fail(~scheme);
    const length = text.length;
    const start = scheme + 3;
    let end = start;
    while (end < length) {
      const unit = unitAt(text, end);
      if (unit == 0x2f || unit == 0x3f || unit == 0x23) break;
      end++;
    }
    for (let i = end; i < length; i++) {
      const unit = unitAt(text, i);
      if (unit <= 0x20 || unit == 0x5c || unit == 0x7f) return fail(i);
    }
    const url = new Url();
    url.scheme = lowerCase(text, 0, scheme);
    let host = findUnit(text, 0x40, start, end);
    if (host == end) host = start;
    else {
      const wrong = userInfoErrorAt(text, start, host);
      if (wrong >= 0) return fail(wrong);
      url.userInfo = slice(text, start, host++);
    }
    const hostEnd = hostEndAt(text, host, end);
    if (hostEnd < 0) return fail(~hostEnd);
    url.host = lowerCase(text, host, hostEnd);
    url.port = portAt(text, hostEnd, end);
    if (url.port < -1) return fail(-2 - url.port);
    const fragment = findUnit(text, 0x23, end, length);
    const query = findUnit(text, 0x3f, end, fragment);
    url.path = slice(text, end, query);
    if (query < fragment) url.query = slice(text, query + 1, fragment);
    if (fragment < length) url.fragment = slice(text, fragment + 1, length);
    return url;
  }

  /** The index of what keeps `parse` from reading `text`, its length when something is missing; or -1. */
  static errorAt(text: string): i32 {
    Url.parse(text);
    return error;
  }

  /** The URL as text, with its changes. */
  toString(): string {
    let text = this.scheme + "://";
    const userInfo = this.userInfo;
    if (userInfo !== null) text += userInfo + "@";
    text += this.host;
    if (this.port >= 0) text += ":" + this.port.toString();
    text += this.path;
    const query = this.query;
    if (query !== null) text += "?" + query;
    const fragment = this.fragment;
    return fragment !== null ? text + "#" + fragment : text;
  }
}
