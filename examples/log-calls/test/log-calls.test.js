import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/log-calls.wasm", import.meta.url));
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

test("callbacks come in their order", { skip }, async () => {
  await get("/");
  await envoy.waitForLog((log) => log.includes("http onDelete called"));
  const messages = envoy.wasmLogs.map(({ message }) => message);
  assert.deepEqual(messages.slice(0, 3), [
    "root onCreate called",
    "root onStart called",
    "root onConfigure called",
  ]);
  assert.deepEqual(
    messages.filter((message) => message.startsWith("http ")),
    [
      "http onCreate called",
      "http onRequestHeaders called",
      "http onResponseHeaders called",
      "http onDone called",
      "http onDelete called",
    ],
  );
});

// In the embedded host, which needs no Envoy.
test("unit: a request has these callbacks, in this order", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const { messages } = await host.request();
  const calls = ["onCreate", "onRequestHeaders", "onResponseHeaders", "onDone", "onDelete"];
  assert.deepEqual(
    messages,
    calls.map((name) => `http ${name} called`),
  );
});
