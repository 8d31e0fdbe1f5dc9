/**
 * Hexadecimal digits, two for each byte (RFC 4648, section 8).
 *
 * @module
 */
import { newBytes } from "../../memory/byte-array";
import { hexDigit } from "../../codec/percent";
import { newText, setUnit, unitAt } from "../../memory/utf16";

/** Separators between the bytes of fingerprints and dumps. */
function isSeparator(unit: u32): bool {
  return unit == 0x3a || unit == 0x2d || unit == 0x20 || (unit - 9 < 5 && unit != 0x0b);
}

/** How many bytes `text` stands for, or `~index` of what is wrong in it. */
function sizeOf(text: string, lenient: bool): i32 {
  const length = text.length;
  let digits = 0;
  for (let i = 0; i < length; i++) {
    const unit = unitAt(text, i);
    if (hexDigit(unit) >= 0) digits++;
    else if (!lenient || (digits & 1) != 0 || !isSeparator(unit)) return ~i;
  }
  return (digits & 1) != 0 ? ~length : digits >> 1;
}

function decodeAs(text: string, lenient: bool): Uint8Array | null {
  const size = sizeOf(text, lenient);
  if (size < 0) return null;
  const bytes = newBytes(size);
  for (let i = 0, at = 0; at < size; i++) {
    const high = hexDigit(unitAt(text, i));
    if (high < 0) continue;
    unchecked((bytes[at++] = <u8>((high << 4) | hexDigit(unitAt(text, ++i)))));
  }
  return bytes;
}

/** Hexadecimal text: digests, fingerprints, ids of traces. May be used everywhere. */
export namespace hex {
  /**
   * The text for `bytes`, in lower case.
   *
   * @example
   * headers.set("x-digest", hex.encode(sha256(body)));
   */
  export function encode(bytes: Uint8Array): string {
    const size = bytes.length;
    if (size == 0) return "";
    const text = newText(size << 1);
    for (let i = 0; i < size << 1; i++) {
      const value = ((<u32>unchecked(bytes[i >> 1])) >> ((i & 1) != 0 ? 0 : 4)) & 15;
      setUnit(text, i, value < 10 ? value + 0x30 : value + 0x57);
    }
    return text;
  }

  /** The bytes that `text` stands for, in either case; null when it is no even number of digits (see `errorAt`). */
  export function decode(text: string): Uint8Array | null {
    return decodeAs(text, false);
  }

  /** Like `decode`; between two bytes there may be ":", "-" and white space. */
  export function decodeLenient(text: string): Uint8Array | null {
    return decodeAs(text, true);
  }

  /** The index of the first unit that keeps `decode` from reading `text`, its length when a digit is missing; or -1. */
  export function errorAt(text: string): i32 {
    const size = sizeOf(text, false);
    return size < 0 ? ~size : -1;
  }
}
