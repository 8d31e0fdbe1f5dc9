/**
 * Searching a text for a program.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { backtrack, prepareBacktrack } from "./backtrack";
import { instructionAt, length, nextUnit, pointAt, setInput, takes } from "./input";
import { prepareSimulation, simulate } from "./simulate";
import { Op, Program, opOf, valueOf } from "./program";

/** Up to so many bytes of memory, of which it takes a bit for each instruction and position, `backtrack` is faster. */
const MOST_SEEN: u64 = 1 << 15;

/** The positions that the last search noted, in scratch memory. */
let slots: usize = 0;
let slotsSize: usize = 0;

/** The state of scratch memory before the search. */
let before: usize = 0;
let isShort: bool = false;
/** The position of the next unit that every match has. */
let requiredAt: i32 = 0;

/** The number of positions that a search notes. */
export const enum Slots {
  /** Tells whether there is a match. */
  None = 0,
  /** The position of the match. */
  Match = 2,
  /** The positions of the match and of its groups. */
  All = 512,
}

/**
 * Begins to search `text` from `from` on. Matches are found one after the other, first to last; what the search for one
 * has shown to lead nowhere is not tried for the next, so that all together take time linear in the text. No other search
 * may begin before `close`. Without `many`, one is all that is asked for.
 */
export function open(program: Program, text: string, from: i32, wanted: Slots, many: bool): void {
  setInput(program, text);
  const count = min(<i32>wanted, program.groupCount * 2);
  before = mark();
  requiredAt = -1;
  slotsSize = (<usize>count) << 2;
  if (count > 0) slots = allocate(slotsSize);
  const rowSize = program.rowSize;
  isShort = <u64>rowSize * <u64>(length - from + 1) <= MOST_SEEN;
  if (isShort) prepareBacktrack(rowSize, from);
  else prepareSimulation(program, many ? rowSize : 0, from, count);
}

/**
 * Finds the first match from `from` on, of those that begin there the one that the pattern prefers; with `whole` the
 * first at `from` that goes to the end. Its positions are in `slot` until the next.
 */
export function next(program: Program, from: i32, whole: bool): bool {
  // A short text that can match at one place only is tried there at once.
  if (program.required > 0 && !(isShort && program.anchored)) {
    if (requiredAt < from) requiredAt = nextUnit(program.required, from, length);
    if (requiredAt == length) return false;
  }
  if (program.lastStart < program.lastEnd && !canEnd(program, from)) return false;
  memory.fill(slots, 0xff, slotsSize);
  const count = <i32>(slotsSize >> 2);
  return isShort
    ? backtrack(program, from, whole, slots, count)
    : simulate(program, from, whole, slots, count);
}

/** Tells whether the last character of the text can be the last one of a match that ends there. */
function canEnd(program: Program, from: i32): bool {
  if (from == length) return false;
  const last = length - 1;
  const point = pointAt(last > from && pointAt(last - 1) > 0xffff ? last - 1 : last);
  for (let at = program.lastStart; at < program.lastEnd; at++) {
    const word = instructionAt(at);
    const op = opOf(word);
    if (op <= Op.Class && takes(op, valueOf(word), point)) return true;
  }
  return false;
}

/** Ends the search; `slot` may still be read until something is allocated. */
export function close(): void {
  release(before);
}

/** Searches for one match. */
export function search(program: Program, text: string, from: i32, whole: bool, wanted: Slots): bool {
  open(program, text, from, wanted, false);
  const found = next(program, from, whole);
  close();
  return found;
}

/** The position in a slot; -1 when there is none. */
export function slot(index: i32): i32 {
  return load<i32>(slots + ((<usize>index) << 2));
}
