/** All ways to write a guard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardPrograms } from "./programs.js";
import { tryGuards } from "./try-guards.js";

const programs = guardPrograms();

test(`each of ${programs.length} ways to write a guard refuses all requests`, async () => {
  assert.ok(programs.length >= 120);
  await tryGuards(programs);
});
