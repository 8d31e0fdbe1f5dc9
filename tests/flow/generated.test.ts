import assert from "node:assert/strict";
import { test } from "node:test";
import { runGenerated } from "./support/generated.js";

test("random handlers answer as they do in plain JavaScript, whatever is collected meanwhile", async () => {
  // Another day, other handlers: `npx tsx tests/flow/generated.ts 100` runs more of them.
  assert.ok((await runGenerated(1, 16, 4)) > 20);
  assert.ok((await runGenerated(2, 16, 4)) > 20);
});
