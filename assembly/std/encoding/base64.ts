/**
 * Base64 (RFC 4648, sections 4 and 5).
 *
 * @module
 */
import { wrapBytes } from "../../memory/byte-array";
import { shrink } from "../../memory/text";
import { newText, setUnit, unitAt } from "../../memory/utf16";

/** The alphabets that a decoder accepts. */
const STANDARD = 0;
const URL = 1;
const LENIENT = 2;

/**
 * The values of the digits of both alphabets, by their units. A digit of only one has, above its six bits, a bit that the other refuses;
 * what is no digit has both bits. In a function, so that who only encodes has no table.
 */
// prettier-ignore
function values(): usize {
  return memory.data<u8>([
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 126, 255, 190, 255, 127,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255, 255,
    255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255, 255, 255, 255, 191,
    255, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 255, 255, 255, 255, 255,
  ]);
}

const ONLY_STANDARD: u32 = 0x40;
const ONLY_URL: u32 = 0x80;
const NO_DIGIT: u32 = ONLY_STANDARD | ONLY_URL;

/** The bits of a value that `variant` does not accept. */
function refusedBits(variant: i32): u32 {
  if (variant == URL) return ONLY_STANDARD;
  return variant == STANDARD ? ONLY_URL : NO_DIGIT;
}

/** The value of a digit of either alphabet, as `variant` accepts it; -1 for everything else. */
function valueOf(unit: u32, variant: i32): i32 {
  const value: u32 = unit < 128 ? load<u8>(values() + unit) : NO_DIGIT;
  const refused = refusedBits(variant);
  return (value & refused) == refused ? -1 : <i32>(value & 63);
}

function digitOf(value: u32, variant: i32): u32 {
  if (value < 26) return value + 0x41;
  if (value < 52) return value + 0x61 - 26;
  if (value < 62) return value + 0x30 - 52;
  if (variant == URL) return value == 62 ? 0x2d : 0x5f;
  return value == 62 ? 0x2b : 0x2f;
}

/** How many bytes the units from `start` on, before which there are whole groups of digits, stand for, or `~index` of what is wrong. */
function sizeOf(text: string, variant: i32, start: i32): i32 {
  const length = text.length;
  let digits = 0;
  let padding = 0;
  let last = 0;
  let lastIndex = 0;
  for (let i = start; i < length; i++) {
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

/** Decodes groups of four digits as long as there are such, and answers the index behind them. */
function decodeGroups(text: string, variant: i32, target: usize): i32 {
  const refused = refusedBits(variant);
  const table = values();
  let i = 0;
  for (const end = text.length - 4; i <= end; i += 4) {
    const units = load<u64>(changetype<usize>(text) + ((<usize>i) << 1));
    if ((units & 0xff80ff80ff80ff80) != 0) break;
    const first = <u32>load<u8>(table + ((<usize>units) & 0x7f));
    const second = <u32>load<u8>(table + ((<usize>(units >> 16)) & 0x7f));
    const third = <u32>load<u8>(table + ((<usize>(units >> 32)) & 0x7f));
    const fourth = <u32>load<u8>(table + <usize>(units >> 48));
    // With both alphabets accepted, this leaves signs of one to the way that looks at each unit.
    if (((first | second | third | fourth) & refused) != 0) break;
    store<u8>(target, (first << 2) | ((second & 0x3f) >> 4));
    store<u8>(target, (second << 4) | ((third & 0x3f) >> 2), 1);
    store<u8>(target, (third << 6) | (fourth & 0x3f), 2);
    target += 3;
  }
  return i;
}

function decodeAs(text: string, variant: i32): Uint8Array | null {
  const buffer = __new((<usize>text.length * 3) >> 2, idof<ArrayBuffer>());
  const start = decodeGroups(text, variant, buffer);
  const rest = sizeOf(text, variant, start);
  if (rest < 0) return null;
  let at = (start * 3) >> 2;
  const size = at + rest;
  let bits: u32 = 0;
  let count = 0;
  for (let i = start; at < size; i++) {
    const value = valueOf(unitAt(text, i), variant);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      store<u8>(buffer + at++, bits >> count);
    }
  }
  return wrapBytes(changetype<ArrayBuffer>(shrink(buffer, size)), size);
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
    const size = sizeOf(text, STANDARD, 0);
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
    const size = sizeOf(text, URL, 0);
    return size < 0 ? ~size : -1;
  }
}
