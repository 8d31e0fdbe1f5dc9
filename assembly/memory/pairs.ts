/**
 * The ABI's encoding of header maps: a count, the sizes of each name and value, then all names and values, each with a
 * zero byte behind it. Source: host contract of Proxy-Wasm ABI 0.2.1, "Serialization of maps".
 *
 * @module
 */
import { isNamed } from "./field";
import { allocate, mark, release } from "./scratch";
import { receivedAddress, receivedSize } from "./received";
import { decode, encode } from "./text";

/** The host takes a block with more than 1,024 pairs or 1 MiB for an empty one. */
export const MAX_PAIRS: i32 = 1024;
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
  const count = pairs.length;
  pairsSize = 0;
  if (count > MAX_PAIRS) return 0;
  let most: usize = 4;
  for (let i = 0; i < count; i++) most += 10 + <usize>(pairs[i][0].length + pairs[i][1].length) * 3;
  if (most > MAX_SIZE * 3) return 0;
  const before = mark();
  const block = allocate(most);
  store<u32>(block, count);
  let sizes = block + 4;
  let data = sizes + ((<usize>count) << 3);
  for (let i = 0; i < count; i++) {
    const pair = pairs[i];
    for (let part = 0; part < 2; part++) {
      const text = pair[part];
      const size = encode(changetype<usize>(text), <usize>text.length, data);
      store<u32>(sizes, <u32>size);
      sizes += 4;
      data += size;
      store<u8>(data++, 0);
    }
  }
  const size = data - block;
  if (size > MAX_SIZE) {
    release(before);
    return 0;
  }
  pairsSize = size;
  return block;
}

/** A block that the host sent, read pair by pair; a malformed one ends early instead of reading beyond it. */
@unmanaged
export class PairsReader {
  /** The address and size of the current pair's name and value; valid after `next` answered true. */
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
    const block = receivedAddress();
    const size = receivedSize();
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

  /** Whether the current name is `name`, letters A to Z and a to z taken as equal. */
  named(name: string): bool {
    return isNamed(this.name, this.nameSize, name);
  }
}

const READER: usize = memory.data(offsetof<PairsReader>(), 8);

/** The reader; only one block is read at a time. */
// @ts-ignore: decorator
@inline
export function pairsReader(): PairsReader {
  return changetype<PairsReader>(READER);
}
