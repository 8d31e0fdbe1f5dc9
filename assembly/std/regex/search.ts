/**
 * Searching a text for a program.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { backtrack } from "./backtrack";
import { NONE, length, setInput } from "./input";
import { simulate } from "./simulate";
import { Program } from "./program";

/** Up to so many pairs of instruction and position, `backtrack` is faster; its memory is a bit for each. */
const MAX_PAIRS: u64 = 1 << 18;

/** The positions that the last search noted, in scratch memory. */
let slots: usize = 0;

/** How many positions a search notes. */
export const enum Slots {
  /** Whether there is a match. */
  None = 0,
  /** Where it is. */
  Match = 2,
  /** Also where its groups are. */
  All = 512,
}

/**
 * Finds the first match from `from` on, of those that begin there the one that the pattern prefers; with `whole` the
 * first at `from` that goes to the end. Read its positions with `slot` before anything else is allocated.
 */
export function search(program: Program, text: string, from: i32, whole: bool, wanted: Slots): bool {
  setInput(program, text);
  const count = min(<i32>wanted, program.groupCount * 2);
  const before = mark();
  slots = allocate(<usize>(count << 2));
  for (let i = 0; i < count; i++) setSlot(i, NONE);
  const pairs = <u64>program.code.length * <u64>(length - from + 1);
  const found =
    pairs <= MAX_PAIRS
      ? backtrack(program, from, whole, slots, count)
      : simulate(program, from, whole, slots, count);
  release(before);
  return found;
}

/** The position in a slot. */
export function slot(index: i32): i32 {
  return load<i32>(slots + ((<usize>index) << 2));
}

function setSlot(index: i32, position: i32): void {
  store<i32>(slots + ((<usize>index) << 2), position);
}
