import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/stats-log.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.statusCode = request.path === "/fail" ? 500 : 200;
    response.end();
  });
  envoy = await Envoy.start({ envoy: found.path, statsSinks: [{ wasm }], upstream: upstream.port });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

test("failures of the upstream are told, once, and nothing else", { skip }, async () => {
  const get = (path) => fetch(`http://127.0.0.1:${envoy.port}${path}`);
  for (const path of ["/", "/fail", "/", "/fail", "/fail"]) await get(path);
  const told = () =>
    envoy.wasmLogs.map(({ message }) => /^cluster\.upstream\.upstream_rq_5xx \+(\d+)$/.exec(message));
  const sum = () => told().reduce((total, match) => total + Number(match?.[1] ?? 0), 0);
  await envoy.waitForLog(() => sum() >= 3);
  assert.equal(sum(), 3);
  assert.ok(envoy.wasmLogs.every(({ message, level }) => level === "warning" && message.includes("_5xx +")));
});
