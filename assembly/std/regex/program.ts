/**
 * What a pattern is compiled to: instructions of one word, the operation in its low four bits, a value in the others.
 * Jumps are relative, so that a piece of program can be moved and repeated as it is.
 *
 * @module
 */

/** What an instruction does. */
export const enum Op {
  /** Take the character `value`. */
  Char,
  /** Take the ASCII letter `value`, which is in lower case, in either case. */
  Letter,
  /** Take a character but the newline. */
  NotNewline,
  /** Take any character. */
  Any,
  /** Take a character of the class at `value` in the pool. */
  Class,
  /** Go on when the assertion `value` holds. */
  Assert,
  /** Note the position in the slot `value`. */
  Save,
  Jump,
  /** Try the next instruction, then the one at `value`. */
  SplitNext,
  /** Try the instruction at `value`, then the next. */
  SplitTarget,
  Match,
}

export const enum Assertion {
  TextStart,
  TextEnd,
  LineStart,
  LineEnd,
  WordBoundary,
  NotWordBoundary,
}

// @ts-ignore: decorator
@inline
export function instruction(op: Op, value: i32 = 0): i32 {
  return (value << 4) | op;
}

/** A compiled pattern. */
@final
export class Program {
  code: Array<i32> = [];
  /**
   * Classes: four words with a bit for each ASCII character, the number of words that follow, and so many first and last
   * characters of ranges in ascending order.
   */
  pool: Array<u32> = [];
  /** The names of groups, by number; `""` for those without, and for the whole match. */
  names: string[] = [""];
  /** Every match is at the beginning of the text. */
  anchored: bool = false;
  /** A match can begin with ASCII characters of these bits only, or with others; all when it can be empty. */
  firstLow: u64 = 0;
  firstHigh: u64 = 0;
}
