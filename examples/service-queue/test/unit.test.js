// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/service-queue.wasm", import.meta.url));

test("unit: filters get each new list, keep the last one while there is none, and are not told the same twice", async () => {
  let answer = { body: "bad\n" };
  const host = await createHost({
    services: [{ wasm, vmId: "lists", rootId: "fetcher" }],
    filters: [{ wasm, vmId: "lists", rootId: "filter" }],
    clusters: { lists: () => answer },
  });
  const status = async () => (await host.request({ headers: { "x-client": "bad" } })).status;
  assert.equal(await status(), 200);
  await host.tick(1000);
  assert.equal(await status(), 403);
  answer = { status: 500 };
  await host.tick(1000);
  assert.equal(await status(), 403);
  answer = { body: "other\n" };
  await host.tick(3000);
  assert.equal(await status(), 200);
  assert.equal(host.messages.filter((message) => message.startsWith("a new list")).length, 2);
});
