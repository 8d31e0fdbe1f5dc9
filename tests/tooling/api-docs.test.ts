/** The public names of the SDK are documented: typedoc has nothing to warn of. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "../support/paths.js";

test("typedoc builds the API's documentation without a warning", async () => {
  const run = promisify(execFile)("npx", ["typedoc", "--emit", "none"], { cwd: root });
  await assert.doesNotReject(run);
});
