/** What `words.test.ts` calls: the functions that look at memory words at a time, on memory that the test writes. */
import { equalBytes } from "../../../assembly/memory/bytes";
import { isFieldValue } from "../../../assembly/memory/field-syntax";
import { find, findOne } from "../../../assembly/memory/find";
import { buildIndex, findByIndex, indexSize } from "../../../assembly/memory/name-index";
import { Found, findByOrder, hasPairs } from "../../../assembly/memory/name-order";
import {
  expectValue,
  hostAllocate,
  replaceReceived,
  replacedSize,
  replacements,
} from "../../../assembly/memory/host-values";
import { OUT, allocate, mark, release } from "../../../assembly/memory/scratch";
import { decode, encode, equals, put, putSize } from "../../../assembly/memory/text";
import { findTwoWay } from "../../../assembly/memory/two-way";

export { decode, encode, equalBytes, equals };

export function findBytes(address: usize, end: usize, part: usize, size: usize): usize {
  return find<u8>(address, end, part, size);
}

export function findUnits(address: usize, end: usize, part: usize, size: usize): usize {
  return find<u16>(address, end, part, size);
}

export function findBytesTwoWay(address: usize, end: usize, part: usize, size: usize): usize {
  return findTwoWay<u8>(address, end, part, size);
}

export function findUnitsTwoWay(address: usize, end: usize, part: usize, size: usize): usize {
  return findTwoWay<u16>(address, end, part, size);
}

export function findByte(address: usize, end: usize, byte: u8): usize {
  return findOne<u8>(address, end, byte);
}

export function findUnit(address: usize, end: usize, unit: u16): usize {
  return findOne<u16>(address, end, unit);
}

/** Whether the bytes of `text` are a field value. */
export function isValue(text: string): bool {
  const before = mark();
  const valid = isFieldValue(put(text), putSize);
  release(before);
  return valid;
}

/** The text with each `search` replaced. */
export function replaced(text: string, search: string, replacement: string): string {
  const before = mark();
  expectValue();
  const size = <usize>String.UTF8.byteLength(text);
  const room = hostAllocate(size);
  encode(changetype<usize>(text), text.length, room);
  store<usize>(OUT, room);
  store<usize>(OUT, size, 4);
  const address = replaceReceived(search, replacement);
  const result = replacements > 0 ? decode(address, replacedSize) : text;
  release(before);
  return result;
}

/** Looks for a name in a block of pairs: how much further the value is than the block, -1 for none, -2 for a broken block. */
export function valueAt(block: usize, size: usize, name: string, index: usize): i32 {
  const before = mark();
  const address = put(name);
  let found = Found.Unknown;
  if (hasPairs(block, size)) {
    if (index == 0) found = findByOrder(block, size, address, putSize);
    else if (buildIndex(index, block, size)) found = findByIndex(block, index, address, putSize);
  }
  release(before);
  return found == Found.Yes ? <i32>(load<usize>(OUT) - block) : found == Found.No ? -1 : -2;
}

/** The size of the index of a block of `count` pairs. */
export function sizeOfIndex(block: usize): usize {
  return indexSize(block);
}

/** `size` bytes for the test. */
export function room(size: i32): usize {
  return allocate(size);
}

/** A text of `length` units for the test. */
export function newText(length: i32): usize {
  return __new(length << 1, idof<string>());
}
