import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/set-query.wasm", import.meta.url));
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

const seen = async (path) => (await (await get(path)).text()).split("\n")[0];

test("the upstream sees our value, last and once", { skip }, async () => {
  assert.equal(await seen("/foo"), "GET /foo?key=new+val");
  assert.equal(await seen("/foo?a=b"), "GET /foo?a=b&key=new+val");
  assert.equal(await seen("/foo?key=val&a=b&k%65y=other"), "GET /foo?a=b&key=new+val");
});

// In the embedded host, which needs no Envoy.
test("unit: our value is the last, and the only one", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const sent = async (path) => (await host.request({ path })).upstream.headers.get(":path");
  assert.equal(await sent("/foo?key=val&a=b&k%65y=other"), "/foo?a=b&key=new+val");
  assert.equal(await sent("/foo"), "/foo?key=new+val");
});
