import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-body-rewrite.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("card numbers are masked on their way up, and a word on its way down", { skip }, async () => {
  const body = "card 4111111111111111, order 12345, the secret";
  const response = await fetch(url("/"), { method: "POST", body });
  const text = await response.text();
  assert.match(text, /card \*{12}1111, order 12345, the \*{6}$/);
  assert.equal(upstream.requests.at(-1).body, "card ************1111, order 12345, the secret");
});

test("a body beyond the limit is refused", { skip }, async () => {
  const response = await fetch(url("/"), { method: "POST", body: "x".repeat(100_000) });
  assert.equal(response.status, 413);
});

test("a request without a body passes", { skip }, async () => {
  assert.equal((await fetch(url("/plain"))).status, 200);
});

// In the embedded host, which needs no Envoy.
test("unit: card numbers are masked, other numbers stay", async () => {
  const host = await createHost({ wasm, upstream: "echo" });
  const { upstream: sent } = await host.request({
    method: "POST",
    body: ["card 41111111", "11111111, 12345"],
  });
  assert.equal(sent.body, "card ************1111, 12345");
});

test("unit: a client cannot have the word compressed or cut in two", async () => {
  const host = await createHost({
    wasm,
    upstream: { body: "a secret", headers: { "content-type": "text/plain" } },
  });
  const { upstream: sent, body } = await host.request({
    headers: { "accept-encoding": "gzip", range: "bytes=0-4" },
  });
  assert.equal(sent.headers.has("accept-encoding"), false);
  assert.equal(sent.headers.has("range"), false);
  assert.equal(body, "a ******");
});
