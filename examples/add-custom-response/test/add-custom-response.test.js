import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/add-custom-response.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(Number(request.path.slice(1))).end("from the upstream");
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

test("an error of the upstream becomes a redirect", { skip }, async () => {
  const response = await get("/503");
  assert.equal(response.status, 302);
  assert.equal(response.headers.get("origin-status"), "503");
  assert.match(response.headers.get("location"), /server-error\.html$/);
});

test("other responses pass", { skip }, async () => {
  const response = await get("/404");
  assert.equal(response.status, 404);
  assert.equal(await response.text(), "from the upstream");
});

// In the embedded host, which needs no Envoy.
test("unit: an error of the upstream becomes a redirect that names it", async () => {
  const host = await createHost({ wasm, upstream: { status: 504, body: "late" } });
  const response = await host.request();
  assert.equal(response.status, 302);
  assert.equal(response.headers.get("origin-status"), "504");
  assert.equal(response.body, "");
});
