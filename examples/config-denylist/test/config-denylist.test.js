import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/config-denylist.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm, configuration: "bad-user\nevil-user\n" }],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { headers, redirect: "manual" });

/** Sends a header more than once as several lines, which `fetch` would join. */
function raw(path, headers) {
  return new Promise((resolve, reject) => {
    const all = [["host", "example.test"], ...headers].flat();
    const outgoing = request({ host: "127.0.0.1", port: envoy.port, path, headers: all }, (response) => {
      response.resume().on("end", () => resolve({ status: response.statusCode }));
    });
    outgoing.on("error", reject).end();
  });
}

test("a token that is not on the list passes", { skip }, async () => {
  assert.equal((await get("/", { "user-token": "good-user" })).status, 200);
});

test("one on the list is refused, also as the second of two", { skip }, async () => {
  const response = await get("/", { "user-token": "bad-user" });
  assert.equal(response.status, 403);
  assert.equal(await response.text(), "Access forbidden.\n");
  const both = [
    ["user-token", "good-user"],
    ["user-token", "evil-user"],
  ];
  assert.equal((await raw("/", both)).status, 403);
});

test("so is a request without one", { skip }, async () => {
  const response = await get("/");
  assert.equal(response.status, 403);
  assert.equal(await response.text(), "Access forbidden - token missing.\n");
});

// In the embedded host, which needs no Envoy.
test("unit: the list is one token on each line", async () => {
  const host = await createHost({ wasm, pluginConfig: "bad\n worse \n\n", upstream: {} });
  const status = async (token) => (await host.request({ headers: { "user-token": token } })).status;
  assert.deepEqual([await status("bad"), await status("worse"), await status("good")], [403, 403, 200]);
  assert.equal((await host.request()).body, "Access forbidden - token missing.\n");
});
