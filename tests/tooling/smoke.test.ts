import assert from "node:assert/strict";
import { test } from "node:test";
import { version } from "../../src/index.js";

test("the package says its version", () => {
  assert.equal(version, "0.1.0");
});
