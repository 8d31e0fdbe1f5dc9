/**
 * The common syntax of headers (RFC 9110, section 5.6).
 *
 * @module
 */
import { cutText, findUnit, isInSet, newText, setUnit, slice, unitAt } from "../../memory/utf16";

/** Tells whether a unit can be part of a token: a visible ASCII character that is no delimiter. */
export function isTokenUnit(unit: u32): bool {
  return isInSet(unit, 0x03ff6cfa00000000, 0x57ffffffc7fffffe);
}

/** Tells whether the units [start, end) are a token. */
export function isToken(text: string, start: i32, end: i32): bool {
  for (let i = start; i < end; i++) if (!isTokenUnit(unitAt(text, i))) return false;
  return start < end;
}

/** Space, tab, carriage return and line feed. */
function isSpace(unit: u32): bool {
  return unit == 0x20 || unit == 0x09 || unit == 0x0a || unit == 0x0d;
}

/** The first index in [start, end) that is no white space, or `end`. */
export function skipSpace(text: string, start: i32, end: i32): i32 {
  while (start < end && isSpace(unitAt(text, start))) start++;
  return start;
}

/** The end of [start, end) without the white space there. */
export function trimSpace(text: string, start: i32, end: i32): i32 {
  while (end > start && isSpace(unitAt(text, end - 1))) end--;
  return end;
}

/** The index behind the quoted string that begins at `start`; `end` when its last quote is missing. */
function quotedEnd(text: string, start: i32, end: i32): i32 {
  for (let i = start + 1; i < end; i++) {
    const unit = unitAt(text, i);
    if (unit == 0x22) return i + 1;
    if (unit == 0x5c) i++;
  }
  return end;
}

/** The index of the first `delimiter` in [start, end) that is in no quoted string, or `end`. */
export function findOutsideQuotes(text: string, delimiter: u32, start: i32, end: i32): i32 {
  while (start < end) {
    const unit = unitAt(text, start);
    if (unit == delimiter) return start;
    start = unit == 0x22 ? quotedEnd(text, start, end) : start + 1;
  }
  return end;
}

/** The text of [start, end), which is a quoted string (its last quote may be missing), or something else as it is. */
export function unquote(text: string, start: i32, end: i32): string {
  if (start == end || unitAt(text, start) != 0x22) return slice(text, start, end);
  end = quotedEnd(text, start, end);
  const length = end - start;
  const content = newText(length);
  let at = 0;
  for (let i = start + 1; i < end; i++) {
    let unit = unitAt(text, i);
    if (unit == 0x22) break;
    if (unit == 0x5c && i + 1 < end) unit = unitAt(text, ++i);
    setUnit(content, at++, unit);
  }
  return cutText(content, at);
}

/** Tells whether `text` can stand between quotes: no control characters but tab. */
export function isQuotable(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = unitAt(text, i);
    if ((unit < 0x20 && unit != 0x09) || unit == 0x7f) return false;
  }
  return true;
}

/** `text` as a token or, when it is none, in quotes. */
export function quoteUnlessToken(text: string): string {
  const length = text.length;
  if (isToken(text, 0, length)) return text;
  const quoted = newText(2 * length + 2);
  let at = 0;
  setUnit(quoted, at++, 0x22);
  for (let i = 0; i < length; i++) {
    const unit = unitAt(text, i);
    if (unit == 0x22 || unit == 0x5c) setUnit(quoted, at++, 0x5c);
    setUnit(quoted, at++, unit);
  }
  setUnit(quoted, at++, 0x22);
  return cutText(quoted, at);
}

/**
 * A quality (RFC 9110, section 12.4.2) in thousandths; -1 when `text` is none.
 */
export function parseQuality(text: string): i32 {
  const length = text.length;
  if (length == 0 || length > 5) return -1;
  const first = unitAt(text, 0) - 0x30;
  if (first > 1 || (length > 1 && unitAt(text, 1) != 0x2e)) return -1;
  let quality = <i32>first;
  for (let i = 2; i < 5; i++) {
    const digit: u32 = i < length ? unitAt(text, i) - 0x30 : 0;
    if (digit > 9) return -1;
    quality = quality * 10 + <i32>digit;
  }
  return quality > 1000 ? -1 : quality;
}

/** The value of the parameter "q" in [start, end), which begins at a ";": 1000 when there is none, -1 when it is wrong. */
export function qualityOf(text: string, start: i32, end: i32): i32 {
  while (start < end) {
    const next = findOutsideQuotes(text, 0x3b, start + 1, end);
    const name = skipSpace(text, start + 1, next);
    const equals = findUnit(text, 0x3d, name, next);
    if (trimSpace(text, name, equals) == name + 1 && (unitAt(text, name) | 0x20) == 0x71) {
      const value = skipSpace(text, min(equals + 1, next), next);
      return parseQuality(slice(text, value, trimSpace(text, value, next)));
    }
    start = next;
  }
  return 1000;
}
