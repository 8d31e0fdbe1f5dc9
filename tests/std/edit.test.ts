/** std/edit against JavaScript's replaceAll on the whole, whatever the sizes of the chunks are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("edit");
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

test("bytes are replaced as in the whole, over all borders, and no more is kept than what is looked for", () => {
  const random = new Random(1);
  for (let i = 0; i < rounds(600); i++) {
    const letters = random.pick(["ab", "ab", "abc", "\x00\xff"]);
    const text = (most: number): string =>
      Array.from({ length: random.below(most) }, () => letters[random.below(letters.length)]).join("");
    const search = text(6);
    const by = text(5);
    const body = text(60);
    const expected = search === "" ? body : body.split(search).join(by);
    const size = 1 + random.below(9);
    const found = module.bytes("replaceBytes", bytes(search), bytes(by), bytes(body), size)!;
    assert.equal(found.toString("latin1"), expected, JSON.stringify([search, by, body, size]));
    assert.ok(module.number("mostHeld") < Math.max(search.length, 1));
  }
});

test("patterns are replaced as in the whole, with what stands before and behind", () => {
  const random = new Random(2);
  const patterns: [string, string][] = [
    ["[0-9]+", "<$&>"],
    ["\\bab\\b", "[]"],
    ["^a", "A"],
    ["b$", "B"],
    ["(a)(b|é)", "$2$1"],
    ["a|ab", "-"],
    ["x*", "."],
    ["😀|é", "e"],
  ];
  const pieces = ["a", "b", "ab", " ", "1", "23", "é", "😀", "x", "\n"];
  for (let i = 0; i < rounds(600); i++) {
    const [pattern, by] = random.pick(patterns);
    let body = "";
    // Runs that match are shorter than the longest match that is looked for.
    for (let n = random.below(25); n > 0; n--) body += `${random.pick(pieces)}${n % 5 === 0 ? " " : ""}`;
    const size = 1 + random.below(12);
    const expected = body.replace(new RegExp(pattern, "gu"), by);
    const found = module.bytes("replacePattern", pattern, by, 12, Buffer.from(body), size)!;
    assert.equal(found.toString(), expected, JSON.stringify([pattern, body, size]));
    assert.ok(module.number("mostHeld") <= 2 * 12 + 4 + size);
  }
});

test("bytes that are no text pass a pattern as they are", () => {
  const body = Buffer.from([0xff, 0x61, 0xc3, 0xe2, 0x82, 0x61, 0xf0, 0x9f, 0x98]);
  for (let size = 1; size <= body.length; size++) {
    const found = module.bytes("replacePattern", "a", "b", 2, body, size)!;
    assert.deepEqual(
      [...found],
      [...body].map((byte) => (byte === 0x61 ? 0x62 : byte)),
    );
  }
});

test("what an editor puts in is looked through by those behind it", () => {
  for (let size = 1; size < 12; size++)
    assert.equal(
      module.bytes("replaceTwice", "one", "two", "three", bytes("a one two"), size)!.toString(),
      "a three three",
    );
});

test("editors take time linear in the body, and little memory, for the worst of bodies", async () => {
  const judge = await linearJudge("edit");
  judge((it, size) =>
    it.bytes("replaceBytes", bytes("aaaaaaaaab"), bytes(""), Buffer.alloc(size, "a"), 1024),
  );
  judge((it, size) => it.bytes("replaceBytes", bytes("a"), bytes("bcdef"), Buffer.alloc(size, "a"), 1024));
  judge((it, size) => it.bytes("replacePattern", "a+b", "c", 64, Buffer.alloc(size, "a"), 7), {
    sizes: [1 << 11, 1 << 13, 1 << 15],
    most: 20_000,
  });
  judge((it, size) => it.bytes("replacePattern", "[ab]", "$&$&", 64, Buffer.alloc(size, "ab"), 1024), {
    sizes: [1 << 12, 1 << 15, 1 << 17],
    most: 20_000,
  });
});
