/** Regular expressions against re2js, which is Go's regexp, and against JavaScript where the two are the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startPlainModule } from "../support/plain-module.js";
import { CountedModule, linearJudge } from "./linear.js";
import { compareAllWithJudge, compareWithJudge, randomSubject } from "./regex-cases.js";

const module = await startPlainModule("tests/std/filters/regex.ts");

function compile(pattern: string, flags = ""): void {
  assert.equal(module.text("compile", pattern, flags), "", pattern);
}

test("random patterns match random texts as in re2js, in both ways of searching", () => {
  const { pairs, matches, errors } = compareWithJudge(module, 4000, 5, Number(process.env["SEED"] ?? 1));
  assert.ok(
    pairs > 15_000 && matches > pairs / 4 && errors > 200,
    JSON.stringify({ pairs, matches, errors }),
  );
});

test("all matches in short and long texts are those of re2js", () => {
  const matches = compareAllWithJudge(module, 1000, Number(process.env["SEED"] ?? 1));
  assert.ok(matches > 10_000, String(matches));
});

test("replace, replaceAll, split and execAll do as JavaScript does", () => {
  const patterns = [
    "a",
    "b*",
    "",
    "(a)(b)?",
    "[ab]+",
    "(?:a|b)c",
    "(.)(.)",
    "\\b",
    "^",
    "$",
    "é|€",
    "(a)(b)(c)",
    "(x)|(y)|(z)|(a)|(b)|(c)|(0)|(1)|(_)|( )|(-)",
  ];
  const replacements = [
    "",
    "x",
    "$1",
    "$2$1",
    "[$&]",
    "$$",
    "$",
    "$3",
    "$11",
    "$10",
    "$0",
    "$01",
    "$<n>",
    "a$",
    "$$1",
    "$9z",
  ];
  for (const pattern of patterns) {
    compile(pattern);
    for (let seed = 0; seed < 30; seed++) {
      const text = randomSubject(seed + 100);
      const where = `${pattern} in ${JSON.stringify(text)}`;
      for (const replacement of replacements) {
        if (replacement === "$01") continue;
        assert.equal(
          module.text("replace", text, replacement),
          text.replace(new RegExp(pattern, "u"), replacement),
          `${where}: ${replacement}`,
        );
        assert.equal(
          module.text("replaceAll", text, replacement),
          text.replace(new RegExp(pattern, "gu"), replacement),
          `${where}: ${replacement}`,
        );
      }
      const all = [...text.matchAll(new RegExp(pattern, "gu"))].map((match) => match.index);
      const found = module.text("execAll", text);
      assert.deepEqual(
        found === "" ? [] : found.split(";").map((match) => Number(match.split("-")[0])),
        all,
        where,
      );
      if (pattern.includes("(") && !pattern.includes("(?:")) continue;
      for (const limit of [-1, 0, 1, 2])
        assert.deepEqual(
          module.texts("split", text, limit),
          text.split(new RegExp(pattern, "u"), limit < 0 ? undefined : limit),
          `${where}, ${limit}`,
        );
    }
  }
});

test("names lead to their groups", () => {
  compile("(?P<year>\\d{4})-(?<month>\\d\\d)(?P<day>-\\d\\d)?");
  assert.equal(module.text("named", "on 2024-11.", "year"), "2024");
  assert.equal(module.text("named", "on 2024-11.", "month"), "11");
  assert.equal(module.text("named", "on 2024-11.", "day"), "none");
  assert.equal(module.text("named", "on 2024-11.", "hour"), "none");
  assert.equal(module.text("replaceAll", "2024-11", "$<month>/$<year>$<day>$<hour>"), "11/2024$<hour>");
});

test("flags and exec from a position", () => {
  compile("^a.c$", "ims");
  assert.equal(module.text("exec", "x\nA\nC\ny", 0), "2-5");
  compile("a+", "U");
  assert.equal(module.text("exec", "aaa", 1), "1-2");
  compile("^b");
  assert.equal(module.text("exec", "ab", 1), "none", "^ is the beginning of the text, not of the search");
  compile("\\bb");
  assert.equal(module.text("exec", "ab b", 1), "3-4");
  assert.equal(module.text("exec", "ab b", 5), "none");
  assert.equal(module.text("exec", "ab b", -1), "none");
});

test("a byte that is not UTF-8 is a character", () => {
  compile("^a.b$");
  assert.equal(module.text("exec", "a\udc80b", 0), "0-3");
  compile("^.$");
  assert.equal(module.text("exec", "😀", 0), "0-2");
  assert.equal(module.text("exec", "\ud83d", 0), "0-1");
});

test("an error says what and where", () => {
  const cases: [string, string][] = [
    ["a(b", "position 1: missing )"],
    ["ab)", "position 2: unexpected )"],
    ["a[b", "position 1: missing ]"],
    ["*a", "position 0: nothing to repeat"],
    ["a|*", "position 2: nothing to repeat"],
    ["a**", "position 2: a repetition of a repetition"],
    ["a{3,2}", "position 1: bad repetition count"],
    ["a{1001}", "position 1: bad repetition count"],
    ["[z-a]", "position 1: bad range"],
    ["[[:nope:]]", "position 1: unknown class"],
    ["a\\y", "position 1: unknown escape"],
    ["(a)\\1", "position 3: unknown escape"],
    ["\\pL", "position 0: unknown escape"],
    ["(?P<a>x)(?P<a>y)", "position 8: two groups of one name"],
    ["(?=a)", "position 0: unknown flags, or look-ahead, which RE2 does not have"],
    ["(?<!a)", "position 0: bad group name, or look-behind, which RE2 does not have"],
    ["((a{100}){100}){100}", "position 15: the pattern is too large"],
    ["()".repeat(251), "position 500: too many groups"],
  ];
  for (const [pattern, error] of cases) {
    assert.equal(module.text("compile", pattern, ""), error, pattern);
    assert.equal(module.text("exec", "a", 0), "none");
    assert.equal(module.number("test", "a"), 0);
    assert.equal(module.text("replaceAll", "a", "b"), "a");
    assert.deepEqual(module.texts("split", "a", -1), ["a"]);
  }
  assert.equal(module.text("compile", "a", "g"), "position 0: unknown flag");
});

const hostile: [pattern: string, text: (size: number) => string][] = [
  ["(a+)+$", (size) => "a".repeat(size)],
  ["(a|a|b)*c", (size) => `${"a".repeat(size)}c`],
  ["(a+)+$", (size) => `${"a".repeat(size)}b`],
  ["(a*)*$", (size) => `${"a".repeat(size)}b`],
  ["(a|a|b)*[cd]", (size) => "a".repeat(size)],
  ["(a|aa)+$", (size) => `${"a".repeat(size)}b`],
  ["(.*)(.*)(.*)[xy]", (size) => "a".repeat(size)],
  ["(?:a?){9}a{9}$", (size) => `${"a".repeat(size)}b`],
  ["(\\w+\\s?)+[:;]", (size) => "word ".repeat(size / 5)],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", (size) => "a".repeat(size)],
  // Many ways come to a loop that takes all that it can.
  ["[ab]*?b+c", (size) => "b".repeat(size)],
  ["^(?:a|b)*?b+c", (size) => "b".repeat(size)],
  ["^(?:b|bb)*b*c", (size) => "b".repeat(size)],
];

/** What is tried for one match and leads nowhere would be tried for the next again. */
const hostileToAll: typeof hostile = [
  ["a*[bc]|a", (size) => "a".repeat(size)],
  ["a(?:.*b)?", (size) => "a".repeat(size)],
  ["<!--.*?-->|<", (size) => "<!--".repeat(size / 4)],
  ["(?:😀)*b|😀", (size) => `x${"😀".repeat(size / 2)}`],
  ['"(?:[^"\\\\]|\\\\.)*"|.', (size) => '\\"'.repeat(size / 2)],
  ["(?:a*)*b|a|", (size) => "a".repeat(size)],
];

test("hostile patterns and texts of 100 KB have results", () => {
  const long = "a".repeat(100_000);
  const cases: [string, string, string][] = [
    ["(a+)+$", long, "0-100000,0-100000"],
    ["(a+)+$", `${long}b`, "none"],
    ["(a*)*$", `${long}b`, "100001-100001,100001-100001"],
    ["(a|a|b)*c", long, "none"],
    ["(a|aa)+$", `${long}b`, "none"],
    ["(?:a?){50}a{50}$", `${long}b`, "none"],
    [`${"(".repeat(200)}a${")*".repeat(200)}$`, "a".repeat(1000), `0-1000${",0-1000".repeat(199)},999-1000`],
  ];
  for (const [pattern, text, expected] of cases) {
    compile(pattern);
    assert.equal(module.text("exec", text, 0), expected, pattern);
  }
  compile("a*b|a");
  assert.equal(module.text("replaceAll", long, "c"), "c".repeat(100_000));
  assert.equal(module.texts("split", `${long}b${long}`, -1).length, 100_002);
});

test("a text that ends with a character no match ends with is refused at once", async () => {
  const counted = await CountedModule.load("regex");
  const steps = (pattern: string, text: string): number => {
    counted.module.text("compile", pattern, "");
    return counted.stepsOf((it) => assert.equal(it.number("test", text), 0));
  };
  const text = `${"a".repeat(100_000)}b`;
  for (const pattern of ["(a+)+$", "(?:x|(a+))+$", "[^b]{2,}$", "(?i)(A+)+$"])
    assert.ok(steps(pattern, text) < 100_000, pattern);
  // The last character is a pair, or what a search that begins within one sees of it.
  compile("(?:[^a]|x)$");
  assert.equal(module.text("exec", "😀", 0), "0-2");
  assert.equal(module.text("exec", "😀", 1), "1-2");
  compile("[\\x{10000}-\\x{10ffff}]$");
  assert.equal(module.text("exec", "a😀", 0), "1-3");
  assert.equal(module.text("exec", "a😀", 2), "none");
  compile("[^\\x{10000}-\\x{10ffff}]$");
  assert.equal(module.text("exec", "a😀", 2), "2-3");
});

test("a character that begins all matches, or is in all, is found wherever it stands", () => {
  for (let size = 0; size < 20; size++)
    for (let at = 0; at <= size; at++) {
      const text = `${"é".repeat(at)},${"ë".repeat(size - at)}`;
      compile(",");
      assert.equal(module.text("exec", text, 0), `${at}-${at + 1}`);
      assert.equal(module.text("exec", text, at), `${at}-${at + 1}`);
      assert.equal(module.text("exec", text, at + 1), "none");
      compile(".?,");
      assert.equal(module.number("test", text), 1);
      assert.equal(module.number("test", text.replace(",", "é")), 0);
    }
});

test("hostile patterns and texts take steps linear in the text", async () => {
  const judge = await linearJudge("regex");
  const run = (
    pattern: string,
    text: (size: number) => string,
    name: string,
    ...more: (string | number)[]
  ): void => {
    // Short and long texts are searched in different ways.
    for (const sizes of [
      [1 << 9, 1 << 11],
      [1 << 15, 1 << 16],
    ])
      judge(
        (it, size) => {
          it.number("compile", pattern, "");
          it.number(name, text(size), ...more);
        },
        { sizes, most: 20_000 },
      );
  };
  for (const [pattern, text] of hostile) run(pattern, text, "exec", 0);
  for (const [pattern, text] of hostileToAll) {
    run(pattern, text, "replaceAll", "-");
    run(pattern, text, "split", -1);
  }
});

test("hostile patterns are compiled, or refused, in steps linear in the pattern", async () => {
  const judge = await linearJudge("regex");
  const cases: ((size: number) => string)[] = [
    (size) => "(".repeat(size),
    (size) => `${"(?:".repeat(size / 4)}${")".repeat(size / 4)}`,
    (size) => "[".repeat(size),
    (size) => `${"(?:".repeat(size / 8)}a${")*".repeat(size / 8)}`,
    (size) => `[${"a-z".repeat(size / 3)}]`,
    (size) => "\\Q".repeat(size / 2),
    (size) => "(?i)".repeat(size / 4),
    (size) => "a|".repeat(size / 2),
    (size) => "a*b*c*d*".repeat(size / 8),
    (size) => "(?:a*|b*|c*)".repeat(size / 12),
    (size) => `[${"za".repeat(size / 2)}]`,
    (size) => "a{1000}".repeat(size / 7),
  ];
  for (const text of cases)
    for (const size of [1 << 12, 1 << 15, 1 << 20])
      judge(
        (it) => {
          it.number("compile", text(size), "");
          it.number("exec", "aaa", 0);
        },
        { sizes: [size] },
      );
  assert.match(module.text("compile", "(((a{30}){30}){30}){30}", ""), /too large/);
});
