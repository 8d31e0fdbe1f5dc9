import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/normalize-header.wasm", import.meta.url));
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

const typeOf = async (headers) =>
  /^client-device-type: (.*)$/m.exec(await (await get("/", headers)).text())[1];

test(
  "the device's kind is told by the hint or the user agent, and never by the client",
  { skip },
  async () => {
    assert.equal(await typeOf({ "sec-ch-ua-mobile": "?1" }), "mobile");
    assert.equal(await typeOf({ "sec-ch-ua-mobile": "?0", "user-agent": "Chrome/120" }), "unknown");
    assert.equal(await typeOf({ "user-agent": "Chrome/120 Mobile/15" }), "mobile");
    assert.equal(await typeOf({ "client-device-type": "mobile" }), "unknown");
  },
);

// In the embedded host, which needs no Envoy.
test("unit: the client hint and the user agent tell, and nothing that the client says of itself", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const type = async (headers) =>
    (await host.request({ headers })).upstream.headers.getAll("client-device-type").join();
  assert.equal(await type({ "sec-ch-ua-mobile": "?1" }), "mobile");
  assert.equal(await type({ "user-agent": "X Mobile Y" }), "mobile");
  assert.equal(await type({ "client-device-type": "mobile" }), "unknown");
});
