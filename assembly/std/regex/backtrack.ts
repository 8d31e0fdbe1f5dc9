/**
 * Search by trying one way after the other, each pair of instruction and position at most once: what failed there before
 * fails again. That is noted where ways meet; between such instructions there is one way only. Jobs wait on a stack in scratch
 * memory.
 *
 * @module
 */
import { equalBytes } from "../../memory/bytes";
import { allocate } from "../../memory/scratch";
import {
  holds,
  instructionAt,
  length,
  nextStart,
  passAscii,
  pointAt,
  takesUnit,
  unitAt,
  units,
} from "./input";
import { ANCHOR, JOIN, Op, Program, opOf, valueOf } from "./program";

/**
 * A row of bits for each position from `origin` on, one for each instruction: set when that pair has been tried, and it is one that jumps
 * lead to. Rows are made as they are reached; of those before `fresh` there are.
 */
let rows: usize = 0;
let rowSize: usize = 0;
let origin: i32 = 0;
let fresh: i32 = 0;

/** The stack of jobs: where to go on, and at which position; or, complemented, which slot to set back to what. */
let jobs: usize = 0;
let jobCount: usize = 0;
/** How many of them go on somewhere. */
let wayCount: i32 = 0;
let jobRoom: usize = 0;

function pushJob(at: i32, position: i32): void {
  if (jobCount == jobRoom) {
    const larger = allocate(jobRoom << 4);
    memory.copy(larger, jobs, jobRoom << 3);
    jobs = larger;
    jobRoom <<= 1;
  }
  const job = jobs + (jobCount++ << 3);
  store<i32>(job, at);
  store<i32>(job, position, 4);
}

/** The position of the job that was taken last. */
let jobPosition: i32 = 0;

/** Takes the last job, and sets slots back on the way to it; -1 when there is none. */
function takeJob(slots: usize): i32 {
  while (jobCount > 0) {
    const job = jobs + (--jobCount << 3);
    const at = load<i32>(job);
    jobPosition = load<i32>(job, 4);
    if (at >= 0) {
      wayCount--;
      return at;
    }
    store<i32>(slots + ((<usize>~at) << 2), jobPosition);
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function rowAt(position: i32): usize {
  return rows + <usize>(position - origin) * rowSize;
}

/** Makes the rows up to that of `position`, and some more. */
function makeRows(position: i32): void {
  const end = min(position + 32, length + 1);
  memory.fill(rowAt(fresh), 0, rowAt(end) - rowAt(fresh));
  fresh = end;
}

/** See `open`. */
export function prepareBacktrack(size: i32, from: i32): void {
  rowSize = size;
  origin = fresh = from;
  jobRoom = 64;
  jobs = allocate((jobRoom << 3) + rowSize * (length - from + 1));
  rows = jobs + (jobRoom << 3);
}

/**
 * Takes all characters from `position` on that the instruction at `one` takes, for the loop at `at`. `isOnly`: no other way is left that
 * could come to the loop there.
 *
 * @returns the position behind them; -1 if the loop has been there before.
 */
function takeAll(at: i32, one: i32, position: i32, isOnly: bool): i32 {
  const word = instructionAt(one);
  const op = opOf(word);
  const value = valueOf(word);
  if (isOnly && op == Op.Class) {
    position = passAscii(value, position);
    if (position == length || unitAt(position) < 128) return position;
  }
  const bit = 1 << (at & 7);
  for (;;) {
    if (!isOnly) {
      if (position >= fresh) makeRows(position);
      const byte = rowAt(position) + ((<usize>at) >> 3);
      const bits = <i32>load<u8>(byte);
      if ((bits & bit) != 0) return -1;
      store<u8>(byte, bits | bit);
    }
    if (position == length) break;
    const unit = unitAt(position);
    const point = unit - 0xd800 < 0x400 ? pointAt(position) : unit;
    if (!takesUnit(op, value, point)) break;
    position += point > 0xffff ? 2 : 1;
  }
  return position;
}

/** See `next`; notes `count` slots at `slots`. */
export function backtrack(program: Program, from: i32, whole: bool, slots: usize, count: i32): bool {
  const once = whole || program.anchored;
  for (let start = from; start <= length; start++) {
    if (!once) start = nextStart(program, start);
    if (start > length || (once && start != from)) return false;
    // The way to the last match ended here: not all that was tried at this position failed.
    if (start == from && start < fresh) memory.fill(rowAt(start), 0, rowSize);
    let at = 0;
    let position = start;
    if (instructionAt(1) == ANCHOR) {
      // Behind "^" there is one way as long as characters follow that are one unit each.
      if (start > 0) return false;
      position = program.prefixLength;
      const prefix = changetype<usize>(program.prefix);
      if (position > length || !equalBytes(units, prefix, (<usize>position) << 1)) return false;
      at = 2 + position;
      if (count > 0) store<i32>(slots, start);
    }
    jobCount = 0;
    wayCount = 0;
    do {
      for (;;) {
        const word = instructionAt(at);
        if ((word & JOIN) != 0) {
          if (position >= fresh) makeRows(position);
          const byte = rowAt(position) + ((<usize>at) >> 3);
          const bit = 1 << (at & 7);
          const bits = <i32>load<u8>(byte);
          if ((bits & bit) != 0) break;
          store<u8>(byte, bits | bit);
        }
        const op = opOf(word);
        const value = valueOf(word);
        if (op <= Op.Class) {
          if (position == length) break;
          const unit = unitAt(position);
          const point = unit - 0xd800 < 0x400 ? pointAt(position) : unit;
          if (op == Op.Char ? point != <u32>value : !takesUnit(op, value, point)) break;
          position += point > 0xffff ? 2 : 1;
          at++;
        } else if (op == Op.Save) {
          if (value < count) {
            const address = slots + ((<usize>value) << 2);
            pushJob(~value, load<i32>(address));
            store<i32>(address, position);
          }
          at++;
        } else if (op == Op.Jump) at += value;
        else if (op == Op.SplitNext) {
          pushJob(at + value, position);
          wayCount++;
          at++;
        } else if (op == Op.SplitTarget) {
          pushJob(at + 1, position);
          wayCount++;
          at += value;
        } else if (op >= Op.Many) {
          position = takeAll(at, op == Op.Many ? at + 1 : at - 1, position, once && wayCount == 0);
          if (position < 0) break;
          at += op == Op.Many ? value : 1;
        } else if (op == Op.Assert) {
          if (!holds(value, position)) break;
          at++;
        } else {
          if (whole && position != length) break;
          return true;
        }
      }
      at = takeJob(slots);
      position = jobPosition;
    } while (at >= 0);
    if (start < length && pointAt(start) > 0xffff) start++;
  }
  return false;
}
