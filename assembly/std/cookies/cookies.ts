import { cutText, equalUnits, findUnit, newText, setUnit, setUnits, slice, unitAt } from "../../memory/utf16";
import { isCookieName, isCookieValue } from "./syntax";

/** The place of the cookie that `Cookies.next` found: all of it between two ";", its value, and the beginning of the next one. */
let cookieStart: i32 = 0;
let valueStart: i32 = 0;
let valueEnd: i32 = 0;
let cookieEnd: i32 = 0;

function isSpace(unit: u32): bool {
  return unit == 0x20 || unit == 0x09;
}

/** The first index in [start, end) that is no white space, or `end`. */
function skipSpace(text: string, start: i32, end: i32): i32 {
  while (start < end && isSpace(unitAt(text, start))) start++;
  return start;
}

/** The end of [start, end) without the white space there. */
function trimSpace(text: string, start: i32, end: i32): i32 {
  while (end > start && isSpace(unitAt(text, end - 1))) end--;
  return end;
}

/** Finds the next cookie `name` from `from` on; answers whether there is one. */
function seekCookie(text: string, name: string, from: i32): bool {
  const length = text.length;
  const size = name.length;
  while (from < length) {
    const end = findUnit(text, 0x3b, from, length);
    const start = skipSpace(text, from, end);
    if (end - start > size && equalUnits(text, start, name)) {
      const equals = findUnit(text, 0x3d, start, end);
      if (equals < end && trimSpace(text, start, equals) - start == size) {
        cookieStart = from;
        cookieEnd = end;
        valueStart = skipSpace(text, equals + 1, end);
        valueEnd = trimSpace(text, valueStart, end);
        return true;
      }
    }
    from = end + 1;
  }
  return false;
}

/** The value that was found last, without quotes around it. */
function value(text: string): string {
  const isQuoted =
    valueEnd - valueStart > 1 && unitAt(text, valueStart) == 0x22 && unitAt(text, valueEnd - 1) == 0x22;
  const quote = i32(isQuoted);
  return slice(text, valueStart + quote, valueEnd - quote);
}

/**
 * The cookies of a request. They are read as services read them: split at ";", without the white space around names and
 * values and the quotes around values, and not decoded; what has no "=" is no cookie. An edit keeps the bytes of all
 * other cookies. May be used everywhere; each call reads the header once.
 *
 * @example
 * const cookies = Cookies.of(this.request.headers.getAll("cookie"));
 * cookies.set("session", session);
 * this.request.headers.set("cookie", cookies.toString());
 */
@final
export class Cookies {
  /** Takes the value of one header `cookie`. */
  constructor(private text: string) {}

  /** The cookies of several headers `cookie`, into which HTTP/2 may split one. */
  static of(values: string[]): Cookies {
    if (values.length == 1) return new Cookies(values[0]);
    let size = 0;
    for (let i = 0; i < values.length; i++) size += values[i].length + 2;
    const text = newText(size);
    let at = 0;
    for (let i = 0; i < values.length; i++) {
      at = setUnits(text, at, values[i], 0, values[i].length);
      setUnit(text, at++, 0x3b);
      setUnit(text, at++, 0x20);
    }
    return new Cookies(cutText(text, max(at - 2, 0)));
  }

  /** The value of the first cookie `name`: null when there is none. Browsers send the most specific one first. */
  get(name: string): string | null {
    return seekCookie(this.text, name, 0) ? value(this.text) : null;
  }

  /** The values of all cookies `name`, in order: a browser sends several when they have different paths or domains. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let from = 0; seekCookie(this.text, name, from); from = cookieEnd + 1) values.push(value(this.text));
    return values;
  }

  /** Tells whether there is a cookie `name`. */
  has(name: string): bool {
    return seekCookie(this.text, name, 0);
  }

  /**
   * Gives the first cookie `name` this value and removes the others; appends one when there is none. False, and nothing
   * is changed, when the name is no token or the value has white space, a quote, ",", ";", "\" or something beyond ASCII:
   * encode it then, with `percentEncode` for example.
   */
  set(name: string, value: string): bool {
    if (!isCookieName(name) || !isCookieValue(value)) return false;
    if (this.replace(name, value)) return true;
    const end = trimSpace(this.text, 0, this.text.length);
    let before = "";
    if (end > 0) before = slice(this.text, 0, end) + (unitAt(this.text, end - 1) == 0x3b ? " " : "; ");
    this.text = before + name + "=" + value;
    return true;
  }

  /** Removes all cookies `name`; answers whether there was one. */
  remove(name: string): bool {
    return this.replace(name, null);
  }

  /** The value for the header `cookie`. */
  toString(): string {
    return this.text;
  }

  /** Gives the first cookie `name` this value, if any, and removes the others; answers whether there was one. */
  private replace(name: string, value: string | null): bool {
    const text = this.text;
    const length = text.length;
    if (!seekCookie(text, name, 0)) return false;
    const edited = newText(length + (value !== null ? value.length : 0));
    let from = 0;
    let at = 0;
    do {
      const end = value !== null ? valueStart : cookieStart;
      if (at == 0 && from > 0) from = skipSpace(text, from, end); // Behind the ";" of a removed first cookie.
      at = setUnits(edited, at, text, from, end);
      from = cookieEnd + 1;
      if (value !== null) {
        at = setUnits(edited, at, value, 0, value.length);
        from = valueEnd;
        value = null;
      }
    } while (seekCookie(text, name, cookieEnd + 1));
    if (from <= length) {
      if (at == 0 && from > 0) from = skipSpace(text, from, length);
      at = setUnits(edited, at, text, from, length);
    } else if (at > 0) at--; // The ";" in front of the last one.
    this.text = cutText(edited, at);
    return true;
  }
}
