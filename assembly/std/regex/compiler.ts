/**
 * From the text of a pattern to a program, in one pass. Groups are kept on a stack of its own, so that no pattern is
 * nested too deeply. A piece of program is left where it was written, and ends where the next begins; what a `*` or `|`
 * needs in front of it is put in, and what it needs behind it comes next.
 *
 * @module
 */
import { Fault } from "./fault";
import { END, isWord, pointAt, setInput, unitOrEnd } from "./input";
import { Assertion, Op, Program, instruction } from "./program";
import { addNamed, addRange, addToPool, negate, normalize } from "./ranges";

/** The most instructions of a program: with a text of 1 KiB, they take a few milliseconds at worst. */
const MAX_SIZE: i32 = 20000;

/** The most first and last characters of ranges in a class. */
const MAX_RANGES: i32 = 4000;

/** The most groups that note their position. */
const MAX_GROUPS: i32 = 250;

const IGNORE_CASE: i32 = 1;
const MULTILINE: i32 = 2;
const DOT_ALL: i32 = 4;
const UNGREEDY: i32 = 8;

/** The pattern, and the position in it of what comes next. */
let pattern: string = "";
let here: i32 = 0;
let activeFlags: i32 = 0;
/** What is made, and its code. */
let program: Program = changetype<Program>(0);
let code: Array<i32> = changetype<Array<i32>>(0);
/** The groups around the current one, as `open` puts them. */
let frames: Array<i32> = changetype<Array<i32>>(0);
/** Alternatives of open groups that end with a jump behind their group. */
let jumps: Array<i32> = changetype<Array<i32>>(0);

// The current group:
/** Where its parenthesis is in the pattern. */
let groupPosition: i32 = 0;
/** Where its program begins. */
let groupCode: i32 = 0;
/** Its number; 0 when it notes nothing. */
let groupNumber: i32 = 0;
/** The flags outside. */
let groupFlags: i32 = 0;
/** How many of `jumps` belong to the groups around it. */
let outerJumps: i32 = 0;
/** Whether one of its alternatives up to now can be empty. */
let groupNullable: bool = false;
/** Where its current alternative begins. */
let alternativeStart: i32 = 0;
/** Whether that can be empty but for the last atom. */
let restNullable: bool = true;
/** The last atom: what a `*` behind it applies to; -1 when there is none. */
let lastAtom: i32 = -1;
let atomNullable: bool = true;

/** Compiles a pattern with flags as in `(?flags)`. When there is a fault, only that is to be looked at. */
export function compile(text: string, flags: string): Program {
  pattern = text;
  program = new Program();
  code = program.code;
  setInput(program, text);
  frames = new Array<i32>();
  jumps = new Array<i32>();
  here = groupPosition = groupCode = groupNumber = groupFlags = outerJumps = activeFlags = 0;
  groupNullable = false;
  for (let i = 0; i < flags.length; i++) {
    const flag = flagOf(flags.charCodeAt(i));
    if (flag == 0) fail(Fault.UnknownFlag, 0);
    activeFlags |= flag;
  }
  compilePattern();
  return program;
}

function compilePattern(): void {
  put(instruction(Op.Save, 0));
  begin();
  let repeated = false;
  while (peek() != END) {
    const position = here;
    const unit = peek();
    if (repetition()) {
      if (repeated) fail(Fault.RepeatedRepetition, position);
      repeated = true;
      continue;
    }
    repeated = false;
    const point = next();
    if (unit == 0x28) open(position);
    else if (unit == 0x29) close(position);
    else if (unit == 0x7c) alternative();
    else if (unit == 0x5b) charClass(position);
    else if (unit == 0x2e) atom((activeFlags & DOT_ALL) != 0 ? Op.Any : Op.NotNewline, 0);
    else if (unit == 0x5e)
      atom(Op.Assert, (activeFlags & MULTILINE) != 0 ? Assertion.LineStart : Assertion.TextStart);
    else if (unit == 0x24)
      atom(Op.Assert, (activeFlags & MULTILINE) != 0 ? Assertion.LineEnd : Assertion.TextEnd);
    else if (unit == 0x5c) putEscape(position);
    else putLiteral(point);
    if (code.length > MAX_SIZE) fail(Fault.TooLarge, position);
  }
  if (frames.length > 0) fail(Fault.MissingParenthesis, groupPosition);
  settleAtom();
  finishAlternatives();
  put(instruction(Op.Save, 1));
  put(Op.Match);
  prepareStart();
}

/** Notes what is wrong, unless something was before, and goes to the end of the pattern: nothing more is read. */
function fail(fault: Fault, position: i32): void {
  if (program.fault == Fault.None) {
    program.fault = fault;
    program.faultPosition = position;
  }
  here = i32.MAX_VALUE >> 1;
}

/** The next code unit; `END` when there is none. */
function peek(ahead: i32 = 0): u32 {
  return unitOrEnd(here + ahead);
}

/** Takes the next character. */
function next(): u32 {
  const point = pointAt(here);
  here += point > 0xffff ? 2 : 1;
  return point;
}

/** Takes `unit` when it is the next. */
function take(unit: u32): bool {
  if (peek() != unit) return false;
  here++;
  return true;
}

function put(word: i32): void {
  code.push(word);
}

/** Puts an instruction in at `at`; what is there moves on. */
function insert(at: i32, word: i32): void {
  code.push(0);
  memory.copy(code.dataStart + ((at + 1) << 2), code.dataStart + (at << 2), (code.length - 1 - at) << 2);
  unchecked((code[at] = word));
}

/** Notes a character that is in every match: the last atom, which no more is added to, when it begins with one. */
function settleAtom(): void {
  if (frames.length > 0 || lastAtom < 0 || atomNullable || program.required < 0) return;
  const word = unchecked(code[lastAtom]);
  if ((word & 15) == Op.Char && word >> 4 <= 0xffff) program.required = word >> 4;
}

function beginAtom(at: i32, nullable: bool): void {
  settleAtom();
  restNullable = restNullable && atomNullable;
  lastAtom = at;
  atomNullable = nullable;
}

function atom(op: Op, value: i32): void {
  beginAtom(code.length, op == Op.Assert);
  put(instruction(op, value));
}

function putLiteral(point: u32): void {
  const isLetter = (point | 0x20) - 0x61 < 26 && (activeFlags & IGNORE_CASE) != 0;
  atom(isLetter ? Op.Letter : Op.Char, isLetter ? point | 0x20 : point);
}

/** Reads `*`, `+`, `?` or `{n,m}` and repeats the last atom; false when there is none of these. */
function repetition(): bool {
  const position = here;
  let least = 0;
  let most = -1;
  if (take(0x2b)) least = 1;
  else if (take(0x3f)) most = 1;
  else if (take(0x7b)) {
    least = readCount();
    most = least;
    if (least >= 0 && take(0x2c)) most = peek() == 0x7d ? -1 : readCount();
    if (least < 0 || most < -1 || !take(0x7d)) {
      // Not a repetition, and so just a brace.
      here = position;
      return false;
    }
  } else if (!take(0x2a)) return false;
  if (lastAtom < 0) fail(Fault.NothingToRepeat, position);
  else if (least > 1000 || most > 1000 || (most >= 0 && most < least)) fail(Fault.BadCount, position);
  else repeat(least, most, take(0x3f) != ((activeFlags & UNGREEDY) != 0), position);
  return true;
}

/** Reads a number, of which more than 1,000 counts as 1,001; -2 when there is none. */
function readCount(): i32 {
  let count = -2;
  while (peek() - 0x30 < 10) count = min(max(count, 0) * 10 + <i32>(next() - 0x30), 1001);
  return count;
}

function repeat(least: i32, most: i32, lazy: bool, position: i32): void {
  const onward: Op = lazy ? Op.SplitTarget : Op.SplitNext;
  const back: Op = lazy ? Op.SplitNext : Op.SplitTarget;
  let start = lastAtom;
  const size = code.length - start;
  const nullable = atomNullable;
  if (least == 0) atomNullable = true;
  if (most == 0) {
    code.length = start;
    return;
  }
  if (max(least, most) * (size + 1) > MAX_SIZE) return fail(Fault.TooLarge, position);
  if (least == 0 && most < 0 && !nullable) {
    put(instruction(Op.Jump, -size - 1));
    insert(start, instruction(onward, size + 2));
    return;
  }
  for (let i = 1; i < least; i++) copy(start, size);
  // That what can be empty is tried once before it is skipped is how RE2 and Go do it.
  if (most < 0) put(instruction(back, -size));
  if (least == 0) {
    const optional = most < 0 ? size + 2 : most * (size + 1);
    insert(start++, instruction(onward, optional));
    least = 1;
  }
  for (let left = most - least; left > 0; left--) {
    put(instruction(onward, left * (size + 1)));
    copy(start, size);
  }
}

/** Repeats a piece of program at the end. */
function copy(start: i32, size: i32): void {
  for (let i = 0; i < size; i++) put(unchecked(code[start + i]));
}

/** Reads what follows an opening parenthesis. */
function open(position: i32): void {
  const flags = activeFlags;
  let number = 0;
  let name = "";
  if (!take(0x3f)) number = -1;
  else if ((peek() == 0x50 && peek(1) == 0x3c) || peek() == 0x3c) {
    take(0x50);
    take(0x3c);
    const start = here;
    while (isWord(peek())) here++;
    name = pattern.substring(start, here);
    if (name.length == 0 || !take(0x3e)) return fail(Fault.BadGroupName, position);
    if (program.numberOf(name) > 0) return fail(Fault.SameName, position);
    number = -1;
  } else if (!readFlags(position)) return;
  if (number < 0) {
    number = program.groupCount++;
    if (number > MAX_GROUPS) return fail(Fault.TooManyGroups, position);
    if (name.length > 0) program.names += name + ":" + String.fromCharCode(number) + ";";
  }
  settleAtom();
  frames.push(groupPosition);
  frames.push(groupCode);
  frames.push(groupNumber);
  frames.push(groupFlags);
  frames.push(outerJumps);
  frames.push(alternativeStart);
  frames.push(i32(groupNullable));
  frames.push(i32(restNullable && atomNullable));
  groupPosition = position;
  groupCode = code.length;
  groupNumber = number;
  groupFlags = flags;
  outerJumps = jumps.length;
  groupNullable = false;
  if (number > 0) put(instruction(Op.Save, number * 2));
  begin();
}

/** Reads flags; true when a group follows, false when they are for the rest of the group around, or wrong. */
function readFlags(position: i32): bool {
  let flags = activeFlags;
  let clear = false;
  let any = false;
  while (peek() != END) {
    const unit = next();
    const flag = flagOf(unit);
    if (flag != 0) {
      flags = clear ? flags & ~flag : flags | flag;
      any = true;
    } else if (unit == 0x2d && !clear) {
      clear = true;
      any = false;
    } else if ((unit == 0x29 && any) || (unit == 0x3a && (any || !clear))) {
      activeFlags = flags;
      return unit == 0x3a;
    } else break;
  }
  fail(Fault.UnknownGroup, position);
  return false;
}

function close(position: i32): void {
  if (frames.length == 0) return fail(Fault.UnexpectedParenthesis, position);
  finishAlternatives();
  const number = groupNumber;
  if (number > 0) put(instruction(Op.Save, number * 2 + 1));
  activeFlags = groupFlags;
  const at = groupCode;
  const nullable = groupNullable;
  // The group is the next atom of the group around: what was the last is not asked for again.
  atomNullable = true;
  restNullable = frames.pop() != 0;
  groupNullable = frames.pop() != 0;
  alternativeStart = frames.pop();
  outerJumps = frames.pop();
  groupFlags = frames.pop();
  groupNumber = frames.pop();
  groupCode = frames.pop();
  groupPosition = frames.pop();
  beginAtom(at, nullable);
}

/** Begins an alternative. */
function begin(): void {
  alternativeStart = code.length;
  restNullable = true;
  lastAtom = -1;
  atomNullable = true;
}

function alternative(): void {
  if (frames.length == 0) program.required = -1;
  finishAlternative();
  insert(alternativeStart, instruction(Op.SplitNext, code.length - alternativeStart + 2));
  jumps.push(code.length);
  put(Op.Jump);
  begin();
}

function finishAlternative(): void {
  if (restNullable && atomNullable) groupNullable = true;
}

function finishAlternatives(): void {
  finishAlternative();
  while (jumps.length > outerJumps) {
    const at = jumps.pop();
    unchecked((code[at] = instruction(Op.Jump, code.length - at)));
  }
}

/** Reads what follows a backslash outside of classes. */
function putEscape(position: i32): void {
  const unit = peek();
  let assertion = -1;
  if (unit == 0x41) assertion = Assertion.TextStart;
  else if (unit == 0x7a) assertion = Assertion.TextEnd;
  else if (unit == 0x62) assertion = Assertion.WordBoundary;
  else if (unit == 0x42) assertion = Assertion.NotWordBoundary;
  else if (unit == 0x51) return quote();
  if (assertion >= 0) {
    here++;
    return atom(Op.Assert, assertion);
  }
  const point = escapedPoint(position);
  if (point >= 0) return putLiteral(point);
  const ranges = new Array<i32>();
  addPerl(ranges, point);
  putClass(ranges, false);
}

/** Reads `\Q…\E`: all of it literally. */
function quote(): void {
  here++;
  while (peek() != END && !(peek() == 0x5c && peek(1) == 0x45)) putLiteral(next());
  here += 2;
}

/** Reads an escape that stands for a character; for one of Perl's classes it answers its letter, negative. */
function escapedPoint(position: i32): i32 {
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

function addPerl(ranges: Array<i32>, letter: i32): void {
  addNamed(ranges, String.fromCharCode(-letter | 0x20), -letter < 0x60, false);
}

/** Reads what follows an opening bracket. */
function charClass(position: i32): void {
  const ranges = new Array<i32>();
  const ignoreCase = (activeFlags & IGNORE_CASE) != 0;
  const negated = take(0x5e);
  for (let first = true; first || peek() != 0x5d; first = false) {
    if (peek() == END) return fail(Fault.MissingBracket, position);
    if (ranges.length > MAX_RANGES) return fail(Fault.TooLarge, position);
    const start = here;
    if (peek() == 0x5b && peek(1) == 0x3a) {
      const end = pattern.indexOf(":]", start + 2);
      if (end >= 0) {
        const inverse = peek(2) == 0x5e;
        const name = pattern.substring(start + (inverse ? 3 : 2), end);
        if (name.length < 2 || !addNamed(ranges, name, inverse, ignoreCase))
          return fail(Fault.UnknownClass, start);
        here = end + 2;
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
      here++;
      high = classPoint();
      if (high < low) return fail(Fault.BadRange, start);
    }
    addRange(ranges, low, high, ignoreCase);
  }
  here++;
  putClass(ranges, negated);
}

function classPoint(): i32 {
  const position = here;
  const point = next();
  return point == 0x5c ? escapedPoint(position) : <i32>point;
}

function putClass(ranges: Array<i32>, negated: bool): void {
  if (negated) negate(ranges);
  else normalize(ranges);
  atom(Op.Class, addToPool(program.pool, ranges));
}

/** Finds what a match can begin with. */
function prepareStart(): void {
  let start = 0;
  while ((unchecked(code[start]) & 15) == Op.Save) start++;
  program.first = unchecked(code[start]);
  const reached = new StaticArray<bool>(code.length);
  const todo: i32[] = [0];
  while (todo.length > 0) {
    const at = todo.pop();
    if (unchecked(reached[at])) continue;
    unchecked((reached[at] = true));
    const op: Op = unchecked(code[at]) & 15;
    const value = unchecked(code[at]) >> 4;
    if (op == Op.Match || op == Op.Any || op == Op.NotNewline) program.startsAnywhere = true;
    else if (op == Op.Char) addStart(value);
    else if (op == Op.Letter) {
      addStart(value);
      addStart(value ^ 0x20);
    } else if (op == Op.Class) {
      for (let i = 0; i < 4; i++) unchecked((program.starts[i] |= program.pool[value + i]));
      if (unchecked(program.pool[value + 4]) > 0) program.startsBeyond = true;
    } else {
      if (op != Op.Save && op != Op.Assert) todo.push(at + value);
      if (op != Op.Jump) todo.push(at + 1);
    }
  }
}

function addStart(point: i32): void {
  if (point >= 128) program.startsBeyond = true;
  else unchecked((program.starts[point >> 5] |= 1 << (point & 31)));
}

function flagOf(unit: u32): i32 {
  if (unit == 0x69) return IGNORE_CASE;
  if (unit == 0x6d) return MULTILINE;
  if (unit == 0x73) return DOT_ALL;
  return unit == 0x55 ? UNGREEDY : 0;
}
