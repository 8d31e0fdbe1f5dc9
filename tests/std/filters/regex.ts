/** What the regex tests call; compiled without the transform. */
import { Regex, RegexMatch } from "../../../assembly/std/regex";
import { compile as compileProgram } from "../../../assembly/std/regex/compiler";
import { setInput } from "../../../assembly/std/regex/input";
import { prepareSimulation, simulate } from "../../../assembly/std/regex/simulate";
import { allocate, mark, release } from "../../../assembly/memory/scratch";

let regex: Regex = new Regex("");
let program = compileProgram("", "");

/** Compiles what the other functions use; answers the error, or `""`. */
export function compile(pattern: string, flags: string): string {
  regex = new Regex(pattern, flags);
  program = compileProgram(pattern, flags);
  const error = regex.error;
  return error === null ? "" : error;
}

export function errorPosition(): i32 {
  return regex.errorPosition;
}

export function test(text: string): bool {
  return regex.test(text);
}

export function testWhole(text: string): bool {
  return regex.testWhole(text);
}

function positions(match: RegexMatch | null): string {
  if (match === null) return "none";
  let all = match.start.toString() + "-" + match.end.toString();
  for (let i = 1; i <= match.groupCount; i++) {
    all += "," + match.startOf(i).toString() + "-" + match.endOf(i).toString();
  }
  return all;
}

/** The positions of the match and its groups. */
export function exec(text: string, from: i32): string {
  return positions(regex.exec(text, from));
}

/** The same by the other way of searching, which is for long texts. */
export function execLong(text: string, from: i32): string {
  const count = program.groupCount * 2;
  setInput(program, text);
  const before = mark();
  const slots = allocate((<usize>count) << 2);
  memory.fill(slots, 0xff, (<usize>count) << 2);
  prepareSimulation(program, 0, from, count);
  const found = simulate(program, from, false, slots, count);
  let all = found ? "" : "none";
  for (let i = 0; i < count && found; i += 2) {
    const end = load<i32>(slots + ((<usize>i) << 2), 4);
    const start = end < 0 ? -1 : load<i32>(slots + ((<usize>i) << 2));
    all += (i > 0 ? "," : "") + start.toString() + "-" + end.toString();
  }
  release(before);
  return all;
}

export function named(text: string, name: string): string {
  const match = regex.exec(text);
  if (match === null) return "no match";
  const group = match.named(name);
  return group === null ? "none" : group;
}

export function replace(text: string, replacement: string): string {
  return regex.replace(text, replacement);
}

export function replaceAll(text: string, replacement: string): string {
  return regex.replaceAll(text, replacement);
}

export function split(text: string, limit: i32): string[] {
  return limit < 0 ? regex.split(text) : regex.split(text, limit);
}

export function execAll(text: string): string {
  const matches = regex.execAll(text);
  let all = "";
  for (let i = 0; i < matches.length; i++) all += (i > 0 ? ";" : "") + positions(matches[i]);
  return all;
}

export const TEXTS = idof<Array<string>>();
