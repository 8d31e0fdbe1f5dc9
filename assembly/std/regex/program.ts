/**
 * A compiled pattern: instructions of one word, the operation in its low four bits, then `JOIN`, a value in the others.
 * Jumps are relative, so that a piece of program can be moved and repeated as it is.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { findText, unitAt } from "../../memory/utf16";
import { Fault } from "./fault";

/** The operation of an instruction. */
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
  Match,
  /** Try the next instruction, then the one at `value`. */
  SplitNext,
  /** Try the instruction at `value`, then the next. */
  SplitTarget,
  /** `SplitNext` before a loop over one character, of which only the longest way leads on. */
  Many,
  /** `SplitTarget` behind such a loop. */
  More,
}

/** Tells which of `SplitNext` and `SplitTarget` an instruction is that is one of the last four. */
// @ts-ignore: decorator
@inline
export function prefersNext(op: Op): bool {
  return ((<i32>op) & 1) == ((<i32>Op.SplitNext) & 1);
}

export const enum Assertion {
  TextStart,
  TextEnd,
  LineStart,
  LineEnd,
  WordBoundary,
  NotWordBoundary,
}

/** Set in instructions that a jump leads to: only there, and in `Many` and `More`, do several ways meet. */
export const JOIN: i32 = 16;

// @ts-ignore: decorator
@inline
export function instruction(op: Op, value: i32 = 0): i32 {
  return (value << 5) | op;
}

/** `^` at the beginning of a pattern, to which no jump leads. */
export const ANCHOR: i32 = instruction(Op.Assert, Assertion.TextStart);

// @ts-ignore: decorator
@inline
export function opOf(word: i32): Op {
  return word & 15;
}

// @ts-ignore: decorator
@inline
export function valueOf(word: i32): i32 {
  return word >> 5;
}

/** A compiled pattern. */
@final
export class Program {
  fault: Fault = Fault.None;
  faultPosition: i32 = -1;
  code: Integers = new Integers();
  /**
   * Classes: four words with a bit for each ASCII character, the number of words that follow, and so many first and last
   * characters of ranges in ascending order.
   */
  pool: Integers = new Integers();
  /** How many groups it has, the whole match among them. */
  groupCount: i32 = 1;
  /** The names of groups: each between ";" and ":", and then a unit that is the number. */
  names: string = ";";
  /** Tells whether every match is at the beginning of the text. */
  anchored: bool = false;
  /** The bytes of a row with a bit for each instruction. */
  rowSize: usize = 0;
  /** The characters of one unit that follow a "^" with which the pattern begins, and to which no jump leads. */
  prefix: string = "";
  prefixLength: i32 = 0;
  /** Tells whether a match can be empty, so that it can begin anywhere. */
  startsAnywhere: bool = false;
  /** Else what it can begin with: four words with a bit for each ASCII character, and whether others are among it. */
  starts: Integers = new Integers();
  startsBeyond: bool = false;
  /** The only unit that it can begin with; 0 when there are several. */
  startUnit: i32 = 0;
  /** A unit that is in every match; 0 when none is known. */
  required: i32 = 0;
  /** The instructions, up to the next address, that take the last character of a text that has a match; none: any, or no, character. */
  lastStart: i32 = 0;
  lastEnd: i32 = 0;

  /** The number of the group of this name; -1 when there is none. */
  numberOf(name: string): i32 {
    const at = findText(this.names, ";" + name + ":", 0);
    return at < 0 ? -1 : <i32>unitAt(this.names, at + name.length + 2);
  }
}
