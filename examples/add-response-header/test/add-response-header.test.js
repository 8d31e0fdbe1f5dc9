import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/add-response-header.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(200, { message: "foo", welcome: "any" }).end();
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

test("the client sees one header extended and the other gone", { skip }, async () => {
  const response = await get("/");
  assert.equal(response.headers.get("message"), "foo, bar");
  assert.equal(response.headers.get("welcome"), null);
});

// In the embedded host, which needs no Envoy.
test("unit: a header is extended only when it says foo, and another removed", async () => {
  const host = await createHost({ wasm, upstream: { headers: { message: "foo", welcome: "x" } } });
  const response = await host.request();
  assert.deepEqual(response.headers.getAll("message"), ["foo", "bar"]);
  assert.equal(response.headers.has("welcome"), false);
});
