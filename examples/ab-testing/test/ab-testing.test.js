import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/ab-testing.wasm", import.meta.url));
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

test("a user gets the same version each time, whatever else is in the query", { skip }, async () => {
  assert.equal(await seen("/v1/file.png?user=user1"), "GET /v2/file.png?user=user1");
  assert.equal(await seen("/v1/file.png?a=b&user=user%31"), "GET /v2/file.png?a=b&user=user%31");
  assert.equal(await seen("/v1/file.png?user=userAAA"), "GET /v1/file.png?user=userAAA");
  assert.equal(await seen("/v1/file.png"), "GET /v1/file.png");
});

test("about half of all users get the second one", { skip }, async () => {
  let second = 0;
  for (let i = 0; i < 200; i++) if ((await seen(`/v1/?user=${i * 7919}`)).startsWith("GET /v2/")) second++;
  assert.ok(second > 70 && second < 130, String(second));
});

// In the embedded host, which needs no Envoy.
test("unit: a user's version follows from the user alone", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const seen = async (path) => (await host.request({ path })).upstream.headers.get(":path");
  assert.equal(await seen("/v1/file.png?user=user1"), "/v2/file.png?user=user1");
  assert.equal(await seen("/v1/file.png?user=userAAA"), "/v1/file.png?user=userAAA");
  assert.equal(await seen("/v3/file.png?user=user1"), "/v3/file.png?user=user1");
});
