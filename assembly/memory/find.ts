/**
 * A run of bytes, or of UTF-16 units, looked for in another: eight bytes at a time, and in time that grows with the length of
 * what is searched, whatever is in it.
 *
 * @module
 */
import { equalBytes } from "./bytes";
import { findTwoWay } from "./two-way";

/** A word of `T`, each of them one. */
// @ts-ignore: decorator
@inline
function ones<T>(): u64 {
  return sizeof<T>() == 1 ? 0x0101010101010101 : 0x0001000100010001;
}

/** The words of `T` in which a `T` is zero have its top bit in the answer. Above such a one, a bit may be set for another. */
// @ts-ignore: decorator
@inline
function zeros<T>(word: u64): u64 {
  return (word - ones<T>()) & ~word & (sizeof<T>() == 1 ? 0x8080808080808080 : 0x8000800080008000);
}

/** The distance of the first `T` that `zeros` has found. */
// @ts-ignore: decorator
@inline
function firstOf<T>(found: u64): usize {
  return ((<usize>ctz(found)) >> 3) & ~(sizeof<T>() - 1);
}

/** So many bytes may be compared in vain for each byte that is passed, and so many besides, before the search goes on otherwise. */
const MOST_PER_BYTE: usize = 4;
const MOST: usize = 1024;

/**
 * The address of the first of the `size` bytes at `part` in [address, end); 0 when they are not there. All are whole elements of
 * `T`; the eight bytes in front of each address are memory, too.
 */
export function find<T>(address: usize, end: usize, part: usize, size: usize): usize {
  if (size == 0) return address;
  if (end - address < size) return 0;
  const begin = address;
  const offset = size - sizeof<T>();
  const first = <u64>load<T>(part) * ones<T>();
  const last = <u64>load<T>(part + offset) * ones<T>();
  // The last word of the places at which the part could begin.
  const lastWord = end - offset - 8;
  let compared: usize = 0;
  let skip: u64 = 0;
  while (true) {
    if (<isize>address > <isize>lastWord) {
      // Of that word, the places that have been passed do not count.
      skip = (<u64>(address - lastWord)) << 3;
      if (skip >= 64) return 0;
      address = lastWord;
    }
    // Zero where both ends of the part fit.
    let found = zeros<T>((load<u64>(address) ^ first) | (load<u64>(address + offset) ^ last));
    if (found != 0) {
      for (found = (found >> skip) << skip; found != 0; found &= found - 1) {
        const candidate = address + firstOf<T>(found);
        if (equalBytes(candidate, part, size)) return candidate;
        compared += size;
        if (compared > (candidate - begin) * MOST_PER_BYTE + MOST)
          return findTwoWay<T>(candidate + sizeof<T>(), end, part, size);
      }
    }
    address += 8;
  }
}

/** The address of the first such element in [address, end); `end` when there is none. */
export function findOne<T>(address: usize, end: usize, element: T): usize {
  const wanted = <u64>element * ones<T>();
  const lastWord = end - 8;
  // Set for the places of the last word that do not count: they must not be zero, as one could set a bit above it.
  let passed: u64 = 0;
  let found: u64;
  do {
    if (<isize>address > <isize>lastWord) {
      const skip = (<u64>(address - lastWord)) << 3;
      if (skip >= 64) return end;
      passed = ((<u64>1) << skip) - 1;
      address = lastWord;
    }
    found = zeros<T>((load<u64>(address) ^ wanted) | passed);
    address += 8;
  } while (found == 0);
  return address - 8 + firstOf<T>(found);
}
