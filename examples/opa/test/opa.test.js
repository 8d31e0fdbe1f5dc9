import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/opa.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let opa, upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  opa = await startEcho(({ body }, response) => {
    const { input } = JSON.parse(body);
    const answer = () => response.end(JSON.stringify({ result: input.path.startsWith("/public") }));
    if (input.path === "/broken") response.destroy();
    else setTimeout(answer, 100);
  });
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: JSON.stringify({ cluster: "opa" }) }],
    clusters: { opa: opa.port },
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await opa?.close();
  await upstream?.close();
});

const get = async (path) => (await fetch(`http://127.0.0.1:${envoy.port}${path}`)).status;

test("what the policy allows passes, and it is asked once for all", { skip }, async () => {
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(() => get("/public"))), [200, 200, 200, 200]);
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(() => get("/secret"))), [403, 403, 403, 403]);
  assert.equal(opa.requests.length, 2);
  assert.equal(upstream.requests.length, 4);
});

test("where it does not answer, nobody passes", { skip }, async () => {
  assert.equal(await get("/broken"), 503);
});
