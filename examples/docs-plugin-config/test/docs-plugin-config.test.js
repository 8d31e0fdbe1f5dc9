import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/docs-plugin-config.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: "my plugin config" }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers, redirect: "manual" });

test("the configuration is in the log", { skip }, async () => {
  await get("/");
  await envoy.waitForLog((log) => log.includes("secret: my plugin config"));
});

// In the embedded host, which needs no Envoy.
test("unit: the configuration is in the log", async () => {
  const host = await createHost({ wasm, pluginConfig: "abc", upstream: {} });
  assert.deepEqual((await host.request()).messages, ["secret: abc"]);
});
