import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compilePuppet } from "../parity/puppet.js";

/** Numbers that are the same in each run. */
function numbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
}

test("host: every stream that begins ends, whatever the filter and the client do", async () => {
  let created = 0;
  let deleted = 0;
  const host = await createHost({
    wasm: await compilePuppet(),
    upstream: { body: ["a", "b"], delay: 3 },
    onCall: ({ name, isOver }) => {
      if (name === "proxy_on_context_create" && !isOver) created++;
      if (name === "proxy_on_delete" && !isOver) deleted++;
    },
  });
  const pick = numbers(1);
  const scripts = [
    "qh:ret 0",
    "qh:ret 1",
    "qh:local 403 x y",
    "qb:ret 1",
    "qe:local 402 x y",
    "rh:ret 1",
    "rh:close 1",
    "rb:ret 1",
    "rb:local 500 x y",
    "qh:cont 0;ret 1",
    "qb:ret 3",
    "re:close 0",
  ];
  for (let i = 0; i < 1500; i++) {
    const script = scripts[pick(scripts.length)]!;
    const stream = host.open({ method: "POST", headers: { "x-script": script, "content-length": "4" } });
    stream.sendHeaders();
    if (pick(8) === 0) stream.abort();
    if (!stream.isOver) stream.send("ab");
    if (pick(3) === 0) await host.tick(pick(5));
    if (!stream.isOver) stream.send("cd", true);
    await host.tick(pick(8));
    if (!stream.isOver) stream.abort();
  }
  await host.tick(60_000);
  assert.equal(created, 1500 + 1, "each stream's context, and the plugin's");
  assert.equal(deleted, 1500);
});
