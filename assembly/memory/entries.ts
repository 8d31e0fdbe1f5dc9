/**
 * Short texts that the build writes into the module's data: a byte that says how long one is, and its bytes.
 *
 * @module
 */

/** Writes the text at `entry`; answers the address behind it. */
export function appendEntry(target: usize, entry: usize): usize {
  const size = <usize>load<u8>(entry);
  memory.copy(target, entry + 1, size);
  return target + size;
}
