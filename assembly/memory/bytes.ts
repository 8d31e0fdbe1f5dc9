/**
 * Runs of bytes, looked at eight at a time. The eight bytes in front of any are memory too: nothing lies below address 8.
 *
 * @module
 */

/** Tells whether the `size` bytes at both addresses are the same. */
export function equalBytes(one: usize, other: usize, size: usize): bool {
  for (; size > 8; size -= 8) {
    if (load<u64>(one) != load<u64>(other)) return false;
    one += 8;
    other += 8;
  }
  // Of the word that ends with the last byte, its upper `size` bytes count.
  return size == 0 || (load<u64>(one + size - 8) ^ load<u64>(other + size - 8)) >> ((8 - size) << 3) == 0;
}

/** The address of the first of the `size` bytes at `part` in [address, end); 0 when they are not there. */
export function findBytes(address: usize, end: usize, part: usize, size: usize): usize {
  if (size == 0) return address;
  if (end - address < size) return 0;
  const offset = size - 1;
  const first = <u64>load<u8>(part) * 0x0101010101010101;
  const last = <u64>load<u8>(part + offset) * 0x0101010101010101;
  end -= offset;
  while (address < end) {
    if (address + 8 <= end) {
      // A byte is zero where both ends of the part fit; above a zero byte, a bit may be set for another.
      const misfits = (load<u64>(address) ^ first) | (load<u64>(address + offset) ^ last);
      let candidates = (misfits - 0x0101010101010101) & ~misfits & 0x8080808080808080;
      while (candidates != 0) {
        const found = address + ((<usize>ctz(candidates)) >> 3);
        if (equalBytes(found, part, size)) return found;
        candidates &= candidates - 1;
      }
      address += 8;
    } else {
      if (equalBytes(address, part, size)) return address;
      address++;
    }
  }
  return 0;
}
