/// <reference path="../../runtime/build.d.ts" />
/**
 * The strings of checked JSON text.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { decode, encode, equals, shrink } from "../../memory/text";
import { hexUnit, skipPlain, unescaped } from "./scan";

/** The text of the string from the quote at `address` to the one before `end`. */
export function stringText(address: usize, end: usize): string {
  const start = address + 1;
  const size = max(end, start + 1) - 1 - start;
  if (!hasEscape(start, size)) return decode(start, size);
  const before = mark();
  const bytes = allocate(size);
  const text = decode(bytes, unescape(start, size, bytes));
  release(before);
  return text;
}

/** Tells whether the string from the quote at `address` to the one before `end` is `text`. */
export function stringEquals(address: usize, end: usize, text: string): bool {
  const start = address + 1;
  const size = max(end, start + 1) - 1 - start;
  if (!hasEscape(start, size)) return equals(start, size, text);
  const before = mark();
  const bytes = allocate(size);
  const equal = equals(bytes, unescape(start, size, bytes), text);
  release(before);
  return equal;
}

function hasEscape(address: usize, size: usize): bool {
  const end = address + size;
  for (address = skipPlain(address, end); address < end; address = skipPlain(address + 1, end))
    if (load<u8>(address) == 0x5c) return true;
  return false;
}

/**
 * Writes what the `size` bytes at `source` stand for to `target`, which may not need more bytes; answers how many. A
 * surrogate without its partner becomes U+FFFD, as the SDK's texts keep bytes that are not UTF-8 in such surrogates.
 */
function unescape(source: usize, size: usize, target: usize): usize {
  const start = target;
  const end = source + size;
  while (source < end) {
    const byte = load<u8>(source++);
    if (byte != 0x5c || source == end) {
      store<u8>(target++, byte);
      continue;
    }
    const escape = <u32>load<u8>(source++);
    if (escape != 0x75) {
      store<u8>(target++, unescaped(escape));
      continue;
    }
    let unit: u32 = source + 4 <= end ? <u32>hexUnit(source) : 0xfffd;
    source = min(source + 4, end);
    if (unit - 0xd800 < 0x800) {
      let low: u32 = 0;
      if (unit < 0xdc00 && source + 6 <= end && load<u16>(source) == 0x755c) low = <u32>hexUnit(source + 2);
      if (low - 0xdc00 < 0x400) {
        unit |= low << 16;
        source += 6;
      } else unit = 0xfffd;
    }
    store<u32>(UNITS, unit);
    target += encode(UNITS, unit > 0xffff ? 2 : 1, target);
  }
  return target - start;
}

/** Room for one or two code units. */
const UNITS: usize = memory.data(4, 4);

/** The bytes of `text`; see memory/text.ts for those that are not UTF-8. */
export function encodedText(text: string): ArrayBuffer {
  const length = <usize>text.length;
  const units = changetype<usize>(text);
  let most = length;
  const end = units + (length << 1);
  // A unit is three bytes at most.
  let at = units;
  for (; at + 8 <= end; at += 8) if ((load<u64>(at) & 0xff80ff80ff80ff80) != 0) most += 8;
  most += end - at;
  const bytes = __new(most + 3, idof<ArrayBuffer>()); // four bytes are written at a time
  return changetype<ArrayBuffer>(shrink(bytes, encode(units, length, bytes)));
}
