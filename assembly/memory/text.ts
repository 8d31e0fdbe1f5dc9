/// <reference path="../runtime/build.d.ts" />
/**
 * Text between the guest's UTF-16 and the host's bytes, without loss for any byte sequence: valid UTF-8 decodes as
 * usual, and each byte that is no part of valid UTF-8 becomes the lone surrogate U+DC00 + byte (PEP 383,
 * "surrogateescape"). Encoding turns such a surrogate back into its byte; any other lone surrogate, which no decoded
 * text contains, becomes U+FFFD.
 *
 * @module
 */
// @ts-ignore: the compiler finds its own library, into which editors need not look
import { OBJECT, TOTAL_OVERHEAD } from "~lib/rt/common";
import { equalBytes } from "./bytes";
import { allocate, keep, mark, release, trim } from "./scratch";

/** The size in bytes of what `put` wrote last. */
export let putSize: usize = 0;

/** The bytes in front of what `put` answers: the size, and a word for `note`. The last word is filled up with spaces. */
const HEAD: usize = 8;
const SPACES: u64 = 0x2020202020202020;

/**
 * The distance from a text to the first word of its header. A literal's encoded bytes are kept after their first use, and their
 * address stands in that word. The compiler writes the size of the block there, which nobody needs of a literal: it is not on the heap.
 * The two are told apart by the bit `SIZE`: it is set in each size (they are 12 more than a multiple of 16), and in no address.
 */
const KEPT: usize = TOTAL_OVERHEAD - offsetof<OBJECT>("mmInfo");
const SIZE: usize = 4;

/** The longest text that is kept, in units. */
const MAX_KEPT: usize = 255;

/**
 * Writes `text` as bytes into scratch memory and answers the address; the size is in `putSize`. The bytes of a literal
 * are kept, so that the names that a filter is made of are encoded once.
 */
export function put(text: string): usize {
  const units = changetype<usize>(text);
  if (units < __heap_base) {
    const kept = load<usize>(units - KEPT);
    if ((kept & SIZE) == 0) {
      putSize = load<u32>(kept - HEAD);
      return kept;
    }
  }
  return encodeNew(units, lengthOf(text));
}

function encodeNew(units: usize, length: usize): usize {
  const before = mark();
  const address = allocate(HEAD + length * 3 + 8) + HEAD;
  const size = encode(units, length, address);
  store<u64>(address - HEAD, size);
  store<u64>(address + size, SPACES);
  trim(address, size);
  putSize = size;
  if (units >= __heap_base || length > MAX_KEPT) return address;
  const kept = keep(HEAD + size);
  if (kept == 0) return address;
  memory.copy(kept, address - HEAD, (HEAD + size + 7) & ~7);
  release(before);
  store<usize>(units - KEPT, kept + HEAD);
  return kept + HEAD;
}

/** The note about the bytes at `address`, which `put` has answered; 0 at first. */
// @ts-ignore: decorator
@inline
export function noteOf(address: usize): u32 {
  return load<u32>(address - 4);
}

/** Notes what has been found out about such bytes, for the next time that the same literal is put. */
// @ts-ignore: decorator
@inline
export function note(address: usize, found: u32): void {
  store<u32>(address - 4, found);
}

/** The number of units of `text`; like its `length`, without a call. */
// @ts-ignore: decorator
@inline
function lengthOf(text: string): usize {
  return (<usize>changetype<OBJECT>(changetype<usize>(text) - TOTAL_OVERHEAD).rtSize) >> 1;
}

/**
 * Encodes `length` UTF-16 code units at `source` to bytes at `target`; answers their number. There must be room for 3 bytes
 * per unit, and for one more: four are written at a time.
 */
export function encode(source: usize, length: usize, target: usize): usize {
  const end = source + (length << 1);
  const lastWord = end - 8;
  const start = target;
  while (true) {
    // Four ASCII units, or what is left: fold 00dd00cc00bb00aa to ddccbbaa. Sums of ASCII carry nothing over.
    let read: usize = 8;
    let units: u64;
    if (source <= lastWord) units = load<u64>(source);
    else {
      read = end - source;
      if (read == 0) break;
      units = load<u64>(lastWord) >> ((8 - read) << 3);
    }
    if ((units & 0xff80ff80ff80ff80) == 0) {
      const pairs = (units * 0x101) & 0x00ffff0000ffff00;
      store<u32>(target, <u32>((pairs * 0x1000100) >> 32));
      source += read;
      target += read >> 1;
      continue;
    }
    let point = (<u32>units) & 0xffff;
    source += 2;
    if (point < 0x80) {
      store<u8>(target++, point);
      continue;
    }
    let size: usize = 3;
    if (point < 0x800) size = 2;
    else if (point - 0xd800 < 0x800) {
      const low = ((<u32>units) >> 16) - 0xdc00; // no low surrogate where the text ends
      if (point < 0xdc00 && low < 0x400) {
        point = 0x10000 + ((point - 0xd800) << 10) + low;
        size = 4;
        source += 2;
      } else if (point - 0xdc80 < 0x80) size = 1;
      else point = 0xfffd;
    }
    // From the last byte on, each has six bits; an escaped byte is the first, and has its top bit set as well.
    for (let i = size; --i > 0; point >>= 6) store<u8>(target + i, (point & 0x3f) | 0x80);
    store<u8>(target, point | (0xff00 >> (<u32>size)));
    target += size;
  }
  return target - start;
}

/** The text of `size` bytes at `source`; the eight bytes in front of any are memory too. */
export function decode(source: usize, size: usize): string {
  if (size == 0) return "";
  // Never more units than bytes; eight are written at a time.
  const text = __new((size << 1) + 14, idof<string>());
  const end = source + size;
  const lastWord = end - 8;
  let target = text;
  while (true) {
    // Eight ASCII bytes, or what is left.
    let read: usize = 8;
    let bytes: u64;
    if (source <= lastWord) bytes = load<u64>(source);
    else {
      read = end - source;
      if (read == 0) break;
      bytes = load<u64>(lastWord) >> ((8 - read) << 3);
    }
    if ((bytes & 0x8080808080808080) == 0) {
      store<u64>(target, spread(bytes & 0xffffffff));
      store<u64>(target, spread(bytes >> 32), 8);
      source += read;
      target += read << 1;
      continue;
    }
    const sequence = sequenceAt(source, end - source);
    const point = sequence & POINT;
    source += <usize>(sequence >> LENGTH_SHIFT);
    if (point >= 0x10000) {
      store<u32>(target, (0xd7c0 + (point >> 10)) | ((0xdc00 | (point & 0x3ff)) << 16));
      target += 4;
    } else {
      store<u16>(target, point);
      target += 2;
    }
  }
  return changetype<string>(shrink(text, target - text));
}

/** Cuts off the end of an object. */
// @ts-ignore: decorator
@inline
export function shrink(object: usize, size: usize): usize {
  // The SDK's heap has a function for that; the compiler's runtimes do not.
  return isDefined(__shrink) ? __shrink(object, size) : __renew(object, size);
}

/** The text up to the next zero byte. */
export function decodeUntilZero(source: usize): string {
  let end = source;
  while (load<u8>(end) != 0) end++;
  return decode(source, end - source);
}

/** Four ASCII bytes as units: spreads ddccbbaa to 00dd00cc00bb00aa. Sums of ASCII carry nothing over. */
// @ts-ignore: decorator
@inline
function spread(bytes: u64): u64 {
  return (((bytes * 0x10001) & 0x0000ffff0000ffff) * 0x101) & 0x00ff00ff00ff00ff;
}

/** The parts of `sequenceAt`'s answer: the code point, and the length above it. */
const POINT: u32 = 0x1fffff;
const LENGTH_SHIFT: u32 = 24;

/**
 * The UTF-8 sequence at `source`, of whose bytes `left` are there: its code point and its length (Unicode, table 3-7). A
 * byte that begins no valid sequence is one by itself, for the code point U+DC00 + byte.
 */
function sequenceAt(source: usize, left: usize): u32 {
  const first = <u32>load<u8>(source);
  if (first < 0x80) return first | (1 << LENGTH_SHIFT);
  const length = clz(~(first << 24));
  if (first >= 0xc2 && length <= 4 && length <= <u32>left) {
    let point = first & (0x7f >> length);
    for (let i: u32 = 1; i < length; i++) {
      // A byte that does not continue the sequence makes the number too large.
      const byte = (<u32>load<u8>(source + i)) ^ 0x80;
      point = byte > 0x3f ? -1 : (point << 6) | byte;
    }
    // 7, 11 and 16 bits are too few for 2, 3 and 4 bytes.
    if (point <= 0x10ffff && point >> (((length * 9) >> 1) - 2) != 0 && point >> 11 != 0x1b)
      return point | (length << LENGTH_SHIFT);
  }
  return (0xdc00 + first) | (1 << LENGTH_SHIFT);
}

/** The length of the valid UTF-8 sequence of 1 to 4 bytes at `source`, 0 when there is none. */
export function sequenceLength(source: usize, left: usize): usize {
  const sequence = sequenceAt(source, left);
  return (sequence & POINT) >> 11 == 0x1b ? 0 : <usize>(sequence >> LENGTH_SHIFT);
}

/** Tells whether the `size` bytes at `address` are the bytes of `text`. */
export function equals(address: usize, size: usize, text: string): bool {
  const length = lengthOf(text);
  // One unit is one to three bytes (a pair is four).
  if (size < length || size > length * 3) return false;
  const before = mark();
  const other = put(text);
  const equal = size == putSize && equalBytes(address, other, size);
  release(before);
  return equal;
}

/** Tells whether two texts are the same but for the case of the letters A to Z; `lowerCase` has none in upper case. */
export function equalsIgnoringCase(text: string, lowerCase: string): bool {
  const length = lengthOf(lowerCase);
  if (lengthOf(text) != length) return false;
  const units = changetype<usize>(text);
  const lowerUnits = changetype<usize>(lowerCase);
  for (let i: usize = 0; i < length; i++) {
    let unit = <u32>load<u16>(units + (i << 1));
    if (unit - 0x41 < 26) unit |= 0x20;
    if (unit != <u32>load<u16>(lowerUnits + (i << 1))) return false;
  }
  return true;
}

/** Tells whether `text` contains a surrogate without its partner, that is: an escaped byte, and so was not valid UTF-8. */
export function hasLoneSurrogate(text: string): bool {
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const unit = <u32>text.charCodeAt(i);
    if (unit - 0xd800 >= 0x800) continue;
    if (unit >= 0xdc00 || i + 1 == length || <u32>text.charCodeAt(i + 1) - 0xdc00 >= 0x400) return true;
    i++;
  }
  return false;
}

/** Encodes at most `most` units of `text` at `target` and answers the address behind them. */
export function appendStart(target: usize, text: string, most: i32): usize {
  return target + encode(changetype<usize>(text), <usize>min(text.length, most), target);
}

/** Writes up to eight characters of ASCII, the first in the lowest byte; eight bytes are written. */
// @ts-ignore: decorator
@inline
export function appendCharacters(target: usize, characters: u64, count: usize): usize {
  store<u64>(target, characters);
  return target + count;
}

/** Writes `value` in decimal digits at `target` and answers the address behind it. */
export function appendNumber(target: usize, value: u32): usize {
  if (value > 9) target = appendNumber(target, value / 10);
  store<u8>(target, 0x30 + (value % 10));
  return target + 1;
}
