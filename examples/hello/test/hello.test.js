import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/hello.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("a request reaches the upstream with x-hello, its response has x-served-by", { skip }, async () => {
  const response = await fetch(url("/welcome"));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-served-by"), "proxy-wasm-as");
  assert.match(await response.text(), /^x-hello: world$/m);
});

test("/denied is answered by the filter", { skip }, async () => {
  const response = await fetch(url("/denied"));
  assert.equal(response.status, 403);
  assert.equal(await response.text(), "denied\n");
  assert.equal(response.headers.get("x-served-by"), "proxy-wasm-as");
});

// In the embedded host, which needs no Envoy.
test("unit: the upstream sees x-hello, and /denied is answered by the filter", async () => {
  const host = await createHost({ wasm, upstream: { body: "here" } });
  const response = await host.request({ path: "/welcome" });
  assert.equal(response.upstream.headers.get("x-hello"), "world");
  assert.equal(response.headers.get("x-served-by"), "proxy-wasm-as");
  assert.equal((await host.request({ path: "/denied" })).body, "denied\n");
});
