/**
 * Dates in headers (RFC 9110, section 5.6.7).
 *
 * @module
 */
import { equalUnits, newText, setUnit, setUnits, unitAt } from "../../memory/utf16";

/** A function, so that the text is in filters only that use it. */
function days(): string {
  return "MonTueWedThuFriSatSun";
}

function longDays(): string {
  return "Monday   Tuesday  WednesdayThursday Friday   Saturday Sunday   ";
}

function months(): string {
  return "JanFebMarAprMayJunJulAugSepOctNovDec";
}

/** The answer of `parseHttpDate` for a text that is no date. */
export const NO_DATE: i64 = i64.MIN_VALUE;

/** The first and the last second that can be written: the years 0 to 9999. */
const FIRST: i64 = -62167219200;
const LAST: i64 = 253402300799;

/** The days from 1970-01-01 to a day (https://howardhinnant.github.io/date_algorithms.html); a year begins in March. */
function daysTo(year: i32, month: i32, day: i32): i32 {
  if (month < 3) year--;
  const era = (year >= 0 ? year : year - 399) / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

function setNumber(text: string, at: i32, value: i32, digits: i32): void {
  for (let i = at + digits - 1; i >= at; i--, value /= 10) setUnit(text, i, 0x30 + (value % 10));
}

/**
 * The date of a second since 1970-01-01 UTC for a header, like `Sun, 06 Nov 1994 08:49:37 GMT`; `""` beyond the years 0 to
 * 9999. May be used everywhere.
 *
 * @example
 * headers.set("expires", formatHttpDate(clock.milliseconds() / 1000 + 3600));
 */
export function formatHttpDate(seconds: i64): string {
  if (seconds < FIRST || seconds > LAST) return "";
  // From year 0 on, so that nothing is negative.
  const since = <u64>(seconds - FIRST);
  const day0 = <i32>(since / 86400);
  const time = <i32>(since % 86400);
  // The count begins on 1 March of the year -400, 400 years less 60 days before.
  const shifted = day0 + 146097 - 60;
  const era = shifted / 146097;
  const dayOfEra = shifted % 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
  const year = yearOfEra + (era - 1) * 400 + (month < 2 ? 1 : 0);
  const weekday = (day0 + 5) % 7;
  const text = newText(29);
  setUnits(text, 0, "Sat, 01 Jan 0000 00:00:00 GMT", 0, 29);
  setUnits(text, 0, days(), weekday * 3, weekday * 3 + 3);
  setNumber(text, 5, day, 2);
  setUnits(text, 8, months(), month * 3, month * 3 + 3);
  setNumber(text, 12, year, 4);
  setNumber(text, 17, time / 3600, 2);
  setNumber(text, 20, (time / 60) % 60, 2);
  setNumber(text, 23, time % 60, 2);
  return text;
}

/** The number of two or four digits at `at`, -1 when it is none. */
function numberAt(text: string, at: i32, digits: i32): i32 {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = unitAt(text, i) - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + <i32>digit;
  }
  return value;
}

/** The index of the three letters at `at` in `names`, which have three letters each; -1 when they are none of them. */
function nameAt(text: string, at: i32, names: string): i32 {
  for (let i = 0; i < names.length; i += 3)
    if (
      unitAt(text, at) == unitAt(names, i) &&
      unitAt(text, at + 1) == unitAt(names, i + 1) &&
      unitAt(text, at + 2) == unitAt(names, i + 2)
    )
      return i / 3;
  return -1;
}

/** The seconds of a date whose parts have been read; `NO_DATE` when one is out of range. The time is at `at`. */
function secondsOf(text: string, at: i32, year: i32, month: i32, day: i32): i64 {
  const hour = numberAt(text, at, 2);
  const minute = numberAt(text, at + 3, 2);
  const second = numberAt(text, at + 6, 2);
  if (unitAt(text, at + 2) != 0x3a || unitAt(text, at + 5) != 0x3a) return NO_DATE;
  if (year < 0 || month < 0 || day < 1) return NO_DATE;
  // 60 is a leap second; it is the same as the second after.
  if (<u32>hour > 23 || <u32>minute > 59 || <u32>second > 60) return NO_DATE;
  const days = daysTo(year, month + 1, day);
  if (
    day >
    daysTo(month == 11 ? year + 1 : year, month == 11 ? 1 : month + 2, 1) - daysTo(year, month + 1, 1)
  )
    return NO_DATE;
  return <i64>days * 86400 + hour * 3600 + minute * 60 + second;
}

/**
 * The seconds since 1970-01-01 UTC of a date in any of the three forms that HTTP has; `NO_DATE` for everything else. The day
 * of the week has to be one, but need not be right. `now`, in seconds, tells the century of the form with two digits for
 * the year: it is never more than 50 years ahead. May be used everywhere.
 *
 * @example
 * const since = parseHttpDate(headers.get("if-modified-since")!);
 * if (since != NO_DATE && since >= modified) return this.respond(304);
 */
export function parseHttpDate(text: string, now: i64 = 1767225600): i64 {
  const length = text.length;
  if (length < 24) return NO_DATE;
  if (length == 29 && unitAt(text, 3) == 0x2c) {
    // Sun, 06 Nov 1994 08:49:37 GMT
    if (nameAt(text, 0, days()) < 0 || unitAt(text, 4) != 0x20 || unitAt(text, 7) != 0x20) return NO_DATE;
    if (unitAt(text, 11) != 0x20 || unitAt(text, 16) != 0x20 || !equalUnits(text, 25, " GMT")) return NO_DATE;
    return secondsOf(text, 17, numberAt(text, 12, 4), nameAt(text, 8, months()), numberAt(text, 5, 2));
  }
  if (length == 24) {
    // Sun Nov  6 08:49:37 1994
    if (nameAt(text, 0, days()) < 0 || unitAt(text, 3) != 0x20 || unitAt(text, 7) != 0x20) return NO_DATE;
    if (unitAt(text, 10) != 0x20 || unitAt(text, 19) != 0x20) return NO_DATE;
    const day = unitAt(text, 8) == 0x20 ? numberAt(text, 9, 1) : numberAt(text, 8, 2);
    return secondsOf(text, 11, numberAt(text, 20, 4), nameAt(text, 4, months()), day);
  }
  // Sunday, 06-Nov-94 08:49:37 GMT
  let comma = 6;
  while (comma < 9 && unitAt(text, comma) != 0x2c) comma++;
  if (length != comma + 24 || unitAt(text, comma) != 0x2c || unitAt(text, comma + 1) != 0x20) return NO_DATE;
  const weekday = nameAt(text, 0, days());
  if (weekday < 0) return NO_DATE;
  for (let i = 3; i < 9; i++) {
    const letter = unitAt(longDays(), weekday * 9 + i);
    if (letter == 0x20 ? i < comma : i >= comma || unitAt(text, i) != letter) return NO_DATE;
  }
  if (unitAt(text, comma + 4) != 0x2d || unitAt(text, comma + 8) != 0x2d || unitAt(text, comma + 11) != 0x20)
    return NO_DATE;
  if (!equalUnits(text, comma + 20, " GMT")) return NO_DATE;
  const year = numberAt(text, comma + 9, 2);
  if (year < 0) return NO_DATE;
  const month = nameAt(text, comma + 5, months());
  const day = numberAt(text, comma + 2, 2);
  // The latest year with these digits that is at most 50 years ahead.
  const latest = 1970 + <i32>(now / 31556952) + 50;
  return secondsOf(text, comma + 12, latest - ((latest - year) % 100), month, day);
}
