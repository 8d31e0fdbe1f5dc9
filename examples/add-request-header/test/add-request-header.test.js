import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/add-request-header.wasm", import.meta.url));
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

test("the upstream sees both headers", { skip }, async () => {
  const text = await (await get("/", { message: "hey", welcome: "cold" })).text();
  assert.deepEqual(text.match(/^(message|welcome): .*$/gm), [
    "message: hey",
    "message: hello",
    "welcome: warm",
  ]);
});

// In the embedded host, which needs no Envoy.
test("unit: one header is added, the other replaced", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const { upstream: sent } = await host.request({ headers: { message: "mine", welcome: "cold" } });
  assert.deepEqual(sent.headers.getAll("message"), ["mine", "hello"]);
  assert.deepEqual(sent.headers.getAll("welcome"), ["warm"]);
});
