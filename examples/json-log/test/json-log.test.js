import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/json-log.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    accessLoggers: [{ wasm }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers, redirect: "manual" });

test("each request is a line of JSON", { skip }, async () => {
  await get('/path?q="quoted"', { "user-agent": "tests/1.0" });
  await envoy.waitForLog((log) => log.includes('"details"'));
  const line = JSON.parse(envoy.wasmLogs.at(-1).message);
  assert.equal(line.method, "GET");
  assert.equal(line.path, "/path?q=%22quoted%22");
  assert.equal(line.agent, "tests/1.0");
  assert.equal(line.host, `127.0.0.1:${envoy.port}`);
  assert.equal(line.status, 200);
  assert.equal(line.details, "via_upstream");
  assert.match(line.client, /^127\.0\.0\.1:\d+$/);
  assert.ok(line.received > 0 && line.sent > 0 && line.milliseconds >= 0, JSON.stringify(line));
});
