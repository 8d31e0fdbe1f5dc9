import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/request-id.wasm", import.meta.url));
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

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers, redirect: "manual" });

const parent = /^traceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/m;

test("upstream and client see the same id, and no two requests do", { skip }, async () => {
  const ids = new Set();
  for (let i = 0; i < 20; i++) {
    const response = await get("/", { "x-request-id": "mine" });
    const id = response.headers.get("x-request-id");
    assert.match(id, /^[0-9a-f]{32}$/);
    const text = await response.text();
    assert.match(text, new RegExp(`^x-request-id: ${id}$`, "m"));
    assert.equal(parent.exec(text)[1], id);
    ids.add(id);
  }
  assert.equal(ids.size, 20);
});

test("a client's trace goes on, with a step of ours", { skip }, async () => {
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const traceparent = `00-${trace}-b7ad6b7169203331-00`;
  const text = await (await get("/", { traceparent, tracestate: "a=b" })).text();
  const [, seen, step, flags] = parent.exec(text);
  assert.equal(seen, trace);
  assert.notEqual(step, "b7ad6b7169203331");
  assert.equal(flags, "00");
  assert.match(text, /^tracestate: a=b$/m);
});

test("what is no trace parent begins a new trace", { skip }, async () => {
  const zero = "0".repeat(32);
  for (const traceparent of [
    "",
    "00",
    `00-${zero}-b7ad6b7169203331-00`,
    `01-${zero}-b7ad6b7169203331-00-x`,
  ]) {
    const text = await (await get("/", { traceparent, tracestate: "a=b" })).text();
    assert.notEqual(parent.exec(text)[1], zero);
    assert.doesNotMatch(text, /tracestate/);
  }
});
