/**
 * From the text of a pattern to a program, in one pass. Groups are kept on a stack of its own, so that no pattern is
 * nested too deeply. A piece of program is left where it was written, and ends where the next begins; what a `*` or `|`
 * needs in front of it is put in, and what it needs behind it comes next.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { slice, unitText } from "../../memory/utf16";
import { addPerl, readClass } from "./class";
import { Fault } from "./fault";
import { END, isWord } from "./input";
import {
  begin as beginPattern,
  escapedPoint,
  fail,
  goTo,
  here,
  next,
  peek,
  readCount,
  take,
} from "./pattern";
import { Assertion, Op, Program, instruction, opOf, valueOf } from "./program";
import { addToPool, normalize } from "./ranges";
import { prepareStart } from "./start";

/** The most instructions of a program: with a text of 1 KiB, they take a few milliseconds at worst. */
const MAX_SIZE: i32 = 20000;

/** The most groups that note their position. */
const MAX_GROUPS: i32 = 250;

const IGNORE_CASE: i32 = 1;
const MULTILINE: i32 = 2;
const DOT_ALL: i32 = 4;
const UNGREEDY: i32 = 8;

let pattern: string = "";
let activeFlags: i32 = 0;
/** The program that is being made, and its code. */
let program: Program = changetype<Program>(0);
let code: Integers = changetype<Integers>(0);
/** The groups around the current one, as `open` puts them. */
let frames: Integers = changetype<Integers>(0);
/** Alternatives of open groups that end with a jump behind their group. */
let jumps: Integers = changetype<Integers>(0);

// The current group:
/** The position of its parenthesis in the pattern. */
let groupPosition: i32 = 0;
/** The address of its first instruction. */
let groupCode: i32 = 0;
/** Its number; 0 when it notes nothing. */
let groupNumber: i32 = 0;
/** The flags outside. */
let groupFlags: i32 = 0;
/** The number of `jumps` that belong to the groups around it. */
let outerJumps: i32 = 0;
/** Tells whether one of its alternatives up to now can be empty. */
let groupNullable: bool = false;
/** The address of its current alternative. */
let alternativeStart: i32 = 0;
/** Tells whether that alternative, without its last atom, can be empty. */
let restNullable: bool = true;
/** The last atom, to which a `*` behind it applies; -1 when there is none. */
let lastAtom: i32 = -1;
let atomNullable: bool = true;
/** The atom before it, and whether that can be empty. */
let earlierAtom: i32 = -1;
let earlierNullable: bool = true;

/** Compiles a pattern with flags as in `(?flags)`. When there is a fault, only that is to be looked at. */
export function compile(text: string, flags: string): Program {
  pattern = text;
  program = new Program();
  code = program.code;
  beginPattern(program, text);
  frames = new Integers();
  jumps = new Integers();
  groupPosition = groupCode = groupNumber = groupFlags = outerJumps = activeFlags = 0;
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
  noteLast();
  finishAlternatives();
  put(instruction(Op.Save, 1));
  put(Op.Match);
  prepareStart(program);
}

function put(word: i32): void {
  code.push(word);
}

/** Puts an instruction in at `at`; what is there moves on. */
function insert(at: i32, word: i32): void {
  code.push(0);
  memory.copy(code.address + ((at + 1) << 2), code.address + (at << 2), (code.length - 1 - at) << 2);
  code.set(at, word);
}

/** Notes a character that is in every match: the last atom, which no more is added to, when it begins with one. */
function settleAtom(): void {
  if (frames.length > 0 || lastAtom < 0 || atomNullable || program.required < 0) return;
  const word = code.at(lastAtom);
  if (opOf(word) == Op.Char && valueOf(word) <= 0xffff) program.required = valueOf(word);
}

/** Notes the atom that takes the last character of the text: the one before a `$` that ends the pattern. */
function noteLast(): void {
  if (frames.length > 0 || earlierAtom < 0 || earlierNullable || program.required < 0) return;
  if (lastAtom != code.length - 1 || code.at(lastAtom) != instruction(Op.Assert, Assertion.TextEnd)) return;
  program.lastStart = earlierAtom;
  program.lastEnd = lastAtom;
}

function beginAtom(at: i32, nullable: bool): void {
  settleAtom();
  restNullable = restNullable && atomNullable;
  earlierAtom = lastAtom;
  earlierNullable = atomNullable;
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
      goTo(position);
      return false;
    }
  } else if (!take(0x2a)) return false;
  if (lastAtom < 0) fail(Fault.NothingToRepeat, position);
  else if (least > 1000 || most > 1000 || (most >= 0 && most < least)) fail(Fault.BadCount, position);
  else repeat(least, most, take(0x3f) != ((activeFlags & UNGREEDY) != 0), position);
  return true;
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
  for (let i = 0; i < size; i++) put(code.at(start + i));
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
    while (isWord(peek())) next();
    name = slice(pattern, start, here);
    if (name.length == 0 || !take(0x3e)) return fail(Fault.BadGroupName, position);
    if (program.numberOf(name) > 0) return fail(Fault.SameName, position);
    number = -1;
  } else if (!readFlags(position)) return;
  if (number < 0) {
    number = program.groupCount++;
    if (number > MAX_GROUPS) return fail(Fault.TooManyGroups, position);
    if (name.length > 0) program.names += name + ":" + unitText(number) + ";";
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
  earlierNullable = true;
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
    code.set(at, instruction(Op.Jump, code.length - at));
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
    next();
    return atom(Op.Assert, assertion);
  }
  const point = escapedPoint(position);
  if (point >= 0) return putLiteral(point);
  const ranges = new Integers();
  addPerl(ranges, point);
  putClass(ranges);
}

/** Reads `\Q…\E`: all of it literally. */
function quote(): void {
  next();
  while (peek() != END && !(peek() == 0x5c && peek(1) == 0x45)) putLiteral(next());
  goTo(here + 2);
}

function charClass(position: i32): void {
  const ranges = new Integers();
  readClass(ranges, pattern, position, (activeFlags & IGNORE_CASE) != 0);
  if (program.fault == Fault.None) putClass(ranges);
}

function putClass(ranges: Integers): void {
  normalize(ranges);
  atom(Op.Class, addToPool(program.pool, ranges));
}

function flagOf(unit: u32): i32 {
  if (unit == 0x69) return IGNORE_CASE;
  if (unit == 0x6d) return MULTILINE;
  if (unit == 0x73) return DOT_ALL;
  return unit == 0x55 ? UNGREEDY : 0;
}
