import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/regex-rewrite.wasm", import.meta.url));
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

test("the first match is rewritten, and nothing else", { skip }, async () => {
  assert.equal(await seen("/pre/foo-one/foo-two/post?a=b"), "GET /pre/one/foo-two/post?a=b");
  assert.equal(await seen("/one/two?three=four"), "GET /one/two?three=four");
});

// In the embedded host, which needs no Envoy.
test("unit: the first match is rewritten", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const sent = async (path) => (await host.request({ path })).upstream.headers.get(":path");
  assert.equal(await sent("/pre/foo-one/foo-two/post?a=b"), "/pre/one/foo-two/post?a=b");
  assert.equal(await sent("/foo-/a"), "/foo-/a");
});

test("unit: no path becomes one that leads elsewhere", async () => {
  const host = await createHost({ wasm, upstream: {} });
  for (const path of [
    "/foo-../admin",
    "/foo-./a",
    "/foo-%2e%2e/admin",
    "/foo-.%2e/x",
    "/foo-?a/b",
    "/foo-a?/b",
  ])
    assert.equal((await host.request({ path })).upstream.headers.get(":path"), path);
});
