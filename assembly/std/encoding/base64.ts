/**
 * Base64 (RFC 4648, sections 4 and 5).
 *
 * @module
 */
import { newBytes } from "../../memory/byte-array";
import { newText, setUnit, unitAt } from "../../memory/utf16";

/** The alphabets that a decoder accepts. */
const STANDARD = 0;
const URL = 1;
const LENIENT = 2;

/** The value of a digit of either alphabet, as `variant` accepts it; -1 for everything else. */
function valueOf(unit: u32, variant: i32): i32 {
  if (unit - 0x61 < 26) return unit - 0x61 + 26;
  if (unit - 0x41 < 26) return unit - 0x41;
  if (unit - 0x30 < 10) return unit - 0x30 + 52;
  if (variant != URL) {
    if (unit == 0x2b) return 62;
    if (unit == 0x2f) return 63;
  }
  if (variant != STANDARD) {
    if (unit == 0x2d) return 62;
    if (unit == 0x5f) return 63;
  }
  return -1;
}

function digitOf(value: u32, variant: i32): u32 {
  if (value < 26) return value + 0x41;
  if (value < 52) return value + 0x61 - 26;
  if (value < 62) return value + 0x30 - 52;
  if (variant == URL) return value == 62 ? 0x2d : 0x5f;
  return value == 62 ? 0x2b : 0x2f;
}

/** How many bytes `text` stands for, or `~index` of what is wrong in it. */
function sizeOf(text: string, variant: i32): i32 {
  const length = text.length;
  let digits = 0;
  let padding = 0;
  let last = 0;
  let lastIndex = 0;
  for (let i = 0; i < length; i++) {
    const unit = unitAt(text, i);
    const value = valueOf(unit, variant);
    if (value >= 0) {
      if (padding > 0) return ~i;
      digits++;
      last = value;
      lastIndex = i;
    } else if (unit == 0x3d && variant != URL) {
      padding++;
      if ((digits & 3) < 2 || (digits & 3) + padding > 4) return ~i;
    } else if (variant != LENIENT || !isSpace(unit)) return ~i;
  }
  const rest = digits & 3;
  if (rest == 1 || ((padding > 0 || variant == STANDARD) && ((rest + padding) & 3) != 0)) return ~length;
  // Bits that stand for nothing: two texts for the same bytes.
  if (variant != LENIENT && (last & ((1 << ((digits * 6) & 7)) - 1)) != 0) return ~lastIndex;
  return (digits * 3) >> 2;
}

function decodeAs(text: string, variant: i32): Uint8Array | null {
  const size = sizeOf(text, variant);
  if (size < 0) return null;
  const bytes = newBytes(size);
  let bits: u32 = 0;
  let count = 0;
  for (let i = 0, at = 0; at < size; i++) {
    const value = valueOf(unitAt(text, i), variant);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      unchecked((bytes[at++] = <u8>(bits >> count)));
    }
  }
  return bytes;
}

function encodeAs(bytes: Uint8Array, variant: i32): string {
  const size = bytes.length;
  const digits = (size * 4 + 2) / 3;
  const length = variant == STANDARD ? (digits + 3) & ~3 : digits;
  const text = newText(length);
  for (let at = 0; at < length; at++) {
    let unit: u32 = 0x3d;
    if (at < digits) {
      // Six bits of the byte where they begin and the one behind it.
      const first = (at * 3) >> 2;
      let bits = (<u32>unchecked(bytes[first])) << 8;
      if (first + 1 < size) bits |= unchecked(bytes[first + 1]);
      unit = digitOf((bits >> (10 - ((at * 6) & 7))) & 63, variant);
    }
    setUnit(text, at, unit);
  }
  return text;
}

/** Tab, line feed, form feed, carriage return and space: what `atob` skips. */
function isSpace(unit: u32): bool {
  return unit == 0x20 || unit == 0x09 || unit == 0x0a || unit == 0x0c || unit == 0x0d;
}

/** Base64 with "+" and "/", padded: `authorization: Basic`, PEM, data URLs. May be used everywhere. */
export namespace base64 {
  /**
   * The text for `bytes`.
   *
   * @example
   * const value = "Basic " + base64.encode(utf8.encode(user + ":" + password));
   */
  export function encode(bytes: Uint8Array): string {
    return encodeAs(bytes, STANDARD);
  }

  /** The bytes that `text` stands for; null when it is not exactly what `encode` would write (see `errorAt`). */
  export function decode(text: string): Uint8Array | null {
    return decodeAs(text, STANDARD);
  }

  /**
   * Like `decode`, of what people send: either alphabet, white space anywhere, padding or none, and bits left over at
   * the end. Null for everything else.
   */
  export function decodeLenient(text: string): Uint8Array | null {
    return decodeAs(text, LENIENT);
  }

  /** The index of the first unit that keeps `decode` from reading `text`, its length when the end is missing; or -1. */
  export function errorAt(text: string): i32 {
    const size = sizeOf(text, STANDARD);
    return size < 0 ? ~size : -1;
  }
}

/** Base64 with "-" and "_", without padding: tokens, URLs. May be used everywhere. */
export namespace base64url {
  /** The text for `bytes`. */
  export function encode(bytes: Uint8Array): string {
    return encodeAs(bytes, URL);
  }

  /** The bytes that `text` stands for; null when it is not exactly what `encode` would write (see `errorAt`). */
  export function decode(text: string): Uint8Array | null {
    return decodeAs(text, URL);
  }

  /** The index of the first unit that keeps `decode` from reading `text`, its length when the end is missing; or -1. */
  export function errorAt(text: string): i32 {
    const size = sizeOf(text, URL);
    return size < 0 ? ~size : -1;
  }
}
