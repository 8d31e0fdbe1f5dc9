/** Regular expressions against re2js, which is Go's regexp, and against JavaScript where the two are the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startPlainModule } from "../support/plain-module.js";
import { compareWithJudge, randomSubject } from "./regex-cases.js";

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

test("hostile patterns and texts take time linear in the text", () => {
  const long = "a".repeat(100_000);
  const cases: [string, string, string][] = [
    ["(a+)+$", long, "0-100000,0-100000"],
    ["(a+)+$", `${long}b`, "none"],
    ["(a*)*$", `${long}b`, "100001-100001,100001-100001"],
    ["(a|a|b)*c", long, "none"],
    ["(a|aa)+$", `${long}b`, "none"],
    ["(.*)(.*)(.*)x", long, "none"],
    ["(?:a?){50}a{50}$", `${long}b`, "none"],
    ["(\\w+\\s?)+:", `${"word ".repeat(20_000)}`, "none"],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", long, "none"],
    [`${"(".repeat(200)}a${")*".repeat(200)}$`, "a".repeat(1000), `0-1000${",0-1000".repeat(199)},999-1000`],
  ];
  for (const [pattern, text, expected] of cases) {
    compile(pattern);
    const start = performance.now();
    assert.equal(module.text("exec", text, 0), expected, pattern);
    const whole = performance.now() - start;
    assert.ok(whole < 4000, `${pattern}: ${whole} ms`);
  }
  assert.ok(module.memorySize() < 64 << 20, String(module.memorySize()));
});

test("hostile patterns are compiled, or refused, at once", () => {
  const cases = [
    "(".repeat(100_000),
    `${"(?:".repeat(50_000)}${")".repeat(50_000)}`,
    "[".repeat(100_000),
    "a|".repeat(9_000),
    "(((a{30}){30}){30}){30}",
    "a{1000}".repeat(1000),
    `${"(?:".repeat(5000)}a${")*".repeat(5000)}`,
    `[${"a-z".repeat(5000)}]`,
    `[${"za".repeat(5000)}]`,
    "\\Q".repeat(10_000),
    "(?i)".repeat(10_000),
  ];
  for (const pattern of cases) {
    const start = performance.now();
    module.text("compile", pattern, "");
    module.text("exec", "aaa", 0);
    assert.ok(performance.now() - start < 2000, `${pattern.slice(0, 20)}: ${performance.now() - start} ms`);
  }
});
