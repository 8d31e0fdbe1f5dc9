import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileFilter, compileText } from "../support/compile.js";
import { root } from "../support/paths.js";

const page = readFileSync(join(root, "docs/flow.md"), "utf8");

for (const [index, [, code]] of [...page.matchAll(/```ts\n([^]*?)```/g)].entries()) {
  if (!code!.includes("registerFlow(")) continue;
  test(`docs/flow.md: filter ${index + 1} compiles`, async () => {
    assert.equal(await compileText(code!), undefined);
  });
}

test("docs/flow.md names the size of hello written with flow", async () => {
  const { size } = statSync(await compileFilter("tests/flow/filters/hello.ts", { optimized: true }));
  assert.ok(page.includes(`${size.toLocaleString("en")} bytes`), String(size));
});
