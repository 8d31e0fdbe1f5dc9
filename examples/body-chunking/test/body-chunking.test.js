import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/body-chunking.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.end(request.body);
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

test("both bodies are marked", { skip }, async () => {
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`, { method: "POST", body: "12" });
  assert.equal(await response.text(), "12foobar");
});

// In the embedded host, which needs no Envoy.
test("unit: each chunk is marked", async () => {
  const host = await createHost({ wasm, upstream: { body: ["1", "2"] } });
  const response = await host.request({ method: "POST", body: ["a", "b"] });
  assert.match(response.upstream.body, /^afoobfoo(foo)?$/);
  assert.match(response.body, /^1bar2bar(bar)?$/);
});
