import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/rules.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;
const configuration = {
  rules: [
    { match: { methods: ["DELETE"] }, deny: true },
    { match: { paths: ["/assets/*"] }, set: { "cache-control": "max-age=3600" } },
    { match: { headers: [{ name: "x-canary", value: "true" }] }, set: { "x-seen": "canary" } },
  ],
};

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: JSON.stringify(configuration) }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers });

test("each request gets what its rule says", { skip }, async () => {
  assert.equal((await get("/assets/a.css")).headers.get("cache-control"), "max-age=3600");
  assert.equal((await get("/", { "x-canary": "true" })).headers.get("x-seen"), "canary");
  const other = await get("/");
  assert.deepEqual([other.status, other.headers.get("x-seen")], [200, null]);
  assert.equal((await get("/assets/a.css", {}, "DELETE")).status, 403);
  assert.equal((await get("/assets%2fa.css")).status, 400);
  assert.equal(upstream.requests.length, 3);
});
