/**
 * An index of the names of a block of pairs, for callbacks that look for many: first a list for each of some hashes, then for
 * each pair, in their order, where it is and the next one with the same hash.
 *
 * @module
 */
import { lowerHalf } from "./field-syntax";
import { Found, isSameName } from "./name-order";
import { OUT } from "./scratch";

const LISTS: usize = 64;
const HEAD: usize = LISTS * 4;

/** The size of the index of a block. */
// @ts-ignore: decorator
@inline
export function indexSize(block: usize): usize {
  return HEAD + ((<usize>load<u32>(block)) << 3);
}

/** The address of a name's list, counted from the index: by the last four characters, in which most names differ. */
// @ts-ignore: decorator
@inline
function listOf(name: usize, size: usize): usize {
  let last = lowerHalf(name + size - 4);
  if (size < 4) last >>= 32 - ((<u32>size) << 3);
  return (<usize>((last * 0x9e3779b1) >> 26)) << 2;
}

/** Writes the index of a block that has the sizes of its pairs; false when these are not what is in it. */
export function buildIndex(index: usize, block: usize, size: usize): bool {
  memory.fill(index, 0, HEAD);
  const toEntry = index + HEAD - (block + 4);
  const first = block + indexSize(block) - (HEAD - 4);
  let pair = block + size;
  // From the last to the first, which is then the first of its list.
  for (let sizes = first; sizes != block + 4;) {
    sizes -= 8;
    const nameSize = <usize>load<u32>(sizes);
    const needed = <u64>nameSize + <u64>load<u32>(sizes, 4) + 2;
    if (needed > <u64>(pair - first)) return false;
    pair -= <usize>needed;
    const list = index + listOf(pair, nameSize);
    const entry = sizes + toEntry;
    store<usize>(entry, pair);
    store<usize>(entry, load<usize>(list), 4);
    store<usize>(list, entry);
  }
  return pair == first;
}

/** Looks for the first pair with this name, in any case; its value is then what has been received. */
export function findByIndex(block: usize, index: usize, name: usize, size: usize): Found {
  const toSizes = block + 4 - (index + HEAD);
  for (let entry = load<usize>(index + listOf(name, size)); entry != 0; entry = load<usize>(entry, 4)) {
    const pair = load<usize>(entry);
    if (<usize>load<u32>(entry + toSizes) == size && isSame(pair, name, size)) {
      store<usize>(OUT, pair + size + 1);
      store<usize>(OUT, <usize>load<u32>(entry + toSizes, 4), 4);
      return Found.Yes;
    }
  }
  return Found.No;
}

/** The bit in which the cases of a letter differ, in each of eight bytes. */
const CASE: u64 = 0x2020202020202020;

/** Tells whether two names are the same, letters A to Z and a to z taken as equal. */
// @ts-ignore: decorator
@inline
function isSame(one: usize, other: usize, size: usize): bool {
  let differences: u64 = 0;
  let at = <isize>size - 8;
  for (; at >= 0; at -= 8) differences |= load<u64>(one + at) ^ load<u64>(other + at);
  // Of the word that the name begins in, its upper bytes.
  if (at > -8) differences |= (load<u64>(one + at) ^ load<u64>(other + at)) >> (-at << 3);
  return differences == 0 || ((differences & ~CASE) == 0 && isSameName(one, other, size));
}
