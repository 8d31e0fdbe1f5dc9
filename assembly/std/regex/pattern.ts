/**
 * The text of a pattern, read character by character.
 *
 * @module
 */
import { Fault } from "./fault";
import { END, isWord, pointAt, setInput, unitOrEnd } from "./input";
import { Program } from "./program";

/** The position of what comes next. */
export let here: i32 = 0;

/** The program in which a fault is noted. */
let program: Program = changetype<Program>(0);

/** Begins to read the pattern of a program. */
export function begin(target: Program, pattern: string): void {
  program = target;
  setInput(program, pattern);
  here = 0;
}

/** Goes on at a position. */
export function goTo(position: i32): void {
  here = position;
}

/** Notes what is wrong, unless something was before, and goes to the end of the pattern: nothing more is read. */
export function fail(fault: Fault, position: i32): void {
  if (program.fault == Fault.None) {
    program.fault = fault;
    program.faultPosition = position;
  }
  here = i32.MAX_VALUE >> 1;
}

/** The next code unit; `END` when there is none. */
export function peek(ahead: i32 = 0): u32 {
  return unitOrEnd(here + ahead);
}

/** Takes the next character. */
export function next(): u32 {
  const point = pointAt(here);
  here += point > 0xffff ? 2 : 1;
  return point;
}

/** Takes `unit` when it is the next. */
export function take(unit: u32): bool {
  if (peek() != unit) return false;
  here++;
  return true;
}

/** Reads a number, of which more than 1,000 counts as 1,001; -2 when there is none. */
export function readCount(): i32 {
  let count = -2;
  while (peek() - 0x30 < 10) count = min(max(count, 0) * 10 + <i32>(next() - 0x30), 1001);
  return count;
}

/** Reads an escape that stands for a character; for one of Perl's classes it answers its letter, negative. */
export function escapedPoint(position: i32): i32 {
  if (peek() != END) {
    const point = next();
    const letter = point | 0x20;
    if (letter == 0x64 || letter == 0x73 || letter == 0x77) return -(<i32>point);
    if (point < 0x80 && (point == 0x5f || !isWord(point))) return <i32>point;
    if (point == 0x61) return 0x07;
    if (point == 0x66) return 0x0c;
    if (point == 0x6e) return 0x0a;
    if (point == 0x72) return 0x0d;
    if (point == 0x74) return 0x09;
    if (point == 0x76) return 0x0b;
    if (point == 0x78) {
      const braces = take(0x7b);
      const value = digits(16, braces ? 8 : 2);
      if (value >= 0 && value <= 0x10ffff && (!braces || take(0x7d))) return value;
    } else if (point == 0x30 || (point - 0x31 < 7 && peek() - 0x30 < 8)) {
      here--;
      return digits(8, 3);
    }
  }
  fail(Fault.UnknownEscape, position);
  return -1;
}

/** Reads a number of up to `most` digits; -1 when it has none, or two are wanted and only one is there. */
function digits(base: i32, most: i32): i32 {
  let value = 0;
  let count = 0;
  while (count < most) {
    const unit = peek();
    const letter = (unit | 0x20) - 0x57;
    const digit = unit - 0x30 < 10 ? unit - 0x30 : letter > 9 ? letter : 99;
    if (digit >= <u32>base) break;
    value = value * base + digit;
    if (value > 0x10ffff) return -1;
    here++;
    count++;
  }
  return count == 0 || (most == 2 && count == 1) ? -1 : value;
}
