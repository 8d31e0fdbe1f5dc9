import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { compileText } from "../support/compile.js";
import { root } from "../support/paths.js";

const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");

  const filters = [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);
  for (const [index, code] of filters.entries()) {
    if (!/register\w+</.test(code)) continue;
    test(`${page}: filter ${index + 1} compiles`, async () => {
      assert.equal(await compileText(code), undefined);
    });
  }

  test(`${page}: links lead somewhere`, () => {
    const links = [
      ...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
      ...text.matchAll(/^\[[^\]]+\]: ([^#:\s]+)$/gm),
    ];
    for (const [, target] of links)
      assert.ok(existsSync(join(root, dirname(page), target!)), `${page} links to ${target}`);
  });
}

test("the README is short", () => {
  assert.ok(readFileSync(join(root, "README.md"), "utf8").split("\n").length <= 120);
});

test("the README names hello's size", () => {
  const { bytes } = JSON.parse(readFileSync(join(root, "tests/golden/hello.json"), "utf8")) as {
    bytes: number;
  };
  assert.ok(readFileSync(join(root, "README.md"), "utf8").includes(`${bytes.toLocaleString("en")} bytes`));
});
