/**
 * The ABI's encoding of header maps: a count, the sizes of each name and value, then all names and values, each with a
 * zero byte behind it. Source: host contract of Proxy-Wasm ABI 0.2.1, "Serialization of maps".
 *
 * @module
 */
import { isNamed } from "./field-syntax";
import { allocate, mark, release } from "./scratch";
import { receivedAddress, receivedSize } from "./host-values";
import { decode, put, putSize } from "./text";

/** The host takes a block with more than 1,024 pairs or 1 MiB for an empty one. */
export const MAX_PAIRS: usize = 1024;
const MAX_SIZE: usize = 1 << 20;

/** A block of no pairs. */
export const NO_PAIRS: usize = memory.data(4, 4);
export const NO_PAIRS_SIZE: usize = 4;

/** The size in bytes of what `putPairs` wrote last; 0 when the pairs are too many or too large. */
export let pairsSize: usize = 0;

/**
 * Writes `pairs` (each a name and a value) as a block into scratch memory and answers its address. No pairs are a count
 * of zero, as in `NO_PAIRS`: some hosts do not take a block of size 0.
 */
export function putPairs(pairs: string[][]): usize {
  const block = beginPairs(0, 0, pairs);
  if (block == 0) return 0;
  addPairs(pairs);
  return endPairs(block);
}

/** The positions at which the block that is being written goes on: its sizes, and its data. */
let sizes: usize = 0;
let data: usize = 0;

/**
 * Begins a block of `more` pairs of at most `most` bytes, which come by `addText`, and `pairs`, which come by `addPair`; 0
 * when they are too many or too large. Elements that are no pair are left out.
 */
export function beginPairs(more: usize, most: usize, pairs: string[][]): usize {
  const count = more + <usize>pairs.length;
  pairsSize = 0;
  if (count > MAX_PAIRS) return 0;
  for (let i = 0; i < pairs.length; i++) {
    const pair = unchecked(pairs[i]);
    if (pair.length == 2) most += 10 + <usize>(unchecked(pair[0]).length + unchecked(pair[1]).length) * 3;
  }
  if (most > MAX_SIZE * 3) return 0;
  const block = allocate(4 + (count << 3) + most);
  store<u32>(block, <u32>count);
  sizes = block + 4;
  data = sizes + (count << 3);
  return block;
}

/** Writes a name or a value; answers what `put` answers, in scratch memory that the caller releases. */
export function addText(text: string): usize {
  const bytes = put(text);
  memory.copy(data, bytes, putSize);
  store<u32>(sizes, <u32>putSize);
  sizes += 4;
  data += putSize;
  store<u8>(data++, 0);
  return bytes;
}

/** Writes a pair. */
export function addPair(pair: string[]): void {
  const before = mark();
  addText(unchecked(pair[0]));
  addText(unchecked(pair[1]));
  release(before);
}

export function addPairs(pairs: string[][]): void {
  for (let i = 0; i < pairs.length; i++) addPair(unchecked(pairs[i]));
}

/** Ends the block; 0 when it is too large. */
export function endPairs(block: usize): usize {
  pairsSize = data - block;
  if (pairsSize <= MAX_SIZE) return block;
  return (pairsSize = 0);
}

/** Ends a block that may have got fewer pairs than it was begun with. */
export function endFewer(block: usize): usize {
  const begun = block + 4 + ((<usize>load<u32>(block)) << 3);
  store<u32>(block, <u32>((sizes - block) >> 3));
  memory.copy(sizes, begun, data - begun);
  data -= begun - sizes;
  return endPairs(block);
}

/** A block that the host sent, read pair by pair; a malformed one ends early instead of reading beyond it. */
@unmanaged
export class PairsReader {
  /** The address and size of the current pair's name (not after `nextNamed`) and value; valid after `next` answered true. */
  name: usize = 0;
  nameSize: usize = 0;
  value: usize = 0;
  valueSize: usize = 0;
  private sizes: usize = 0;
  private sizesEnd: usize = 0;
  private data: usize = 0;
  private end: usize = 0;

  /** Starts at the block that the host has just delivered; answers the number of pairs. */
  open(): i32 {
    return this.openAt(receivedAddress(), receivedSize());
  }

  /** Starts at a block of `size` bytes. */
  openAt(block: usize, size: usize): i32 {
    this.sizes = this.sizesEnd = 0;
    if (size < 4) return 0;
    const count = <usize>load<u32>(block);
    if (count > (size - 4) >> 3) return 0;
    this.sizes = block + 4;
    this.sizesEnd = this.data = block + 4 + (count << 3);
    this.end = block + size;
    return <i32>count;
  }

  /** Starts with nothing; answers 0. */
  none(): i32 {
    this.sizes = this.sizesEnd;
    return 0;
  }

  /** Moves to the next pair; false when there is none. */
  next(): bool {
    if (this.sizes == this.sizesEnd) return false;
    const nameSize = <usize>load<u32>(this.sizes);
    const valueSize = <usize>load<u32>(this.sizes, 4);
    const left = this.end - this.data;
    if (nameSize >= left || valueSize >= left - nameSize - 1) {
      this.sizes = this.sizesEnd;
      return false;
    }
    this.sizes += 8;
    this.name = this.data;
    this.nameSize = nameSize;
    this.value = this.data + nameSize + 1;
    this.valueSize = valueSize;
    this.data = this.value + valueSize + 1;
    return true;
  }

  nameText(): string {
    return decode(this.name, this.nameSize);
  }

  valueText(): string {
    return decode(this.value, this.valueSize);
  }

  /** Moves to the next pair `name`, letters A to Z and a to z taken as equal; false when there is none. */
  nextNamed(name: string): bool {
    const size = <usize>name.length;
    const sizesEnd = this.sizesEnd;
    const end = <u64>this.end;
    let pair = <u64>this.data;
    let sizes = this.sizes;
    while (sizes != sizesEnd) {
      const nameSize = <u64>load<u32>(sizes);
      const next = pair + nameSize + <u64>load<u32>(sizes, 4) + 2;
      if (next > end) break;
      sizes += 8;
      if (nameSize == <u64>size && isNamed(<usize>pair, size, name)) {
        this.sizes = sizes;
        this.value = <usize>pair + size + 1;
        this.valueSize = <usize>(next - pair) - size - 2;
        this.data = <usize>next;
        return true;
      }
      pair = next;
    }
    this.sizes = sizesEnd;
    return false;
  }
}

const READER: usize = memory.data(offsetof<PairsReader>(), 8);

/** The reader; only one block is read at a time. */
// @ts-ignore: decorator
@inline
export function pairsReader(): PairsReader {
  return changetype<PairsReader>(READER);
}

/** The number that `size` digits stand for; 0 for anything else. */
export function digits(address: usize, size: usize): u32 {
  let number: u32 = 0;
  for (let end = address + size; address < end; address++) {
    const digit = <u32>load<u8>(address) - 0x30;
    if (digit > 9) return 0;
    number = number * 10 + digit;
  }
  return number;
}

/** Moves the reader to the first pair `name` of a block that has been kept; false when it has none. */
function findIn(block: Uint8Array, name: string): bool {
  const reader = pairsReader();
  reader.openAt(block.dataStart, <usize>block.length);
  return reader.nextNamed(name);
}

/** The value of the first pair `name` of a block; null when it has none. */
export function textIn(block: Uint8Array, name: string): string | null {
  return findIn(block, name) ? pairsReader().valueText() : null;
}

/** The same as a number; see `digits`. */
export function decimalIn(block: Uint8Array, name: string): u32 {
  const reader = pairsReader();
  return findIn(block, name) ? digits(reader.value, reader.valueSize) : 0;
}

/** All pairs of a block. */
export function pairsIn(block: Uint8Array): string[][] {
  const pairs: string[][] = [];
  const reader = pairsReader();
  reader.openAt(block.dataStart, <usize>block.length);
  while (reader.next()) pairs.push([reader.nameText(), reader.valueText()]);
  return pairs;
}
