// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/access-control.wasm", import.meta.url));

test("unit: rules are asked in order, and each way to write a path leads to the same one", async () => {
  const rules = [
    { path: "/admin", keys: ["k"] },
    { path: "/", methods: ["GET"] },
  ];
  const host = await createHost({ wasm, pluginConfig: { rules } });
  const status = async (path, headers = {}) => (await host.request({ path, headers })).status;
  assert.equal(await status("/"), 200);
  for (const path of ["/admin", "/%61dmin", "/x/../admin", "//admin"]) {
    assert.equal(await status(path), 401, path);
    assert.equal(await status(path, { "x-api-key": "wrong" }), 403, path);
    assert.equal(await status(path, { "x-api-key": "k" }), 200, path);
  }
  assert.equal(await status("/admin%2fx"), 400);
  assert.equal((await host.request({ method: "POST" })).status, 403);
});

test("unit: without a configuration, nothing passes", async () => {
  const host = await createHost({ wasm });
  assert.equal((await host.request()).status, 403);
});
