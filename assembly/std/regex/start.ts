/**
 * The possible first characters of a match: a search looks for them before it tries anything.
 *
 * @module
 */
import { Integers } from "../../memory/integers";
import { allocate, mark, release } from "../../memory/scratch";
import { Op, Program } from "./program";

/** Finds the characters with which a match can begin. */
export function prepareStart(program: Program): void {
  const code = program.code;
  const pool = program.pool;
  const starts = program.starts;
  let start = 0;
  while ((code.at(start) & 15) == Op.Save) start++;
  program.first = code.at(start);
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
    const op: Op = code.at(at) & 15;
    const value = code.at(at) >> 4;
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
}

function addStart(program: Program, point: i32): void {
  if (point >= 128) program.startsBeyond = true;
  else program.starts.set(point >> 5, program.starts.at(point >> 5) | (1 << (point & 31)));
}
