/**
 * The text that is searched, and what both ways of searching ask of it. The compiler reads its pattern in the same way.
 *
 * @module
 */
import { findOne } from "../../memory/find";
import { Assertion, Op, Program } from "./program";

/** No position. */
export const NONE: i32 = -1;

/** No unit, because the text ends. */
export const END: u32 = 0xffffffff;

export let units: usize = 0;
export let length: i32 = 0;
export let code: usize = 0;
let pool: usize = 0;

/** Sets what is searched. Both must be kept by the caller. */
export function setInput(program: Program, text: string): void {
  units = changetype<usize>(text);
  length = text.length;
  code = program.code.address;
  pool = program.pool.address;
}

// @ts-ignore: decorator
@inline
export function instructionAt(at: i32): i32 {
  return load<i32>(code + ((<usize>at) << 2));
}

/** The character at a position before the end; a surrogate without its partner is one. */
export function pointAt(position: i32): u32 {
  const unit = unitAt(position);
  if (unit - 0xd800 >= 0x400 || position + 1 >= length) return unit;
  const low = unitAt(position + 1);
  return low - 0xdc00 < 0x400 ? ((unit - 0xd7c0) << 10) + (low - 0xdc00) : unit;
}

/** The unit at a position; `END` before the text and behind it. */
export function unitOrEnd(position: i32): u32 {
  return <u32>position < <u32>length ? unitAt(position) : END;
}

// @ts-ignore: decorator
@inline
export function unitAt(position: i32): u32 {
  return load<u16>(units + ((<usize>position) << 1));
}

/** Tells whether an instruction that takes a character takes this one. */
export function takes(op: Op, value: i32, point: u32): bool {
  switch (op) {
    case Op.Char:
      return point == <u32>value;
    case Op.Letter:
      return (point | 0x20) == <u32>value;
    case Op.NotNewline:
      return point != 0x0a;
    case Op.Class:
      return isInClass(pool + ((<usize>value) << 2), point);
    default:
      return true;
  }
}

/** The same, quicker for classes and characters of ASCII. */
// @ts-ignore: decorator
@inline
export function takesUnit(op: Op, value: i32, point: u32): bool {
  if (op != Op.Class || point >= 128) return takes(op, value, point);
  const word = pool + ((<usize>(value + <i32>(point >> 5))) << 2);
  return ((load<u32>(word) >> (point & 31)) & 1) != 0;
}

/** The first position from `position` on of a character that is not one of ASCII in a class; the end when there is none. */
export function passAscii(value: i32, position: i32): i32 {
  const words = pool + ((<usize>value) << 2);
  const end = units + ((<usize>length) << 1);
  let at = units + ((<usize>position) << 1);
  for (; at < end; at += 2) {
    const unit: u32 = load<u16>(at);
    if (unit >= 128 || ((load<u32>(words + ((unit >> 5) << 2)) >> (unit & 31)) & 1) == 0) break;
  }
  return <i32>((at - units) >> 1);
}

function isInClass(at: usize, point: u32): bool {
  if (point < 128) return ((load<u32>(at + ((point >> 5) << 2)) >> (point & 31)) & 1) != 0;
  const ranges = at + 20;
  let low: u32 = 0;
  let high = load<u32>(at, 16) >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges + ((<usize>middle) << 3);
    if (point < load<u32>(range)) high = middle;
    else if (point > load<u32>(range, 4)) low = middle + 1;
    else return true;
  }
  return false;
}

/** Tells whether an assertion holds at a position. */
export function holds(assertion: Assertion, position: i32): bool {
  const before = unitOrEnd(position - 1);
  const after = unitOrEnd(position);
  if (assertion == Assertion.TextStart) return before == END;
  if (assertion == Assertion.TextEnd) return after == END;
  if (assertion == Assertion.LineStart) return before == END || before == 0x0a;
  if (assertion == Assertion.LineEnd) return after == END || after == 0x0a;
  return (isWord(before) != isWord(after)) == (assertion == Assertion.WordBoundary);
}

/** Tells whether a unit is a letter, digit or underscore of ASCII. */
export function isWord(unit: u32): bool {
  return (unit | 0x20) - 0x61 < 26 || unit - 0x30 < 10 || unit == 0x5f;
}

/** The first position of a unit from `position` on; `none` when there is none. */
export function nextUnit(unit: i32, position: i32, none: i32): i32 {
  if (position >= length) return none;
  const found = findOne<u16>(units + ((<usize>position) << 1), units + ((<usize>length) << 1), <u16>unit);
  const at = <i32>((found - units) >> 1);
  return at < length ? at : none;
}

/** The first position from `position` on where a match can begin; one behind the end when there is none. */
export function nextStart(program: Program, position: i32): i32 {
  if (program.startsAnywhere) return position;
  if (program.startUnit != 0) return nextUnit(program.startUnit, position, length + 1);
  const starts = program.starts.address;
  const beyond = program.startsBeyond;
  for (; position < length; position++) {
    const unit = unitAt(position);
    if (unit < 128 ? (load<u32>(starts + ((unit >> 5) << 2)) >> (unit & 31)) & 1 : beyond) return position;
  }
  return length + 1;
}
