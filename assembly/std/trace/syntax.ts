/**
 * The syntax of trace headers.
 *
 * @module
 */
import { isInSet, unitAt } from "../../memory/utf16";

const COMMA: u32 = 0x2c;
const EQUALS: u32 = 0x3d;

/** The most members of a `tracestate`, and what a key or value of it may have. */
const MOST_MEMBERS: i32 = 32;
const MOST_UNITS: i32 = 256;
/** How much of a `tracestate` is passed on, and from which size on a member goes first where it is more. */
const MOST_STATE: i32 = 512;
const LARGE_MEMBER: i32 = 128;

/** Tells whether the units [start, end) are hexadecimal digits in lower case. */
export function isHex(text: string, start: i32, end: i32): bool {
  if (end > text.length) return false;
  for (let i = start; i < end; i++)
    if (!isInSet(unitAt(text, i), 0x03ff000000000000, 0x7e00000000)) return false;
  return true;
}

/** Tells whether they are digits of an id, which is not zero. */
export function isId(text: string, start: i32, end: i32): bool {
  if (!isHex(text, start, end)) return false;
  for (let i = start; i < end; i++) if (unitAt(text, i) != 0x30) return true;
  return false;
}

/** Two digits as a number. */
export function byteAt(text: string, at: i32): u32 {
  return (digit(unitAt(text, at)) << 4) | digit(unitAt(text, at + 1));
}

function digit(unit: u32): u32 {
  return unit > 0x39 ? unit - 0x57 : unit - 0x30;
}

/** Letters in lower case, digits, "_", "-", "*", "/", "@". */
function isKey(text: string, start: i32, end: i32): bool {
  if (
    start == end ||
    end - start > MOST_UNITS ||
    !isInSet(unitAt(text, start), 0x03ff000000000000, 0x07fffffe00000000)
  )
    return false;
  for (let i = start; i < end; i++)
    if (!isInSet(unitAt(text, i), 0x03ffa40000000000, 0x07fffffe80000001)) return false;
  return true;
}

/** Printable characters but "," and "=". */
function isValue(text: string, start: i32, end: i32): bool {
  if (start == end || end - start > MOST_UNITS) return false;
  for (let i = start; i < end; i++) {
    const unit = unitAt(text, i);
    if (unit < 0x20 || unit > 0x7e || unit == EQUALS) return false;
  }
  return true;
}

/** The end of what is at `start` and ends with `unit`. */
function endOf(text: string, unit: u32, start: i32, end: i32): i32 {
  while (start < end && unitAt(text, start) != unit) start++;
  return start;
}

/**
 * A `tracestate` as it is passed on (W3C Trace Context, section 3.3): `""` when it is none, be it that a member is wrong, that
 * one comes twice or that there are more than 32; at most 512 characters, large members and then the last ones left out.
 */
export function readState(text: string): string {
  const members = new Array<string>();
  const keys = new Array<string>();
  const length = text.length;
  let size = 0;
  for (let at = 0; at <= length;) {
    const next = endOf(text, COMMA, at, length);
    let start = at;
    let end = next;
    at = next + 1;
    while (start < end && isSpace(unitAt(text, start))) start++;
    while (end > start && isSpace(unitAt(text, end - 1))) end--;
    if (start == end) continue;
    const middle = endOf(text, EQUALS, start, end);
    if (middle == end || !isKey(text, start, middle) || !isValue(text, middle + 1, end)) return "";
    const key = text.substring(start, middle);
    if (members.length == MOST_MEMBERS || keys.includes(key)) return "";
    keys.push(key);
    members.push(text.substring(start, end));
    size += end - start + 1;
  }
  for (let i = members.length - 1; i >= 0 && size - 1 > MOST_STATE; i--) {
    if (members[i].length <= LARGE_MEMBER) continue;
    size -= members[i].length + 1;
    members.splice(i, 1);
  }
  while (size - 1 > MOST_STATE) size -= members.pop().length + 1;
  return members.join(",");
}

function isSpace(unit: u32): bool {
  return unit == 0x20 || unit == 0x09;
}
