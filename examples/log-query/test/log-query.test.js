import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

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
