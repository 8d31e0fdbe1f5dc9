import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/docs-first-plugin.wasm", import.meta.url));
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

test("the request goes elsewhere, the response is marked, and both are logged", { skip }, async () => {
  const response = await get("/somewhere");
  assert.equal(response.headers.get("hello"), "service-extensions");
  assert.match(await response.text(), /^GET \/\nhost: service-extensions\.com$/m);
  await envoy.waitForLog((log) => log.includes("onResponseHeaders: hello from wasm"));
  assert.match(envoy.log, /onRequestHeaders: hello from wasm/);
});

// In the embedded host, which needs no Envoy.
test("unit: another host and path, and two lines in the log", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const response = await host.request({ path: "/a" });
  const { headers } = response.upstream;
  assert.equal(`${headers.get(":authority")}${headers.get(":path")}`, "service-extensions.com/");
  assert.equal(response.headers.get("hello"), "service-extensions");
  assert.equal(response.messages.length, 2);
});
