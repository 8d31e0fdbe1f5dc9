/** std/glob against the npm package picomatch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import picomatch from "picomatch";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("glob");

/** Judges `rounds` patterns on ten texts each. */
function judge(seed: number, rounds: number): void {
  const random = new Random(seed);
  const segments = [
    "a",
    "b",
    "ab",
    "*",
    "a*",
    "*b",
    "a*b*",
    "?",
    "a?",
    "[ab]",
    "[^a]",
    "[a-c]x",
    "{a,b}",
    "{a,b*}c",
    "**",
    "*.a",
    ".a",
    "{a,{b,c}d}",
  ];
  const texts = ["a", "b", "ab", "c", "abc", "bc", "ax", ".a", "a.a", "cd", "aabb", "é"];
  for (let i = 0; i < rounds; i++) {
    const pattern =
      (random.below(2) ? "r/" : "") +
      Array.from({ length: 1 + random.below(4) }, () => random.pick(segments)).join("/");
    // "a*/**" matches "ab", as "a/**" matches "a"; picomatch has only the second.
    if (/(^|[^*])\*(\/\*\*)+$/.test(pattern)) continue;
    const isMatch = picomatch(pattern, { dot: true });
    assert.equal(module.number("compile", pattern, "/"), 1, pattern);
    for (let j = 0; j < 10; j++) {
      const text =
        (random.below(2) ? "r/" : "") +
        Array.from({ length: 1 + random.below(4) }, () => random.pick(texts)).join("/");
      assert.equal(module.number("matches", text) !== 0, isMatch(text), `${pattern} on ${text}`);
    }
  }
}

test("globs match what picomatch matches", () => judge(1, rounds(10_000)));

test("what the wildcards mean", () => {
  const cases: [pattern: string, matching: string[], others: string[]][] = [
    ["/admin/**", ["/admin", "/admin/", "/admin/a/b"], ["/administrator", "/", "admin"]],
    ["/a/**/b", ["/a/b", "/a/x/b", "/a/x/y/b"], ["/a/xb", "/ab"]],
    ["/a*/**", ["/ab", "/ab/c"], ["/b"]],
    ["/a/**/**", ["/a", "/a/b"], ["/ab"]],
    ["**/b", ["b", "a/b", "/a/b"], ["ab"]],
    ["**", ["", "/", "a/b\n"], []],
    ["/**", ["/", "/a", "/a/b"], ["", "a"]],
    ["a**b", ["ab", "axb"], ["a/b"]],
    ["/*/x", ["/a/x", "//x"], ["/a/b/x", "/x"]],
    ["?", ["a", "é", "😀", "\ud800", "\udcff"], ["", "/", "ab"]],
    ["[!a-c]", ["d", "😀"], ["a", "b", "/"]],
    ["[]a]", ["]", "a"], ["b"]],
    ["[a-]", ["-", "a"], ["b"]],
    ["[😀-😂]", ["😁"], ["\ud83d", "a"]],
    ["[a\\]-c]", ["a", "]", "b"], ["-"]],
    ["{a,b{c,d},}x", ["ax", "bcx", "bdx", "x"], ["bx", "cx"]],
    ["{a/**,b}", ["a", "a/x/y", "b"], ["b/x"]],
    ["\\*\\{", ["*{"], ["a{"]],
    ["a,b}", ["a,b}"], ["a"]],
    ["", [""], ["a"]],
    [`{${"*,".repeat(100)}x}`, ["abc", "x", ""], ["/"]],
  ];
  for (const [pattern, matching, others] of cases) {
    for (const text of matching)
      assert.equal(module.number("test", pattern, text), 1, `${pattern} on ${text}`);
    for (const text of others) assert.equal(module.number("test", pattern, text), 0, `${pattern} on ${text}`);
  }
});

test("another separator serves hosts", () => {
  assert.equal(module.number("compile", "*.example.com", "."), 1);
  assert.equal(module.number("matches", "a.example.com"), 1);
  assert.equal(module.number("matches", "a.b.example.com"), 0);
  assert.equal(module.number("matches", "example.com"), 0);
  assert.equal(module.number("compile", "**.example.com", "."), 1);
  assert.equal(module.number("matches", "a.b.example.com"), 1);
  assert.equal(module.number("matches", "example.com"), 1);
});

test("patterns that are wrong are refused, at the right index", () => {
  const cases: Record<string, number> = {
    "[": 0,
    "a[b": 1,
    "[]": 0,
    "[!": 0,
    "a[b-a]": 3,
    "{": 1,
    "a{b,{c}": 7,
    "a\\": 2,
    "[\\": 0,
    "[a-": 0,
    "[a-\\": 0,
  };
  for (const [pattern, at] of Object.entries(cases)) {
    assert.equal(module.number("compile", pattern, "/"), 0, pattern);
    assert.equal(module.number("errorAt", pattern), at, pattern);
  }
  const random = new Random(2);
  for (let i = 0; i < rounds(20_000); i++) {
    const pattern = random.join(
      ["*", "**", "?", "[", "]", "!", "-", "{", "}", ",", "\\", "/", "a", "😀", "\ud800"],
      12,
    );
    const compiles = module.number("compile", pattern, "/") !== 0;
    assert.equal(compiles, module.number("errorAt", pattern) === -1, pattern);
    if (compiles) module.number("matches", random.text(10));
  }
});

test("an escaped text matches itself and nothing else", () => {
  const random = new Random(3);
  for (let i = 0; i < rounds(20_000); i++) {
    const text = random.join(["*", "?", "[", "]", "{", "}", ",", "\\", "/", "a", "!", "-", "😀"], 6);
    const other = random.join(["*", "?", "[", "]", "{", "}", ",", "\\", "/", "a", "!", "-", "😀"], 6);
    assert.equal(module.number("compile", module.text("escape", text), "/"), 1);
    assert.equal(module.number("matches", text), 1, text);
    assert.equal(module.number("matches", other) !== 0, text === other);
  }
});

test("tests and compilations take steps linear in their input", async () => {
  const judge = await linearJudge("glob");
  for (const pattern of [
    "*a*a*a*a*b",
    "**/a/**/a/**/b",
    "{a,aa,{a*,*a}*}*b",
    "[a-z]*[!b]?*",
    "*".repeat(100),
  ])
    for (const piece of ["a", "/", "a/", "\ud800", "😀"])
      judge((module, size) => module.number("test", pattern, piece.repeat(size / piece.length)), {
        most: 4000,
      });
  for (const piece of ["*", "**/", "?", "{", "{a,", "[a]", "[", "a,", "\\", "{}", "/**"]) {
    judge((module, size) => module.number("errorAt", piece.repeat(size / piece.length / 8)));
    judge((module, size) => module.number("errorAt", `{${piece.repeat(size / piece.length / 8)}}`));
  }
});
