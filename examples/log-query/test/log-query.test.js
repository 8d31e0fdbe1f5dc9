import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/log-query.wasm", import.meta.url));
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

test("unit: a client writes no lines of its own into the log", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const { messages } = await host.request({ path: "/?token=a%0D%0A[info] all is well%1B[2J%C2%85b%C3%A9" });
  assert.deepEqual(messages, ["token: a??[info] all is well?[2J?b\u00e9"]);
});
