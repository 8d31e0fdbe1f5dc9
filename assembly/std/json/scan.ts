/**
 * JSON text as bytes: the check of a whole document (RFC 8259, strictly), and steps over parts of a checked one. The
 * steps stay within the text even when it has been changed since.
 *
 * @module
 */
import { sequenceLength } from "../../memory/text";
import { Fault } from "./fault";

/** The deepest nesting that the check can follow. */
export const MAX_DEPTH: i32 = 1024;

/** For each level whether it is an object. */
const LEVELS: usize = memory.data(1024);

/** The error that `check` found, and its address; read after it answered false. */
export let fault: Fault = Fault.None;
export let faultAddress: usize = 0;

function fail(found: Fault, address: usize): usize {
  fault = found;
  faultAddress = address;
  return 0;
}

/** Tells whether the text from `address` to `end` is one JSON value, at most `maxDepth` arrays and objects deep. */
export function check(address: usize, end: usize, maxDepth: i32): bool {
  let depth = 0;
  while (address != 0) {
    address = skipFew(address, end);
    const byte: u32 = address < end ? load<u8>(address) : 0;
    let inside = false;
    if (byte == 0x7b || byte == 0x5b) {
      if (depth >= min(maxDepth, MAX_DEPTH)) return fail(Fault.TooDeep, address) != 0;
      store<bool>(LEVELS + depth++, byte == 0x7b);
      address = skipSpace(address + 1, end);
      inside = !(address < end && <u32>load<u8>(address) == byte + 2);
      if (inside && byte == 0x7b) address = checkName(address, end);
    } else if (byte == 0x22) address = checkString(address, end);
    else if (byte == 0x2d || byte - 0x30 < 10) address = checkNumber(address, end);
    else address = checkWord(address, end);
    while (!inside && address != 0) {
      address = skipFew(address, end);
      if (depth == 0) return address == end || fail(Fault.TextAfter, address) != 0;
      const object = load<bool>(LEVELS + depth - 1);
      const next: u32 = address < end ? load<u8>(address) : 0;
      if (next == 0x2c) {
        inside = true;
        address++;
        if (object) address = checkName(skipSpace(address, end), end);
      } else if (next == <u32>(object ? 0x7d : 0x5d)) {
        address++;
        depth--;
      } else return fail(object ? Fault.NoFieldEnd : Fault.NoElementEnd, address) != 0;
    }
  }
  return false;
}

/** Checks a name and its colon. */
function checkName(address: usize, end: usize): usize {
  if (address == end || load<u8>(address) != 0x22) return fail(Fault.NoName, address);
  address = checkString(address, end);
  if (address == 0) return 0;
  address = skipFew(address, end);
  if (address == end || load<u8>(address) != 0x3a) return fail(Fault.NoColon, address);
  return address + 1;
}

/** Checks a string, whose opening quote is at `address`. */
function checkString(address: usize, end: usize): usize {
  address = skipPlain(address + 1, end);
  while (address < end) {
    const byte = <u32>load<u8>(address);
    if (byte == 0x22) return address + 1;
    if (byte >= 0x80) {
      const length = sequenceLength(address, end - address);
      if (length == 0) return fail(Fault.NotUtf8, address);
      address += length;
    } else if (byte == 0x5c) {
      const escape: u32 = address + 1 < end ? load<u8>(address, 1) : 0;
      if (escape == 0x75) {
        if (address + 6 > end || hexUnit(address + 2) < 0) return fail(Fault.BadEscape, address);
        address += 6;
      } else if (unescaped(escape) != 0) address += 2;
      else return fail(Fault.BadEscape, address);
    } else return fail(Fault.Control, address);
    address = skipPlain(address, end);
  }
  return fail(Fault.Unterminated, end);
}

function checkNumber(address: usize, end: usize): usize {
  const start = address;
  if (load<u8>(address) == 0x2d) address++;
  const digits = address;
  address = skipDigits(address, end);
  if (address == digits || (load<u8>(digits) == 0x30 && address > digits + 1))
    return fail(Fault.BadNumber, start);
  if (address < end && load<u8>(address) == 0x2e) {
    const fraction = ++address;
    address = skipDigits(address, end);
    if (address == fraction) return fail(Fault.BadNumber, start);
  }
  if (address < end && (load<u8>(address) | 0x20) == 0x65) {
    address++;
    if (address < end && (load<u8>(address) == 0x2b || load<u8>(address) == 0x2d)) address++;
    const exponent = address;
    address = skipDigits(address, end);
    if (address == exponent) return fail(Fault.BadNumber, start);
  }
  return address;
}

/** Checks `null`, `true` or `false`. */
function checkWord(address: usize, end: usize): usize {
  if (address + 4 <= end) {
    const word = load<u32>(address);
    if (word == 0x6c6c756e || word == 0x65757274) return address + 4;
    if (word == 0x736c6166 && address + 4 < end && load<u8>(address, 4) == 0x65) return address + 5;
  }
  return fail(Fault.NoValue, address);
}

function skipDigits(address: usize, end: usize): usize {
  while (address < end && <u32>load<u8>(address) - 0x30 < 10) address++;
  return address;
}

/** The next byte that is no white space; most documents have none. */
// @ts-ignore: decorator
@inline
function skipFew(address: usize, end: usize): usize {
  return address < end && load<u8>(address) > 0x20 ? address : skipSpace(address, end);
}

/** The next byte that is no white space. */
export function skipSpace(address: usize, end: usize): usize {
  while (address < end) {
    const byte = <u32>load<u8>(address);
    if (byte > 0x20 || (byte != 0x20 && ((1 << byte) & 0x2600) == 0)) break;
    address++;
  }
  return address;
}

/** The next byte that is a quote, a backslash, a control character or not ASCII. */
export function skipPlain(address: usize, end: usize): usize {
  while (address + 8 <= end) {
    const bytes = load<u64>(address);
    const quotes = bytes ^ 0x2222222222222222;
    const slashes = bytes ^ 0x5c5c5c5c5c5c5c5c;
    const special =
      ((bytes - 0x2020202020202020) |
        (quotes - 0x0101010101010101) |
        (slashes - 0x0101010101010101) |
        bytes) &
      0x8080808080808080;
    // The lowest bit is right; those above it may come from its borrow.
    if (special != 0) return address + ((<usize>ctz(special)) >> 3);
    address += 8;
  }
  while (address < end) {
    const byte = <u32>load<u8>(address);
    if (byte - 0x20 >= 0x60 || byte == 0x22 || byte == 0x5c) break;
    address++;
  }
  return address;
}

/** The byte behind the string whose opening quote is at `address`. */
export function skipString(address: usize, end: usize): usize {
  address++;
  while (address < end) {
    address = skipPlain(address, end);
    if (address >= end) break;
    const byte = load<u8>(address++);
    if (byte == 0x22) return address;
    if (byte == 0x5c) address++;
  }
  return min(address, end);
}

/** The byte behind the value at `address`. */
export function skipValue(address: usize, end: usize): usize {
  let depth = 0;
  while (address < end) {
    const byte = <u32>load<u8>(address);
    if (byte == 0x22) {
      address = skipString(address, end);
      if (depth == 0) break;
    } else if ((byte | 0x20) == 0x7b) {
      address++;
      depth++;
    } else if ((byte | 0x20) == 0x7d) {
      // Also the end of what a number or word is in.
      if (depth == 0) break;
      address++;
      if (--depth == 0) break;
    } else if (depth == 0 && (byte == 0x2c || byte <= 0x20)) break;
    else address++;
  }
  return address;
}

/** The value behind the name at `at`. */
export function valueAfter(at: usize, end: usize): usize {
  return skipSpace(skipSpace(skipString(at, end), end) + 1, end);
}

/** The position after a value: that of the next element or name, or of the bracket at the end. */
export function skipComma(at: usize, end: usize): usize {
  at = skipSpace(at, end);
  return at < end && load<u8>(at) == 0x2c ? skipSpace(at + 1, end) : at;
}

/** The characters for a backslash and a letter from b to t. */
const UNESCAPED: usize = memory.data<u8>([8, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 13, 0, 9]);

/** The character for a backslash and `escape`; 0 when there is no such escape. */
export function unescaped(escape: u32): u32 {
  if (escape == 0x22 || escape == 0x5c || escape == 0x2f) return escape;
  const letter = escape - 0x62;
  return letter < 19 ? <u32>load<u8>(UNESCAPED + letter) : 0;
}

/** The value of four hexadecimal digits; negative when one is none. */
export function hexUnit(address: usize): i32 {
  let unit = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = <u32>load<u8>(address + i);
    const letter = (byte | 0x20) - 0x61;
    if (byte - 0x30 < 10) unit = (unit << 4) | (<i32>(byte - 0x30));
    else if (letter < 6) unit = (unit << 4) | (<i32>(letter + 10));
    else return -1;
  }
  return unit;
}
