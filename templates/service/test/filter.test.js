import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

const wasm = "build/plugin.wasm";

test("the filter shows what the service has counted", async () => {
  // The same vmId: they share data.
  const host = await createHost({
    services: [{ wasm, rootId: "service", vmId: "my-filter" }],
    filters: [{ wasm, rootId: "filter", vmId: "my-filter" }],
    upstream: {},
  });
  assert.equal((await host.request()).headers.get("x-beats"), "0");
  await host.tick(3000);
  assert.equal((await host.request()).headers.get("x-beats"), "3");
});
