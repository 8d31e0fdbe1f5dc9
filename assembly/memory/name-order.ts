/**
 * A name looked for in a block of pairs, from the first one on: what costs least where a callback looks for a few.
 *
 * @module
 */
import { equalBytes } from "./bytes";
import { OUT } from "./scratch";

/** The result of a search for a name. */
export const enum Found {
  No,
  Yes,
  /** The block is broken. */
  Unknown,
}

/** Tells whether a block has pairs, and the sizes of all of them. */
export function hasPairs(block: usize, size: usize): bool {
  return size >= 4 && <usize>load<u32>(block) - 1 < (size - 4) >> 3;
}

/** Looks for the first pair with this name, in any case; its value is then what has been received. */
export function findByOrder(block: usize, blockSize: usize, name: usize, size: usize): Found {
  const end = block + blockSize;
  let pair = block + 4 + ((<usize>load<u32>(block)) << 3);
  for (let sizes = block + 4, sizesEnd = pair; sizes < sizesEnd; sizes += 8) {
    const nameSize = load<u32>(sizes);
    const next = <u64>pair + <u64>nameSize + <u64>load<u32>(sizes, 4) + 2;
    if (next > <u64>end) return Found.Unknown;
    // Most names are the same byte by byte.
    if (nameSize == <u32>size && (equalBytes(pair, name, size) || isSameName(pair, name, size))) {
      store<usize>(OUT, pair + size + 1);
      store<usize>(OUT, load<u32>(sizes, 4), 4);
      return Found.Yes;
    }
    pair = <usize>next;
  }
  return Found.No;
}

/** Tells whether two names are the same, letters A to Z and a to z taken as equal. */
export function isSameName(one: usize, other: usize, size: usize): bool {
  for (const end = one + size; one < end; one++) {
    const byte = <u32>load<u8>(one);
    const difference = byte ^ (<u32>load<u8>(other++));
    if (difference != 0 && (difference != 0x20 || (byte | 0x20) - 0x61 > 25)) return false;
  }
  return true;
}
