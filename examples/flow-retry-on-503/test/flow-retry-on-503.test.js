import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-retry-on-503.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let failures = 0;
/** Answers 503 as often as the test says. */
const busy = (incoming, response) => {
  if (failures-- > 0) response.statusCode = 503;
  response.setHeader("x-from", "upstream");
  response.end(`${incoming.method} ${incoming.path} at last`);
};

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho(busy);
  envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("a 503 is tried again until it is none", { skip }, async () => {
  failures = 2;
  const response = await fetch(url("/busy"));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "GET /busy at last");
  assert.equal(response.headers.get("x-from"), "upstream");
});

test("after four attempts the 503 is the answer", { skip }, async () => {
  failures = 9;
  const before = upstream.requests.length;
  const response = await fetch(url("/down"));
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("x-attempts"), "4");
  assert.equal(upstream.requests.length - before, 4);
});

test("a request that changes something is never sent twice", { skip }, async () => {
  failures = 1;
  assert.equal((await fetch(url("/order"), { method: "POST", body: "1" })).status, 503);
});

// In the embedded host, which needs no Envoy.
test("unit: a 503 is tried again, with more and more patience", async () => {
  let left = 2;
  const upstream = () => (left-- > 0 ? { status: 503 } : { body: "at last" });
  const host = await createHost({ wasm, upstream });
  const response = await host.request({ path: "/a" });
  assert.deepEqual([response.status, response.body], [200, "at last"]);
  left = 9;
  assert.equal((await host.request({ path: "/a" })).headers.get("x-attempts"), "4");
  left = 1;
  assert.equal((await host.request({ method: "POST", body: "1" })).status, 503);
});
