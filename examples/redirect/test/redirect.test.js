import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/redirect.wasm", import.meta.url));
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

test("what has moved is redirected, with its query", { skip }, async () => {
  const response = await get("/foo/images/picture.png?size=2");
  assert.equal(response.status, 301);
  assert.equal(response.headers.get("location"), "/bar/images/picture.png?size=2");
  assert.equal(upstream.requests.length, 0);
});

test("everything else goes to the upstream", { skip }, async () => {
  assert.equal((await get("/main/foo/images/picture.png")).status, 200);
  assert.equal((await get("/food")).status, 200);
});

// In the embedded host, which needs no Envoy.
test("unit: what has moved is redirected without asking the upstream", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const moved = await host.request({ path: "/foo/a?b=c" });
  assert.deepEqual([moved.status, moved.headers.get("location")], [301, "/bar/a?b=c"]);
  assert.equal((await host.request({ path: "/food" })).status, 200);
});
