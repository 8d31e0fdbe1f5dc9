/** What docs/host-calls.md says is what a real Envoy does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { envoyTest, found } from "../support/envoy.js";
import { root } from "../support/paths.js";
import type { Cells } from "./measure.js";
import { measure } from "./measure.js";
import { page } from "./page.js";

const known = JSON.parse(readFileSync(join(root, "tests/host-calls/cells.json"), "utf8")) as Cells;

test("docs/host-calls.md has what was measured", async () => {
  const file = join(root, "docs/host-calls.md");
  const text = await format(page(known), { ...(await resolveConfig(file)), filepath: file });
  assert.ok(readFileSync(file, "utf8") === text, "it differs: npm run host-calls");
});

envoyTest("each host call answers in each callback of a real Envoy as the table has it", async () => {
  const measured = await measure(found.path!, { known });
  let count = 0;
  const wrong: string[] = [];
  for (const [row, columns] of Object.entries(measured)) {
    for (const [callback, cell] of Object.entries(columns)) {
      count++;
      const before = known[row]![callback];
      if (cell !== before) wrong.push(`${row} in ${callback}: ${before} before, ${cell} now`);
    }
  }
  assert.equal(wrong.join("\n"), "");
  assert.ok(count > 2000, `${count} cells`);
});
