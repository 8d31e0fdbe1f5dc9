/**
 * Dates out of texts: those of ISO 8601, as `2024-01-31T10:00:00Z`, and those of headers, as `Sun, 06 Nov 1994 08:49:37 GMT`.
 *
 * @module
 */
import { NO_DATE, parseHttpDate } from "../std/http/date";

/** `Date.parse(text)`: the milliseconds, or NaN. */
export function timeOf(text: string): f64 {
  if (isIso(text)) return <f64>Date.fromString(text).getTime();
  const seconds = parseHttpDate(text, Date.now() / 1000);
  return seconds == NO_DATE ? NaN : <f64>(seconds * 1000);
}

/** `new Date(text)` */
export function dateOf(text: string): Date {
  const time = timeOf(text);
  if (isNaN(time)) throw new RangeError('Invalid date: "' + text + '".');
  return new Date(<i64>time);
}

/** The most milliseconds that a date of JavaScript has, before and behind 1970. */
const MOST: f64 = 8640000000000000;

/** `new Date(number)` */
export function dateAt(time: f64): Date {
  if (!(Math.abs(time) <= MOST)) throw new RangeError("Invalid date: this is no time.");
  return new Date(<i64>time);
}

/** Tells whether a text has the form of ISO 8601 that JavaScript reads, and its parts are possible. */
function isIso(text: string): bool {
  const length = text.length;
  if (number(text, 0, 4) < 0) return false;
  if (length == 4) return true;
  const month = part(text, 4, 0x2d);
  if (month < 1 || month > 12) return false;
  if (length == 7) return true;
  const day = part(text, 7, 0x2d);
  if (day < 1 || day > 31) return false;
  if (length == 10) return true;
  const hour = part(text, 10, 0x54);
  const minute = part(text, 13, 0x3a);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
  let at = 16;
  if (at < length && text.charCodeAt(at) == 0x3a) {
    const second = part(text, at, 0x3a);
    if (second < 0 || second > 59) return false;
    at = 19;
    if (at < length && text.charCodeAt(at) == 0x2e) {
      at++;
      const from = at;
      while (at < length && <u32>(text.charCodeAt(at) - 0x30) < 10) at++;
      if (at == from) return false;
    }
  }
  if (at == length) return true;
  const sign = text.charCodeAt(at);
  if (sign == 0x5a) return at + 1 == length;
  if ((sign != 0x2b && sign != 0x2d) || length != at + 6) return false;
  return part(text, at, sign) >= 0 && part(text, at + 3, 0x3a) >= 0;
}

/** The two digits behind a sign; -1 where there are none. */
function part(text: string, at: i32, sign: i32): i32 {
  return at < text.length && text.charCodeAt(at) == sign ? number(text, at + 1, 2) : -1;
}

/** The number that digits are; -1 where there are none. */
function number(text: string, at: i32, digits: i32): i32 {
  if (at + digits > text.length) return -1;
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
