import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-token-cache.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let tokens = 0;
const handler = (_incoming, response) => {
  const token = `t${++tokens}`;
  response.setHeader("x-expires-in", "1");
  setTimeout(() => response.end(token), 50);
};

let upstream, side, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  side = await startEcho(handler);
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm }],
    upstream: upstream.port,
    clusters: { tokens: side.port },
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
  await side?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("many requests at once need one token", { skip }, async () => {
  const texts = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url("/"))).text()));
  for (const text of texts) assert.match(text, /^authorization: Bearer t1$/m);
  assert.equal(tokens, 1);
});

test("a token that is over is replaced", { skip }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.match(await (await fetch(url("/"))).text(), /^authorization: Bearer t2$/m);
});

// In the embedded host, which needs no Envoy.
test("unit: one token serves all until it is over", async () => {
  let made = 0;
  const tokens = () => ({ body: `t${++made}`, headers: { "x-expires-in": "5" }, delay: 50 });
  const host = await createHost({ wasm, upstream: {}, clusters: { tokens } });
  const used = async () => (await host.request()).upstream.headers.get("authorization");
  assert.deepEqual(await Promise.all([used(), used(), used()]), Array(3).fill("Bearer t1"));
  await host.tick(5000);
  assert.equal(await used(), "Bearer t2");
});

test("unit: a token that cannot be sent leaves no other in its place", async () => {
  const host = await createHost({ wasm, upstream: {}, clusters: { tokens: { body: "t1\n" } } });
  const response = await host.request({ headers: { authorization: "Bearer own" } });
  assert.equal(response.status, 503);
  assert.equal(response.upstream, undefined);
});
