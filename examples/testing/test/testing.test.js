import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/testing.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(200, { "reply-with-error": "yes" }).end();
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

const get = (path, headers = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers, redirect: "manual" });

test("the upstream can ask for an error", { skip }, async () => {
  const response = await get("/");
  assert.equal(response.status, 500);
  assert.equal(response.headers.get("error"), "goaway");
  assert.equal(await response.text(), "fake error");
});

test("the clock is the host's", { skip }, async () => {
  const before = BigInt(Date.now()) * 1_000_000n;
  await get("/");
  await envoy.waitForLog((log) => log.split("time 3: ").length > 2);
  const time = BigInt(
    envoy.wasmLogs.map(({ message }) => /^time 3: (\d+)$/.exec(message)?.[1]).findLast(Boolean),
  );
  assert.ok(time >= before - 1_000_000n && time < before + 60_000_000_000n, String(time));
});

// In the embedded host, which needs no Envoy.
test("unit: an upstream may ask for an error", async () => {
  const host = await createHost({ wasm, upstream: { headers: { "reply-with-error": "1" } } });
  const response = await host.request();
  assert.deepEqual([response.status, response.body], [500, "fake error"]);
  assert.equal(response.headers.get("error"), "goaway");
});
