/// <reference path="../runtime/build.d.ts" />
/**
 * Text between the guest's UTF-16 and the host's bytes, without loss for any byte sequence: valid UTF-8 decodes as
 * usual, and each byte that is no part of valid UTF-8 becomes the lone surrogate U+DC00 + byte (PEP 383,
 * "surrogateescape"). Encoding turns such a surrogate back into its byte; any other lone surrogate, which no decoded
 * text contains, becomes U+FFFD.
 *
 * @module
 */
import { equalBytes } from "./bytes";
import { allocate, keep, mark, release, trim } from "./scratch";

/** The size in bytes of what `put` wrote last. */
export let putSize: usize = 0;

/** In front of the bytes that `put` answers: their size, and a word for `note`. Spaces fill the word that they end in. */
const HEAD: usize = 8;
const SPACES: u64 = 0x2020202020202020;

/**
 * Where a literal says where its bytes are kept: in the first word of its header, which has the size of its block. That
 * is 12 more than a multiple of 16, nobody asks for it as a literal is not on the heap, and an address here has no `SIZE`.
 */
const KEPT: usize = 20;
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

/** What has been noted about the bytes at `address`, which are what `put` answered; 0 at first. */
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
  return (<usize>load<u32>(changetype<usize>(text) - 4)) >> 1;
}

/** Encodes `length` UTF-16 code units at `source` to bytes at `target` (room for 3 per unit); answers their number. */
export function encode(source: usize, length: usize, target: usize): usize {
  const end = source + (length << 1);
  const lastWord = end - 8;
  const start = target;
  while (true) {
    // Four ASCII units at a time: fold 00dd00cc00bb00aa to ddccbbaa. Sums of ASCII carry nothing over.
    while (source <= lastWord) {
      const units = load<u64>(source);
      if ((units & 0xff80ff80ff80ff80) != 0) break;
      const pairs = (units * 0x101) & 0x00ffff0000ffff00;
      store<u32>(target, <u32>((pairs * 0x1000100) >> 32));
      source += 8;
      target += 4;
    }
    if (source >= end) break;
    let point = <u32>load<u16>(source);
    source += 2;
    if (point < 0x80) {
      store<u8>(target++, point);
      continue;
    }
    let size: usize = 3;
    if (point < 0x800) size = 2;
    else if (point - 0xd800 < 0x800) {
      const low: u32 = source < end ? <u32>load<u16>(source) : 0;
      if (point < 0xdc00 && low - 0xdc00 < 0x400) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
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

/** The text of `size` bytes at `source`. */
export function decode(source: usize, size: usize): string {
  if (size == 0) return "";
  // Never more units than bytes.
  const text = changetype<string>(__new(size << 1, idof<string>()));
  const units = decodeInto(source, size, changetype<usize>(text));
  if (units == size) return text;
  return changetype<string>(__renew(changetype<usize>(text), units << 1));
}

/** The text up to the next zero byte. */
export function decodeUntilZero(source: usize): string {
  let end = source;
  while (load<u8>(end) != 0) end++;
  return decode(source, end - source);
}

/** Up to four ASCII bytes as units: spreads ddccbbaa to 00dd00cc00bb00aa. Sums of ASCII carry nothing over. */
// @ts-ignore: decorator
@inline
function spread(bytes: u64): u64 {
  return (((bytes * 0x10001) & 0x0000ffff0000ffff) * 0x101) & 0x00ff00ff00ff00ff;
}

/** Decodes `size` bytes at `source` to code units at `target`; answers their number. */
function decodeInto(source: usize, size: usize, target: usize): usize {
  const end = source + size;
  const lastWord = end - 8;
  const start = target;
  while (true) {
    // ASCII eight bytes at a time, and what is left; the bytes in front of any are memory too.
    while (source <= lastWord) {
      const low = <u64>load<u32>(source);
      const high = <u64>load<u32>(source, 4);
      if (((low | high) & 0x80808080) != 0) break;
      store<u64>(target, spread(low));
      store<u64>(target, spread(high), 8);
      source += 8;
      target += 16;
    }
    const left = end - source;
    if (left == 0) break;
    if (left < 8) {
      let bytes = load<u64>(lastWord) >> ((8 - left) << 3);
      if ((bytes & 0x8080808080808080) == 0) {
        if ((left & 4) != 0) {
          store<u64>(target, spread(bytes & 0xffffffff));
          bytes >>= 32;
          target += 8;
        }
        if ((left & 2) != 0) {
          store<u32>(target, <u32>spread(bytes & 0xffff));
          bytes >>= 16;
          target += 4;
        }
        if ((left & 1) != 0) {
          store<u16>(target, bytes);
          target += 2;
        }
        break;
      }
    }
    const byte = <u32>load<u8>(source);
    const length: usize = byte < 0x80 ? 1 : sequenceLength(source, left);
    if (length == 4) {
      const point =
        ((byte & 0x07) << 18) |
        (((<u32>load<u8>(source, 1)) & 0x3f) << 12) |
        (((<u32>load<u8>(source, 2)) & 0x3f) << 6) |
        ((<u32>load<u8>(source, 3)) & 0x3f);
      store<u32>(target, (0xd7c0 + (point >> 10)) | ((0xdc00 | (point & 0x3ff)) << 16));
      target += 4;
    } else {
      let unit = byte;
      if (length == 3)
        unit =
          ((byte & 0x0f) << 12) |
          (((<u32>load<u8>(source, 1)) & 0x3f) << 6) |
          ((<u32>load<u8>(source, 2)) & 0x3f);
      else if (length == 2) unit = ((byte & 0x1f) << 6) | ((<u32>load<u8>(source, 1)) & 0x3f);
      else if (length == 0) unit = 0xdc00 + byte;
      store<u16>(target, unit);
      target += 2;
    }
    source += max<usize>(length, 1);
  }
  return (target - start) >> 1;
}

/** The length of the valid UTF-8 sequence of 2 to 4 bytes at `source`, 0 when there is none (Unicode, table 3-7). */
export function sequenceLength(source: usize, size: usize): usize {
  const first = <u32>load<u8>(source);
  if (first - 0xc2 > 0xf4 - 0xc2 || size < 2) return 0;
  const second = <u32>load<u8>(source, 1);
  let low: u32 = 0x80;
  let high: u32 = 0xbf;
  if (first == 0xe0) low = 0xa0;
  else if (first == 0xed) high = 0x9f;
  else if (first == 0xf0) low = 0x90;
  else if (first == 0xf4) high = 0x8f;
  if (second < low || second > high) return 0;
  if (first < 0xe0) return 2;
  if (size < 3 || (load<u8>(source, 2) & 0xc0) != 0x80) return 0;
  if (first < 0xf0) return 3;
  if (size < 4 || (load<u8>(source, 3) & 0xc0) != 0x80) return 0;
  return 4;
}

/** Whether the `size` bytes at `address` are the bytes of `text`. */
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

/** Whether two texts are the same but for the case of the letters A to Z; `lowerCase` has none in upper case. */
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

/** Whether `text` contains a surrogate without its partner, that is: an escaped byte, and so was not valid UTF-8. */
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

/** Encodes `text` at `target` and answers the address behind it. */
export function append(target: usize, text: string): usize {
  return target + encode(changetype<usize>(text), lengthOf(text), target);
}

/** Like `append`, of the first `most` units only. */
export function appendStart(target: usize, text: string, most: i32): usize {
  return target + encode(changetype<usize>(text), <usize>min(text.length, most), target);
}

/** Writes `value` in decimal digits at `target` and answers the address behind it. */
export function appendNumber(target: usize, value: u32): usize {
  let digits: usize = 1;
  for (let rest = value; rest > 9; rest /= 10) digits++;
  const end = target + digits;
  for (let address = end; address > target; value /= 10) store<u8>(--address, 0x30 + (value % 10));
  return end;
}
