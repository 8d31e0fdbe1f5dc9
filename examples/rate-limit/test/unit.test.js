// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/rate-limit.wasm", import.meta.url));

test("unit: the count begins anew with each window, and clients are told when", async () => {
  const host = await createHost({
    wasm,
    pluginConfig: { requests: 2, seconds: 10 },
    time: 1_000_000_003_000,
  });
  const status = async () => (await host.request()).status;
  assert.deepEqual([await status(), await status(), await status()], [200, 200, 429]);
  const refused = await host.request();
  assert.equal(refused.headers.get("retry-after"), "7");
  assert.equal(refused.details, "rate_limited");
  await host.tick(6999);
  assert.equal(await status(), 429);
  await host.tick(1);
  assert.equal(await status(), 200);
});
