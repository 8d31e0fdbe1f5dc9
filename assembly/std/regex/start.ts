/**
 * Facts about a program that are found before it runs: the possible first characters of a match, which a search looks for before it
 * tries anything, and where ways meet.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { allocate, mark, release } from "../../memory/scratch";
import { unitText } from "../../memory/utf16";
import { prepareLoops } from "./loops";
import { ANCHOR, JOIN, Op, Program, opOf, valueOf } from "./program";

/** Finds the characters with which a match can begin, and marks the instructions that jumps lead to. */
export function prepareStart(program: Program): void {
  const code = program.code;
  const pool = program.pool;
  const starts = program.starts;
  let start = 0;
  while (opOf(code.at(start)) == Op.Save) start++;
  program.anchored = code.at(start) == ANCHOR;
  program.rowSize = (code.length + 7) >> 3;
  for (let i = 0; i < 4; i++) starts.push(0);
  const before = mark();
  const reached = allocate(code.length);
  memory.fill(reached, 0, code.length);
  const todo = new Integers();
  todo.push(0);
  while (todo.length > 0) {
    const at = todo.pop();
    if (load<bool>(reached + at)) continue;
    store<bool>(reached + at, true);
    const op = opOf(code.at(at));
    const value = valueOf(code.at(at));
    if (op == Op.Match || op == Op.Any || op == Op.NotNewline) program.startsAnywhere = true;
    else if (op == Op.Char) addStart(program, value);
    else if (op == Op.Letter) {
      addStart(program, value);
      addStart(program, value ^ 0x20);
    } else if (op == Op.Class) {
      for (let i = 0; i < 4; i++) starts.set(i, starts.at(i) | pool.at(value + i));
      if (pool.at(value + 4) > 0) program.startsBeyond = true;
    } else {
      if (op != Op.Save && op != Op.Assert) todo.push(at + value);
      if (op != Op.Jump) todo.push(at + 1);
    }
  }
  release(before);
  let characters = 0;
  for (let i = 0; i < 4; i++) {
    const bits = starts.at(i);
    characters += popcnt(bits);
    if (bits != 0) program.startUnit = (i << 5) + ctz(bits);
  }
  if (characters != 1 || program.startsBeyond || program.startsAnywhere) program.startUnit = 0;
  prepareLoops(program);
  for (let i = 0; i < code.length; i++) {
    const op = opOf(code.at(i));
    if (op == Op.Jump || op == Op.SplitNext || op == Op.SplitTarget) {
      const target = i + valueOf(code.at(i));
      // A loop notes by itself where it has been, and the last two instructions always lead to a match.
      if (opOf(code.at(target)) < Op.Many && target < code.length - 2)
        code.set(target, code.at(target) | JOIN);
    }
  }
  if (code.at(1) != ANCHOR) return;
  for (let at = 2; (code.at(at) & ~(0x7ff << 5)) == <i32>Op.Char; at++)
    program.prefix += unitText(valueOf(code.at(at)));
  program.prefixLength = program.prefix.length;
}

function addStart(program: Program, point: i32): void {
  if (point >= 128) program.startsBeyond = true;
  else program.starts.set(point >> 5, program.starts.at(point >> 5) | (1 << (point & 31)));
}
