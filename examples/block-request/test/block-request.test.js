import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/block-request.wasm", import.meta.url));
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

const get = (path, headers = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers, redirect: "manual" });

test("a link from our own pages leads to the upstream", { skip }, async () => {
  const text = await (await get("/", { referer: "https://www.safe-site.com/page" })).text();
  assert.match(text, /^my-plugin-allowed: true$/m);
});

test("other links, and names that only look like ours, do not", { skip }, async () => {
  for (const referer of [
    "https://www.forbidden-site.com/",
    "https://www.safe-site.com.evil.test/",
    "https://www.safe-site.com@evil.test/",
    "https://www.safe-site.com:443@evil.test/",
    "https://www.safe-site.com:x@y@evil.test",
    "https://evil.test/?https://www.safe-site.com/",
  ]) {
    const response = await get("/", { referer });
    assert.equal(response.status, 403, referer);
    const text = await response.text();
    assert.match(text, /^Forbidden - Request ID: [0-9a-f]+$/);
    await envoy.waitForLog((log) => log.includes(text));
  }
  assert.equal((await get("/")).status, 403);
});

// In the embedded host, which needs no Envoy.
test("unit: log and answer name the same request", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const response = await host.request({ headers: { referer: "https://evil.test/" } });
  assert.equal(response.status, 403);
  assert.deepEqual(response.messages, [response.body]);
  const allowed = await host.request({ headers: { referer: "https://www.safe-site.com/page" } });
  assert.equal(allowed.upstream.headers.get("my-plugin-allowed"), "true");
});
