// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/ai-tokens.wasm", import.meta.url));

const events = (...list) => list.map((event) => `data: ${JSON.stringify(event)}\n\n`);
const start = () =>
  createHost({ wasm, pluginConfig: { user: "x-user", tokens: 100, seconds: 60 }, time: 1_000_000_000_000 });

test("unit: tokens of streams are counted, and who has none left waits", async () => {
  const host = await start();
  const chunks = events(
    { choices: [] },
    { usage: null },
    { usage: { prompt_tokens: 40, completion_tokens: 60 } },
  );
  // Cut anywhere.
  const body = [...(chunks.join("") + "data: [DONE]\n\n")];
  host.script("upstream", { headers: { "content-type": "text/event-stream; charset=utf-8" }, body });
  const first = await host.request({ headers: { "x-user": "ann" } });
  assert.equal(first.body, body.join(""));
  assert.ok(first.messages.includes("ann used 100, left 0"), first.messages.join());
  const second = await host.request({ headers: { "x-user": "ann" } });
  assert.deepEqual([second.status, second.details], [429, "no_tokens"]);
  assert.ok(Number(second.headers.get("retry-after")) > 0 || second.headers.get("ratelimit") !== null);
  assert.equal((await host.request({ headers: { "x-user": "bob" } })).status, 200);
  await host.tick(120_000);
  assert.equal((await host.request({ headers: { "x-user": "ann" } })).status, 200);
});

test("unit: the last number of a stream counts, and JSON answers count", async () => {
  const host = await start();
  host.script("upstream", {
    headers: { "content-type": "text/event-stream" },
    body: events(
      { type: "message_start", message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      { type: "message_delta", usage: { output_tokens: 7 } },
    ),
  });
  const stream = await host.request({ headers: { "x-user": "ann" } });
  assert.ok(stream.messages.includes("ann used 12, left 88"), stream.messages.join());
  host.script("upstream", {
    headers: { "content-type": "application/json" },
    body: ['{"usage":{"prompt_tokens":3,', '"completion_tokens":4}}'],
  });
  const json = await host.request({ headers: { "x-user": "ann" } });
  assert.ok(json.messages.includes("ann used 7, left 81"), json.messages.join());
  for (const body of ['{"usage":', '{"usage":{"prompt_tokens":-5}}', '{"usage":[]}', "\xff"]) {
    host.script("upstream", { headers: { "content-type": "application/json" }, body });
    const odd = await host.request({ headers: { "x-user": "ann" } });
    assert.deepEqual([odd.status, odd.messages], [200, []]);
  }
  assert.equal((await host.request()).status, 401);
});
