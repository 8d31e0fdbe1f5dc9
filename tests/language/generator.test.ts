import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "./generator/program.js";

test("random programs mean in a module what they mean in Node, also what later callbacks find", async () => {
  const seeds = Array.from({ length: 24 }, (_, index) => 9000 + index);
  const { compared, different } = await compare(seeds, { level: "-O0", target: "debug" });
  assert.deepEqual(different, []);
  assert.ok(compared >= 20, `${compared} programs were compared`);
});
