import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/rate-limit.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    filters: [{ wasm, vmId: "limits", configuration: JSON.stringify({ requests: 5, seconds: 86400 }) }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers, redirect: "manual" });

test("all worker threads count together", { skip }, async () => {
  // Each request on a connection of its own, so that both threads get some.
  const requests = Array.from({ length: 20 }, () => get("/", { connection: "close" }));
  const responses = await Promise.all(requests);
  const passed = responses.filter(({ status }) => status === 200).length;
  const refused = responses.filter(({ status }) => status === 429);
  assert.equal(passed, 5);
  assert.equal(refused.length, 15);
  const wait = Number(refused[0].headers.get("retry-after"));
  // Early in a day, the requests of this day count for a part of the next one, too.
  assert.ok(wait > 0 && wait <= 2 * 86400, String(wait));
  assert.equal(upstream.requests.length, 5);
});
