/** Random patterns and texts, and what re2js (Go's regexp in JavaScript, by way of RE2/J) makes of them. */
import assert from "node:assert/strict";
import { RE2JS } from "re2js";
import type { PlainModule } from "../support/plain-module.js";
import { randomSource } from "./json-cases.js";

type Random = (below: number) => number;

const characters = [
  "a",
  "b",
  "c",
  "z",
  "Z",
  "A",
  "B",
  "0",
  "1",
  "_",
  " ",
  "-",
  "\n",
  "é",
  "€",
  "😀",
  "/",
  ".",
  "x",
];
const pick = <T>(random: Random, all: readonly T[]): T => all[random(all.length)]!;

function classItem(random: Random): string {
  return pick(random, [
    "a",
    "b-c",
    "A-C",
    "y-z",
    "0-9",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "é",
    "a-é",
    "€-😀",
    "[:alpha:]",
    "[:^upper:]",
    "[:punct:]",
    "[:space:]",
    "\\n",
    "\\x41",
    "\\x{20ac}",
    "-",
    "\\]",
    ".",
    "_",
    "^",
  ]);
}

function atom(random: Random, depth: number): string {
  switch (random(depth > 0 ? 14 : 9)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const text = pick(random, characters);
      return text === "." ? "\\." : text;
    }
    case 4:
      return ".";
    case 5:
      return pick(random, ["^", "$", "\\b", "\\B", "\\A", "\\z"]);
    case 6:
      return pick(random, [
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\n",
        "\\Qa.b\\E",
        "\\x61",
        "\\141",
        "\\-",
      ]);
    case 7:
    case 8:
      return `[${pick(random, ["", "", "^"])}${Array.from({ length: random(3) + 1 }, () => classItem(random)).join("")}]`;
    case 9:
    case 10:
    case 11:
      return `(${pattern(random, depth - 1)})`;
    case 12:
      return `(${pick(random, ["?:", "?i:", "?s:", "?m:", "?U:", "?i-s:", "?ims:", "?-i:"])}${pattern(random, depth - 1)})`;
    default:
      return `(?P<n${random(100000)}>${pattern(random, depth - 1)})`;
  }
}

function pattern(random: Random, depth: number): string {
  return Array.from({ length: pick(random, [1, 1, 1, 2, 3]) }, () =>
    Array.from({ length: random(5) }, () => {
      const one = atom(random, depth);
      if (random(3) !== 0) return one;
      const repeat = pick(random, [
        "*",
        "+",
        "?",
        "{0}",
        "{2}",
        "{0,2}",
        "{1,3}",
        "{2,}",
        "{0,}",
        "{,2}",
        "{",
      ]);
      return one + repeat + pick(random, ["", "", "?"]);
    }).join(""),
  ).join("|");
}

const broken = [
  "(",
  ")",
  "[",
  "]",
  "*",
  "+?",
  "{2,1}",
  "{1001}",
  "\\",
  "\\1",
  "\\8",
  "(?",
  "(?P<a>",
  "(?=a)",
  "(?<!a)",
  "|",
  "\\Q",
  "\\E",
  "[z-a]",
  "[[:x:]]",
  "\\x{110000}",
  "\\xg",
  "**",
  "(?i)",
  "(?z)",
  "(?i-)",
  "(?-)",
  "()",
  "(?:)",
  "\\C",
  "\\Z",
  "[\\b]",
  "[a-\\d]",
  "(?P=a)",
];

/** A pattern from a seed; one in six ends with the text, one in eight has a piece put in that is likely to break it. */
export function randomPattern(seed: number): string {
  const random = randomSource(seed);
  const text = pattern(random, 3) + (random(6) === 0 ? "$" : "");
  if (random(8) !== 0) return text;
  const at = random(text.length + 1);
  return text.slice(0, at) + pick(random, broken) + text.slice(at);
}

export function randomSubject(seed: number): string {
  const random = randomSource(seed);
  const few = random(2) === 0 ? characters : characters.slice(0, 3);
  return Array.from({ length: pick(random, [0, 1, 3, 6, 12, 20]) }, () => pick(random, few)).join("");
}

/** The positions of a match and its groups as the judge sees them. */
function judged(judge: RE2JS, text: string): string {
  const matcher = judge.matcher(text);
  if (!matcher.find()) return "none";
  return Array.from(
    { length: matcher.groupCount() + 1 },
    (_, group) => `${matcher.start(group)}-${matcher.end(group)}`,
  ).join(",");
}

/** All matches with their groups as the judge sees them. */
function judgedAll(judge: RE2JS, text: string): string {
  const matcher = judge.matcher(text);
  const all: string[] = [];
  while (matcher.find())
    all.push(
      Array.from(
        { length: matcher.groupCount() + 1 },
        (_, group) => `${matcher.start(group)}-${matcher.end(group)}`,
      ).join(","),
    );
  return all.join(";");
}

/** Compares all matches in texts that are long enough for either way of searching; answers how many there were. */
export function compareAllWithJudge(module: PlainModule, patterns: number, seed: number): number {
  let matches = 0;
  for (let i = 0; i < patterns; i++) {
    const source = randomPattern(seed * 3_000_017 + i);
    let judge: RE2JS;
    try {
      judge = RE2JS.compile(source);
    } catch {
      continue;
    }
    module.text("compile", source, "");
    for (const times of i % 20 === 0 ? [1, 150] : [1, 10]) {
      const text = randomSubject(seed * 5_000_011 + i)
        .slice(0, 15)
        .repeat(times);
      const expected = judgedAll(judge, text);
      assert.equal(
        module.text("execAll", text),
        expected,
        `${JSON.stringify(source)} in ${text.slice(0, 40)}`,
      );
      matches += expected.split(";").length;
    }
  }
  return matches;
}

/** Compares patterns with texts; fails at the first difference. Answers how many pairs were compared. */
export function compareWithJudge(
  module: PlainModule,
  patterns: number,
  textsOfEach: number,
  seed: number,
): { pairs: number; matches: number; errors: number } {
  const counts = { pairs: 0, matches: 0, errors: 0 };
  for (let i = 0; i < patterns; i++) {
    const source = randomPattern(seed * 1_000_003 + i);
    let judge: RE2JS | undefined;
    try {
      judge = RE2JS.compile(source);
    } catch {
      judge = undefined;
    }
    const error = module.text("compile", source, "");
    const name = JSON.stringify(source);
    assert.equal(error === "", judge !== undefined, `${name}: ${error}`);
    if (judge === undefined) {
      counts.errors++;
      continue;
    }
    for (let j = 0; j < textsOfEach; j++) {
      const text = randomSubject(seed * 7_000_003 + i * 31 + j);
      const expected = judged(judge, text);
      const where = `${name} in ${JSON.stringify(text)}`;
      assert.equal(module.text("exec", text, 0), expected, where);
      assert.equal(module.text("execLong", text, 0), expected, `${where} (long)`);
      assert.equal(module.number("test", text) !== 0, expected !== "none", where);
      assert.equal(module.number("testWhole", text) !== 0, judge.matches(text), `${where} (whole)`);
      counts.pairs++;
      if (expected !== "none") counts.matches++;
    }
  }
  return counts;
}
