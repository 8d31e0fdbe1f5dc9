import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/overwrite-errcode.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(Number(request.path.slice(1))).end();
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

test("errors of the upstream look like 404, the rest as it is", { skip }, async () => {
  assert.equal((await get("/500")).status, 404);
  assert.equal((await get("/503")).status, 404);
  assert.equal((await get("/200")).status, 200);
  assert.equal((await get("/403")).status, 403);
});

// In the embedded host, which needs no Envoy.
test("unit: the hidden statuses are shown as another", async () => {
  const status = async (upstream) => (await (await createHost({ wasm, upstream })).request()).status;
  assert.equal(await status({ status: 200 }), 200);
  assert.notEqual(await status({ status: 500 }), 500);
});
