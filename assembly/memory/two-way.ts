/**
 * The search of Crochemore and Perrin ("Two-way string-matching", 1991): it compares each element a bounded number of times, and needs
 * no memory. The usual search goes over to it when many places look alike.
 *
 * @module
 */
import { equalBytes } from "./bytes";

/** The period of the suffix that `maximalSuffix` has found. */
let period: usize = 0;

/** The start of the largest suffix as an index, in the order of the elements or in the one against it. */
function maximalSuffix<T>(part: usize, size: usize, reversed: bool): usize {
  let suffix: usize = -sizeof<T>();
  let at: usize = 0;
  let offset: usize = sizeof<T>();
  period = sizeof<T>();
  while (at + offset < size) {
    const one = load<T>(part + at + offset);
    const other = load<T>(part + suffix + offset);
    if (one == other) {
      if (offset == period) {
        at += period;
        offset = sizeof<T>();
      } else offset += sizeof<T>();
    } else if (one < other != reversed) {
      at += offset;
      offset = sizeof<T>();
      period = at - suffix;
    } else {
      suffix = at;
      at += sizeof<T>();
      offset = period = sizeof<T>();
    }
  }
  return suffix + sizeof<T>();
}

/** The address of the first of the `size` bytes at `part` in [address, end); 0 when they are not there. */
export function findTwoWay<T>(address: usize, end: usize, part: usize, size: usize): usize {
  // The part is cut where its two ends have the least in common.
  let cut = maximalSuffix<T>(part, size, false);
  const other = period;
  const reversed = maximalSuffix<T>(part, size, true);
  if (reversed > cut) cut = reversed;
  else period = other;
  let step = period;
  // The bytes that are known to fit after a step: with a period, what follows it has been seen.
  let kept: usize = 0;
  if (equalBytes(part, part + step, cut)) kept = size - step;
  else step = max(cut, size - cut) + sizeof<T>();
  let known: usize = 0;
  for (const lastStart = end - size; address <= lastStart;) {
    let at = max(cut, known);
    while (at < size && load<T>(part + at) == load<T>(address + at)) at += sizeof<T>();
    if (at < size) {
      address += at - cut + sizeof<T>();
      known = 0;
      continue;
    }
    at = cut;
    while (at > known && load<T>(part + at - sizeof<T>()) == load<T>(address + at - sizeof<T>()))
      at -= sizeof<T>();
    if (at <= known) return address;
    address += step;
    known = kept;
  }
  return 0;
}
