import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/remove-cookie.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(200, { "set-cookie": ["a=1", "b=2"], "cache-control": "max-age=3600" }).end();
  });
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

test("the client gets no cookie, and all else", { skip }, async () => {
  const response = await get("/");
  assert.equal(response.headers.get("set-cookie"), null);
  assert.equal(response.headers.get("cache-control"), "max-age=3600");
});

// In the embedded host, which needs no Envoy.
test("unit: no cookie of the upstream reaches the client", async () => {
  const host = await createHost({ wasm, upstream: { headers: { "set-cookie": ["a=1", "b=2"] } } });
  assert.equal((await host.request()).headers.has("set-cookie"), false);
});
