import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/response-cache.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho(({ path }, response) => {
    const body = `${path} ${"x".repeat(10_000)}`;
    response.setHeader("content-type", "text/x");
    response.setHeader("cache-control", path === "/own" ? "private, max-age=600" : "max-age=600");
    // In two pieces it has no length beforehand.
    if (path === "/pieces") response.write("x");
    response.end(path === "/pieces" ? body.slice(1) : body);
  });
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    filters: [{ wasm, vmId: "responses" }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

// Each on a connection of its own, so that both threads get some.
const get = (path) => fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers: { connection: "close" } });
const asked = (path) => upstream.requests.filter((request) => request.path === path).length;

test("all threads answer from what one has got", { skip }, async () => {
  const first = await (await get("/a")).text();
  assert.equal(first.length, "/a ".length + 10_000);
  for (const response of await Promise.all(Array.from({ length: 20 }, () => get("/a")))) {
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/x"]);
    assert.ok(Number(response.headers.get("age")) >= 0);
    assert.equal(await response.text(), first);
  }
  assert.equal(asked("/a"), 1);
});

test("what is not for everybody, or has no known size, is asked for each time", { skip }, async () => {
  for (const path of ["/own", "/pieces"]) {
    for (let i = 0; i < 3; i++) assert.equal((await (await get(path)).text()).length, path.length + 10_001);
    assert.equal(asked(path), 3, path);
  }
});
