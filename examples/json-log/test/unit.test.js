// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/json-log.wasm", import.meta.url));

test("unit: what is missing has no field, and what is no UTF-8 is still JSON", async () => {
  const host = await createHost({ accessLoggers: [{ wasm }], upstream: { body: "hi" } });
  await host.request({ path: '/"', headers: { "user-agent": '\xff"' } }); // a byte that is no UTF-8
  const line = JSON.parse(host.messages.at(-1));
  assert.equal(line.status, 200);
  assert.equal(line.path, '/"');
  assert.equal(line.agent.at(-1), '"');
  await host.request();
  assert.ok(!("agent" in JSON.parse(host.messages.at(-1))));
});
