import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/local-reply.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers, redirect: "manual" });

test("the filter answers, and the upstream is not asked", { skip }, async () => {
  const response = await get("/");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(await response.text(), "Hello World");
  assert.equal(upstream.requests.length, 0);
});

// In the embedded host, which needs no Envoy.
test("unit: no upstream is needed", async () => {
  const host = await createHost({ wasm, upstream: "refused" });
  const response = await host.request();
  assert.deepEqual([response.status, response.body], [200, "Hello World"]);
  assert.equal(response.upstream, undefined);
});
