import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/log-query.wasm", import.meta.url));
const found = findEnvoy("node_modules/.cache/proxy-wasm-as");
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

test("the parameter is in the log, decoded", { skip }, async () => {
  await get("/foo?bar=baz&token=so%20special&a=b");
  await get("/foo?bar=baz");
  await envoy.waitForLog((log) => log.includes("token: <missing>"));
  assert.match(envoy.log, /token: so special\n/);
});

// In the embedded host, which needs no Envoy.
test("unit: the token is logged, decoded", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const said = async (path) => (await host.request({ path })).messages[0];
  assert.equal(await said("/a?x=y&token=a%20b"), "token: a b");
  assert.equal(await said("/a?tokens=1"), "token: <missing>");
});
