import { equalUnits, findUnit, lowerCase, unitAt } from "../../memory/utf16";
import { findOutsideQuotes, isToken, skipSpace, trimSpace, unquote } from "./syntax";

/** The largest time that a cache has to know (RFC 9111, section 1.2.2). */
const MOST_SECONDS = 2147483648;

/**
 * The directives of a header `cache-control` (RFC 9111, section 5.2); names are in lower case. May be used everywhere; each
 * call reads the header once.
 *
 * @example
 * const control = new CacheControl(this.response.headers.getAll("cache-control").join(","));
 * if (control.has("no-store") || control.seconds("max-age") == 0) return FilterHeadersStatus.Continue;
 */
@final
export class CacheControl {
  constructor(private text: string) {}

  /** Tells whether there is a directive `name`, with or without a value. */
  has(name: string): bool {
    return this.find(name) >= 0;
  }

  /** The value of the first directive `name`, without quotes; null when there is none, `""` when it has no value. */
  get(name: string): string | null {
    const start = this.find(name);
    if (start < 0) return null;
    const text = this.text;
    const end = findOutsideQuotes(text, 0x2c, start, text.length);
    const value = skipSpace(text, min(findUnit(text, 0x3d, start, end) + 1, end), end);
    return unquote(text, value, trimSpace(text, value, end));
  }

  /**
   * The value of the first directive `name` as seconds, 2147483648 for all that is more; -1 when there is none, or when it
   * is no number: RFC 9111 then asks to take the response for stale.
   */
  seconds(name: string): i64 {
    const value = this.get(name);
    if (value === null || value.length == 0) return -1;
    let seconds: i64 = 0;
    for (let i = 0; i < value.length; i++) {
      const digit = unitAt(value, i) - 0x30;
      if (digit > 9) return -1;
      seconds = min<i64>(seconds * 10 + digit, MOST_SECONDS);
    }
    return seconds;
  }

  /** The names of all directives, in order. */
  names(): string[] {
    const names: string[] = [];
    const text = this.text;
    for (let start = 0; start < text.length;) {
      const end = findOutsideQuotes(text, 0x2c, start, text.length);
      const from = skipSpace(text, start, end);
      const to = trimSpace(text, from, findUnit(text, 0x3d, from, end));
      if (isToken(text, from, to)) names.push(lowerCase(text, from, to));
      start = end + 1;
    }
    return names;
  }

  /** The position of the first directive `name`, or -1. */
  private find(name: string): i32 {
    const text = this.text;
    const length = text.length;
    for (let start = 0; start < length;) {
      const end = findOutsideQuotes(text, 0x2c, start, length);
      const from = skipSpace(text, start, end);
      const to = trimSpace(text, from, findUnit(text, 0x3d, from, end));
      if (to - from == name.length && equalUnits(lowerCase(text, from, to), 0, name)) return from;
      start = end + 1;
    }
    return -1;
  }
}
