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
