/**
 * Search by trying one way after the other, each pair of instruction and position at most once: what failed there before
 * fails again. Jobs wait on a stack in scratch memory.
 *
 * @module
 */
import { allocate } from "../../memory/scratch";
import { holds, instructionAt, length, nextStart, pointAt, takes } from "./input";
import { Op, Program } from "./program";

/** The stack of jobs: where to go on, and at which position; or, complemented, which slot to set back to what. */
let jobs: usize = 0;
let jobCount: usize = 0;
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

/** See `search`; notes `count` slots at `slots`. */
export function backtrack(program: Program, from: i32, whole: bool, slots: usize, count: i32): bool {
  const width = length - from + 1;
  const size = ((<usize>(program.code.length * width) + 63) >> 6) << 3;
  const seen = allocate(size);
  memory.fill(seen, 0, size);
  jobRoom = 64;
  jobs = allocate(jobRoom << 3);
  const once = whole || program.anchored;
  for (let start = from; start <= length; start++) {
    start = nextStart(program, start);
    if (start > length || (once && start != from)) return false;
    jobCount = 0;
    pushJob(0, start);
    while (jobCount > 0) {
      const job = jobs + (--jobCount << 3);
      let at = load<i32>(job);
      let position = load<i32>(job, 4);
      if (at < 0) {
        store<i32>(slots + ((<usize>~at) << 2), position);
        continue;
      }
      for (;;) {
        const pair = at * width + (position - from);
        const byte = seen + ((<usize>pair) >> 3);
        const bit = 1 << (pair & 7);
        const bits = <i32>load<u8>(byte);
        if ((bits & bit) != 0) break;
        store<u8>(byte, bits | bit);
        const word = instructionAt(at);
        const op: Op = word & 15;
        const value = word >> 4;
        if (op <= Op.Class) {
          if (position == length) break;
          const point = pointAt(position);
          if (!takes(op, value, point)) break;
          position += point > 0xffff ? 2 : 1;
          at++;
        } else if (op == Op.SplitNext) {
          pushJob(at + value, position);
          at++;
        } else if (op == Op.SplitTarget) {
          pushJob(at + 1, position);
          at += value;
        } else if (op == Op.Jump) at += value;
        else if (op == Op.Save) {
          if (value < count) {
            const address = slots + ((<usize>value) << 2);
            pushJob(~value, load<i32>(address));
            store<i32>(address, position);
          }
          at++;
        } else if (op == Op.Assert) {
          if (!holds(value, position)) break;
          at++;
        } else {
          if (whole && position != length) break;
          return true;
        }
      }
    }
    if (start < length && pointAt(start) > 0xffff) start++;
  }
  return false;
}
