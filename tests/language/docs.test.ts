import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sentences } from "../../src/language/sentences/table.js";
import { root } from "../support/paths.js";

/** Without line breaks, and without what a formatter escapes. */
const plain = (text: string): string => text.replace(/\s+/g, " ").replaceAll("\\", "");

test("docs/typescript.md has each sentence that the build says, and no other under its last heading", () => {
  const page = readFileSync(join(root, "docs/typescript.md"), "utf8");
  const [, list] = page.split("## What to write instead");
  const told = list!
    .trim()
    .split(/^- /m)
    .filter((line) => line !== "")
    .map(plain);
  const wanted = [...new Set(Object.values(sentences))].map((sentence) =>
    plain(`${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`),
  );
  assert.deepEqual(told.map((line) => line.trim()).sort(), wanted.sort());
});

test("a new project's AGENTS.md tells the same as docs/typescript.md", () => {
  const [, page] = readFileSync(join(root, "docs/typescript.md"), "utf8").split(/(?=## The same)/);
  const [, told] = readFileSync(join(root, "templates/common/AGENTS.md"), "utf8").split(/(?=## The same)/);
  const wanted = page!
    .replace(" (see [bugs](bugs.md#try-and-catch))", "")
    .replace("- See docs/typescript.md for all that can be written here.\n", "");
  assert.equal(plain(told!), plain(wanted));
});
