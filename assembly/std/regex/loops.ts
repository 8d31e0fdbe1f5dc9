/**
 * Finds the loops of a program that need no way back: those over one character, such as `[0-9]+`, behind which nothing can begin with a
 * character that the loop takes. Having taken all, such a loop need not be tried with fewer: what follows would fail there at once.
 *
 * @module
 */
import { allocate, mark, release } from "../../memory/scratch";
import { Assertion, Op, Program, instruction, opOf, valueOf } from "./program";

/** A set of characters: four words with a bit for each of ASCII, and a fifth that is not 0 when there may be others. */
const WORDS: i32 = 5;

function addCharacter(words: usize, point: i32): void {
  const at = point < 128 ? words + ((<usize>(point >> 5)) << 2) : words + 16;
  store<i32>(at, load<i32>(at) | (1 << (point & 31)));
}

/** Adds what an instruction takes. */
function addTaken(program: Program, words: usize, word: i32): void {
  const op = opOf(word);
  const value = valueOf(word);
  if (op == Op.Char) addCharacter(words, value);
  else if (op == Op.Letter) {
    addCharacter(words, value);
    addCharacter(words, value ^ 0x20);
  } else if (op == Op.Class) {
    const pool = program.pool;
    for (let i = 0; i < WORDS; i++) {
      const at = words + ((<usize>i) << 2);
      store<i32>(at, load<i32>(at) | pool.at(value + i));
    }
  } else {
    memory.fill(words, 0xff, WORDS << 2);
    // The newline.
    if (op == Op.NotNewline) store<i32>(words, load<i32>(words) & ~(1 << 10));
  }
}

function hasCharacter(words: usize, point: i32): bool {
  if (point >= 128) return load<i32>(words, 16) != 0;
  return ((load<i32>(words + ((<usize>(point >> 5)) << 2)) >> (point & 31)) & 1) != 0;
}

/** Tells whether an instruction may take a character of the set. */
function mayTake(program: Program, words: usize, word: i32): bool {
  const op = opOf(word);
  const value = valueOf(word);
  if (op == Op.Char) return hasCharacter(words, value);
  if (op == Op.Letter) return hasCharacter(words, value) || hasCharacter(words, value ^ 0x20);
  if (op != Op.Class) return true;
  const pool = program.pool;
  let both = 0;
  for (let i = 0; i < 4; i++) both |= pool.at(value + i) & load<i32>(words + ((<usize>i) << 2));
  return both != 0 || (pool.at(value + 4) != 0 && load<i32>(words, 16) != 0);
}

/** So many instructions are followed behind a loop; a program with many loops is prepared in time linear in its size. */
const MOST_FOLLOWED: i32 = 10;

/**
 * Tells whether what is reached from `start` may begin with a character of the set, or looks at the characters around it. `todo` has room
 * for `MOST_FOLLOWED` addresses.
 */
function mayFollow(program: Program, start: i32, words: usize, todo: usize): bool {
  const code = program.code;
  let top = todo;
  let at = start;
  for (let left = MOST_FOLLOWED; left > 0; left--) {
    const word = code.at(at);
    const op = opOf(word);
    if (op <= Op.Class || op == Op.Match) {
      if (op != Op.Match && mayTake(program, words, word)) return true;
      if (top == todo) return false;
      top -= 4;
      at = load<i32>(top);
    } else {
      // The end of the text is behind all that the loop takes, or nowhere.
      if (op == Op.Assert && valueOf(word) != Assertion.TextEnd) return true;
      if (op >= Op.SplitNext) {
        store<i32>(top, at + valueOf(word));
        top += 4;
      }
      at += op == Op.Jump ? valueOf(word) : 1;
    }
  }
  return true;
}

/** Makes a loop over one character, which prefers to go on, one that takes all that it can, where that is the same. */
export function prepareLoops(program: Program): void {
  const code = program.code;
  const before = mark();
  const taken = allocate(WORDS << 2);
  const todo = allocate(MOST_FOLLOWED << 2);
  for (let at = 0; at + 1 < code.length; at++) {
    const word = code.at(at);
    const isMore = word == instruction(Op.SplitTarget, -1);
    const isAny = word == instruction(Op.SplitNext, 3) && code.at(at + 2) == instruction(Op.Jump, -2);
    if (!isMore && !isAny) continue;
    const one = code.at(isMore ? at - 1 : at + 1);
    if (opOf(one) > Op.Class) continue;
    memory.fill(taken, 0, WORDS << 2);
    addTaken(program, taken, one);
    if (mayFollow(program, isMore ? at + 1 : at + 3, taken, todo)) continue;
    code.set(at, isMore ? instruction(Op.More, -1) : instruction(Op.Many, 3));
  }
  release(before);
}
