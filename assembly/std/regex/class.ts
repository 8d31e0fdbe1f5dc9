/**
 * Classes of characters, as patterns have them.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { findText, slice, unitText } from "../../memory/utf16";
import { Fault } from "./fault";
import { END } from "./input";
import { escapedPoint, fail, goTo, here, next, peek, take } from "./pattern";
import { addNamed, addRange, negate } from "./ranges";

/** The most first and last characters of ranges in a class. */
const MAX_RANGES: i32 = 4000;

/** Adds one of Perl's classes; see `escapedPoint`. */
export function addPerl(ranges: Integers, letter: i32): void {
  addNamed(ranges, unitText(-letter | 0x20), -letter < 0x60, false);
}

/** Reads what follows an opening bracket. */
export function readClass(ranges: Integers, pattern: string, position: i32, ignoreCase: bool): void {
  const negated = take(0x5e);
  for (let first = true; first || peek() != 0x5d; first = false) {
    if (peek() == END) return fail(Fault.MissingBracket, position);
    if (ranges.length > MAX_RANGES) return fail(Fault.TooLarge, position);
    const start = here;
    if (peek() == 0x5b && peek(1) == 0x3a) {
      const end = findText(pattern, ":]", start + 2);
      if (end >= 0) {
        const inverse = peek(2) == 0x5e;
        const name = slice(pattern, start + (inverse ? 3 : 2), end);
        if (name.length < 2 || !addNamed(ranges, name, inverse, ignoreCase))
          return fail(Fault.UnknownClass, start);
        goTo(end + 2);
        continue;
      }
    }
    const low = classPoint();
    if (low < 0) {
      addPerl(ranges, low);
      continue;
    }
    let high = low;
    if (peek() == 0x2d && peek(1) != 0x5d && peek(1) != END) {
      goTo(here + 1);
      high = classPoint();
      if (high < low) return fail(Fault.BadRange, start);
    }
    addRange(ranges, low, high, ignoreCase);
  }
  goTo(here + 1);
  if (negated) negate(ranges);
}

function classPoint(): i32 {
  const position = here;
  const point = next();
  return point == 0x5c ? escapedPoint(position) : <i32>point;
}
