import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-middleware.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

const handler = (incoming, response) => {
  const token = incoming.headers.find(([name]) => name === "authorization")?.[1];
  response.statusCode = token === undefined ? 401 : 200;
  response.end(token);
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

const ask = (user) => fetch(url("/"), { headers: { authorization: user } });

test("a user passes three times, and the upstream knows who it is", { skip }, async () => {
  // Not at the end of a window of ten seconds.
  if (Date.now() % 10000 > 8000) await new Promise((resolve) => setTimeout(resolve, 2100));
  const first = await ask("ann");
  assert.equal(first.headers.get("x-ratelimit-remaining"), "2");
  assert.match(await first.text(), /^x-user: ann$/m);
  await ask("ann");
  await ask("ann");
  const fourth = await ask("ann");
  assert.equal(fourth.status, 429);
  assert.equal(fourth.headers.get("retry-after"), "10");
  assert.equal((await ask("bob")).status, 200);
  await envoy.waitForLog((log) => /GET \/ 200 \d+ ms/.test(log) && /GET \/ answered here/.test(log));
});

test("a stranger does not pass", { skip }, async () => {
  assert.equal((await fetch(url("/"))).status, 401);
});

// In the embedded host, which needs no Envoy.
test("unit: each part does its own, and the window ends", async () => {
  const auth = ({ headers }) => (headers.has("authorization") ? { body: "ann" } : { status: 401 });
  const host = await createHost({ wasm, upstream: {}, clusters: { auth } });
  const ask = () => host.request({ headers: { authorization: "x" } });
  assert.equal((await ask()).headers.get("x-ratelimit-remaining"), "2");
  await ask();
  await ask();
  assert.equal((await ask()).status, 429);
  await host.tick(10_000);
  assert.equal((await ask()).upstream.headers.get("x-user"), "ann");
  assert.equal((await host.request()).status, 401);
});

test("unit: nobody names itself, whatever the service answers", async () => {
  const seen = [];
  const upstream = ({ headers }) => {
    seen.push(headers.get("x-user"));
    return {};
  };
  for (const body of ["ann\n", "", "a\u0000b"]) {
    const host = await createHost({ wasm, upstream, clusters: { auth: { body } } });
    const response = await host.request({ headers: { authorization: "ann", "x-user": "root" } });
    assert.equal(response.status, 503, JSON.stringify(body));
  }
  assert.deepEqual(seen, []);
  const host = await createHost({ wasm, upstream, clusters: { auth: { status: 500 } } });
  assert.equal((await host.request({ headers: { authorization: "ann" } })).status, 503);
});
