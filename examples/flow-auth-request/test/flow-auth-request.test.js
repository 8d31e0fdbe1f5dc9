import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-auth-request.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

const handler = (incoming, response) => {
  const given = new Map(incoming.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const token = given.get("authorization");
  if (token === "slow") return setTimeout(() => response.end(), 900);
  response.statusCode = token === undefined ? 401 : token === "good" ? 200 : 403;
  response.setHeader("x-user", `user of ${given.get("x-original-path")}`);
  response.end();
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
    clusters: { auth: side.port },
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
  await side?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("a request that the service allows goes on with its headers", { skip }, async () => {
  const response = await fetch(url("/mail"), { headers: { authorization: "good", "x-user": "root" } });
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^x-user: user of \/mail$/m);
});

test("others are refused, and without an answer nobody passes", { skip }, async () => {
  assert.equal((await fetch(url("/"))).status, 401);
  assert.equal((await fetch(url("/"), { headers: { authorization: "bad" } })).status, 403);
  assert.equal((await fetch(url("/"), { headers: { authorization: "slow" } })).status, 503);
});

// In the embedded host, which needs no Envoy.
test("unit: what the service says decides, and without an answer nobody passes", async () => {
  const answered = async (auth) => {
    const host = await createHost({ wasm, upstream: {}, clusters: { auth } });
    return host.request({ headers: { "x-user": "root" } });
  };
  const allowed = await answered({ headers: { "x-user": "ann" } });
  assert.deepEqual(allowed.upstream.headers.getAll("x-user"), ["ann"]);
  assert.equal((await answered({})).upstream.headers.has("x-user"), false);
  assert.equal((await answered({ status: 401 })).status, 401);
  assert.equal((await answered({ status: 500 })).status, 403);
  assert.equal((await answered({ delay: 501 })).status, 503);
  assert.equal((await answered("refused")).status, 503);
});
