/**
 * Percent coding (RFC 3986, section 2.1).
 *
 * @module
 */
import { hexDigit, percentDecode as decodeBytes, percentEncode as encodeText } from "../../codec/percent";
import { mark, release } from "../../memory/scratch";
import { decode } from "../../memory/text";
import { findUnit, putUnits, putUnitsSize, unitAt } from "../../memory/utf16";

/** The byte of the percent code at `at`, where a "%" is; negative when it is none. */
export function percentAt(text: string, at: i32): i32 {
  return at + 2 < text.length ? (hexDigit(unitAt(text, at + 1)) << 4) | hexDigit(unitAt(text, at + 2)) : -1;
}

/**
 * `text` with everything but letters, digits and "-._~" as percent codes, to be put between the delimiters of a path or
 * query. A surrogate that stands for a byte becomes the code of that byte. "." and ".." stay what they are, and a segment of a
 * path that is one of them leads elsewhere: refuse them where the text is a stranger's. May be used everywhere.
 *
 * @example
 * if (name == "" || name == "." || name == "..") return this.respond(400);
 * headers.set(":path", "/users/" + percentEncode(name));
 */
export function percentEncode(text: string): string {
  return encodeText(text);
}

/**
 * `text` with its percent codes decoded. Nothing is lost: bytes that are not UTF-8 become surrogates that stand for them,
 * and a "%" that no two digits follow stays (see `percentErrorAt`). "+" stays "+": only queries use it as a space.
 */
export function percentDecode(text: string): string {
  const length = text.length;
  if (findUnit(text, 0x25, 0, length) == length) return text;
  const before = mark();
  const address = putUnits(text, 0, length);
  const decoded = decode(address, decodeBytes(address, putUnitsSize));
  release(before);
  return decoded;
}

/** The index of the first "%" that no two hexadecimal digits follow, or -1. */
export function percentErrorAt(text: string): i32 {
  const length = text.length;
  for (let i = findUnit(text, 0x25, 0, length); i < length; i = findUnit(text, 0x25, i + 1, length))
    if (percentAt(text, i) < 0) return i;
  return -1;
}
