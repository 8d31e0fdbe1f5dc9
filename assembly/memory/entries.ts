/**
 * Short texts that the build writes into the module's data: a byte that says how long one is, and its bytes.
 *
 * @module
 */

/** The text at `entry`. */
export function entryText(entry: usize): string {
  return String.UTF8.decodeUnsafe(entry + 1, <usize>load<u8>(entry));
}

/** Writes the text at `entry`; answers the address behind it. */
export function appendEntry(target: usize, entry: usize): usize {
  const size = <usize>load<u8>(entry);
  memory.copy(target, entry + 1, size);
  return target + size;
}
