import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

const wasm = "build/plugin.wasm";

test("a request reaches the upstream with the greeting", async () => {
  const host = await createHost({ wasm, pluginConfig: "good day", upstream: { body: "from upstream" } });
  const response = await host.request({ path: "/welcome" });
  assert.equal(response.status, 200);
  assert.equal(response.body, "from upstream");
  assert.equal(response.upstream?.headers.get("x-greeting"), "good day");
  assert.equal(response.headers.get("x-filter"), "my-filter");
});

test("/denied is answered by the filter", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const response = await host.request({ path: "/denied" });
  assert.equal(response.status, 403);
  assert.equal(response.body, "denied\n");
  assert.equal(response.upstream, undefined);
});
