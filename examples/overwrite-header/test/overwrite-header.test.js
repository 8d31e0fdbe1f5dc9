import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/overwrite-header.wasm", import.meta.url));
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

test("a request header is replaced where it is, a response header in any case", { skip }, async () => {
  const response = await get("/", { RequestHeader: "SomeHeaderValue" });
  assert.equal(response.headers.get("responseheader"), "changed");
  assert.match(await response.text(), /^requestheader: changed$/m);
  assert.doesNotMatch(await (await get("/")).text(), /requestheader/);
});

// In the embedded host, which needs no Envoy.
test("unit: the request's header is replaced where it is there", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const sent = async (headers) => (await host.request({ headers })).upstream.headers.getAll("requestheader");
  assert.deepEqual(await sent({ requestheader: ["1", "2"] }), ["changed"]);
  assert.deepEqual(await sent({}), []);
  assert.equal((await host.request()).headers.get("responseheader"), "changed");
});
