/**
 * Search by following all ways at once, character by character (Pike's machine): for each position the list of the
 * instructions that wait for a character there, those that the pattern prefers first.
 *
 * @module
 */
import { allocate } from "../../memory/scratch";
import { holds, instructionAt, length, nextStart, pointAt, takes } from "./input";
import { Op, Program, opOf, prefersNext, valueOf } from "./program";

/** The list for the next position, and the other: instructions, and the slots of each. */
let list: usize = 0;
let other: usize = 0;
let listCount: i32 = 0;
let current: usize = 0;
/** For each instruction the step in which it was added. */
let added: usize = 0;
let step: i32 = 0;
/** Jobs as in `backtrack`; never more than two for each instruction. */
let jobs: usize = 0;
let slotCount: i32 = 0;

/**
 * The text from `origin` on in blocks of two to the power of `blockShift` units, and for each of them a row of bits: set
 * for the instructions that were waiting where the block begins. Behind a match they have all come to nothing. The larger
 * the blocks, the more a search for the next match repeats before it sees that.
 */
let rows: usize = 0;
let rowSize: usize = 0;
let origin: i32 = 0;
let blockShift: i32 = 0;

/** The most bytes that these rows take. */
const MOST_ROWS: u64 = 1 << 19;

/** See `open`; without a size of rows there are none. */
export function prepareSimulation(program: Program, size: i32, from: i32, count: i32): void {
  const instructions = <usize>program.code.length;
  const threadSize: usize = 4 + ((<usize>count) << 2);
  slotCount = count;
  added = allocate(instructions << 2);
  memory.fill(added, 0, instructions << 2);
  step = 0;
  jobs = allocate(instructions << 4);
  list = allocate(instructions * threadSize);
  other = allocate(instructions * threadSize);
  current = allocate(threadSize);
  origin = from;
  rowSize = size;
  blockShift = size == 0 ? 31 : 0;
  while (<u64>rowSize * (((length - from) >> blockShift) + 1) > MOST_ROWS) blockShift++;
  const rowsSize = rowSize * (((length - from) >> blockShift) + 1);
  rows = allocate(rowsSize);
  memory.fill(rows, 0, rowsSize);
}

/** See `next`; notes `count` slots at `slots`. */
export function simulate(program: Program, from: i32, whole: bool, slots: usize, count: i32): bool {
  const slotsSize = (<usize>count) << 2;
  const threadSize: usize = 4 + slotsSize;
  const once = whole || program.anchored;
  let found = false;
  let block = 0;
  listCount = 0;
  for (let position = from; position <= length;) {
    if (listCount == 0) {
      if (found) break;
      position = nextStart(program, position);
      if (position > length || (once && position != from)) break;
      step++;
      block = (position - origin) >> blockShift;
    }
    if (!found && (!once || position == from)) {
      memory.fill(current, 0xff, slotsSize);
      add(0, position, current);
    }
    // The threads that were added for this position run now; those that they lead to are added for the next.
    const threads = list;
    const threadCount = listCount;
    list = other;
    listCount = 0;
    other = threads;
    step++;
    const point: u32 = position < length ? pointAt(position) : 0;
    const next = position + (point > 0xffff ? 2 : 1);
    const isBegun = (position - origin) >> blockShift == block;
    block = (position - origin) >> blockShift;
    for (let i = 0; i < threadCount; i++) {
      const thread = threads + <usize>i * threadSize;
      const at = load<i32>(thread);
      const word = instructionAt(at);
      const op = opOf(word);
      if (op == Op.Match) {
        if (whole && position != length) continue;
        if (count == 0) return true;
        memory.copy(slots, thread + 4, slotsSize);
        found = true;
        break; // the others are preferred less
      }
      if (position == length || !takes(op, valueOf(word), point)) continue;
      if (!isBegun) {
        const byte = rows + <usize>block * rowSize + ((<usize>at) >> 3);
        const bits = load<u8>(byte);
        if (((bits >> ((<u8>at) & 7)) & 1) != 0) continue;
        store<u8>(byte, bits | (1 << ((<u8>at) & 7)));
      }
      memory.copy(current, thread + 4, slotsSize);
      add(at + 1, next, current);
    }
    position = next;
  }
  return found;
}

/** Adds all instructions that are reached from `start` without taking a character. */
function add(start: i32, position: i32, slots: usize): void {
  const bottom = jobs;
  let top = bottom;
  let at = start;
  const threadSize: usize = 4 + ((<usize>slotCount) << 2);
  for (;;) {
    if (at < 0) {
      const restored = load<i32>(top, 4);
      store<i32>(slots + ((<usize>~at) << 2), restored);
    }
    while (at >= 0) {
      const mark = added + ((<usize>at) << 2);
      if (load<i32>(mark) == step) break;
      store<i32>(mark, step);
      const word = instructionAt(at);
      const op = opOf(word);
      const value = valueOf(word);
      if (op >= Op.SplitNext) {
        const isNext = prefersNext(op);
        store<i32>(top, isNext ? at + value : at + 1);
        top += 8;
        at += isNext ? 1 : value;
      } else if (op == Op.Jump) at += value;
      else if (op == Op.Save) {
        if (value < slotCount) {
          const address = slots + ((<usize>value) << 2);
          store<i32>(top, ~value);
          store<i32>(top, load<i32>(address), 4);
          top += 8;
          store<i32>(address, position);
        }
        at++;
      } else if (op == Op.Assert) {
        if (!holds(value, position)) break;
        at++;
      } else {
        const thread = list + <usize>listCount * threadSize;
        listCount++;
        store<i32>(thread, at);
        memory.copy(thread + 4, slots, threadSize - 4);
        break;
      }
    }
    if (top == bottom) return;
    top -= 8;
    at = load<i32>(top);
  }
}
