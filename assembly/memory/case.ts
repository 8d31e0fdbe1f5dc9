/**
 * Upper and lower case of ASCII, four units at a time.
 *
 * @module
 */

/** A unit, four times. */
const FOUR: u64 = 0x0001000100010001;

/**
 * Copies `size` bytes of units with the 26 letters from `first` on in the other case, up to the first four units that are not ASCII, or
 * to what are no four at the end; answers how many bytes that is.
 */
export function turnCase(source: usize, target: usize, size: usize, first: u64): usize {
  let at: usize = 0;
  // A unit that is `first` or more has its bit 0x80 set on the left, one behind the last letter on the right.
  const from = (0x80 - first) * FOUR;
  const behind = (0x80 - 26 - first) * FOUR;
  for (; at + 8 <= size; at += 8) {
    const units = load<u64>(source + at);
    if ((units & 0xff80ff80ff80ff80) != 0) break;
    store<u64>(target + at, units ^ (((units + from) & ~(units + behind) & 0x0080008000800080) >> 2));
  }
  return at;
}
