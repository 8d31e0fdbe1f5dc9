// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/rate-limit.wasm", import.meta.url));

test("unit: what was counted leaves the window slowly, and clients are told when to come again", async () => {
  const host = await createHost({
    wasm,
    pluginConfig: { requests: 2, seconds: 10 },
    time: 1_000_000_003_000,
  });
  const ask = () => host.request();
  const first = await ask();
  assert.equal(first.headers.get("ratelimit-policy"), '"client";q=2;w=10');
  assert.equal(first.headers.get("ratelimit"), '"client";r=1;t=7');
  assert.deepEqual([first.status, (await ask()).status], [200, 200]);
  const refused = await ask();
  assert.deepEqual([refused.status, refused.details], [429, "rate_limited"]);
  assert.equal(refused.headers.get("retry-after"), "12", "half a window later, one of two is out of it");
  await host.tick(11_000);
  assert.equal((await ask()).status, 429);
  await host.tick(1000);
  assert.deepEqual([(await ask()).status, (await ask()).status], [200, 429]);
});
