/**
 * The sets of characters of classes while they are compiled: first and last characters of ranges, in turn.
 *
 * @module
 */

import { Integers } from "../../memory/integers";
import { findText, unitAt } from "../../memory/utf16";

/** The names of classes and their ranges: POSIX's, and Perl's `d`, `s` and `w`. */
const NAMED =
  ";alnum:09AZaz;alpha:AZaz;ascii:\0\x7f;blank:\t\t  ;cntrl:\0\x1f\x7f\x7f;digit:09;graph:!~;lower:az;print: ~;" +
  "punct:!/:@[`{~;space:\t\r  ;upper:AZ;word:09AZ__az;xdigit:09AFaf;d:09;s:\t\n\f\r  ;w:09AZ__az;";

/** Adds the class `name`, or all that is not in it; false when there is none. */
export function addNamed(ranges: Integers, name: string, negated: bool, ignoreCase: bool): bool {
  for (let i = 0; i < name.length; i++) if (unitAt(name, i) - 0x61 > 25) return false;
  let at = findText(NAMED, ";" + name + ":", 0);
  if (at < 0) return false;
  const own = new Integers();
  for (at += name.length + 2; unitAt(NAMED, at) != 0x3b; at += 2)
    addRange(own, unitAt(NAMED, at), unitAt(NAMED, at + 1), ignoreCase);
  if (negated) negate(own);
  for (let i = 0; i < own.length; i++) ranges.push(own.at(i));
  return true;
}

/** Adds a range, and the other case of the ASCII letters in it. */
export function addRange(ranges: Integers, first: i32, last: i32, ignoreCase: bool): void {
  ranges.push(first);
  ranges.push(last);
  if (!ignoreCase) return;
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper | 0x20;
    if (upper >= first && upper <= last) {
      ranges.push(lower);
      ranges.push(lower);
    }
    if (lower >= first && lower <= last) {
      ranges.push(upper);
      ranges.push(upper);
    }
  }
}

/** Puts the ranges in ascending order, and joins those that touch. */
export function normalize(ranges: Integers): void {
  const count = ranges.length;
  const all = ranges.address;
  const end = all + ((<usize>count) << 2);
  for (let next = all + 8; next < end; next += 8) {
    const range = load<u64>(next);
    let at = next;
    for (; at > all && load<u32>(at - 8) > <u32>range; at -= 8) store<u64>(at, load<u64>(at - 8));
    store<u64>(at, range);
  }
  let kept = all;
  for (let at = all; at < end; at += 8) {
    if (kept > all && load<u32>(at) <= load<u32>(kept - 4) + 1)
      store<u32>(kept - 4, max(load<u32>(kept - 4), load<u32>(at, 4)));
    else {
      store<u64>(kept, load<u64>(at));
      kept += 8;
    }
  }
  ranges.length = <i32>((kept - all) >> 2);
}

/** Makes the ranges those of all other characters. */
export function negate(ranges: Integers): void {
  normalize(ranges);
  const count = ranges.length;
  let next = 0;
  let kept = 0;
  for (let i = 0; i < count; i += 2) {
    const first = ranges.at(i);
    const after = ranges.at(i + 1) + 1;
    if (first > next) {
      ranges.set(kept, next);
      ranges.set(kept + 1, first - 1);
      kept += 2;
    }
    next = after;
  }
  ranges.length = kept;
  if (next <= 0x10ffff) {
    ranges.push(next);
    ranges.push(0x10ffff);
  }
}

/** Adds the class of normalized ranges to a program's pool; answers where it is. */
export function addToPool(pool: Integers, ranges: Integers): i32 {
  const start = pool.length;
  for (let i = 0; i < 5; i++) pool.push(0);
  for (let i = 0; i < ranges.length; i += 2) {
    const first = ranges.at(i);
    const last = ranges.at(i + 1);
    for (let ascii = first; ascii <= min(last, 127); ascii++) {
      const word = start + (ascii >> 5);
      pool.set(word, pool.at(word) | (1 << (ascii & 31)));
    }
    if (last < 128) continue;
    pool.push(first);
    pool.push(last);
  }
  pool.set(start + 4, pool.length - start - 5);
  return start;
}
