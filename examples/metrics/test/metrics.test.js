import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/metrics.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho((request, response) => {
    response.writeHead(Number(request.path.slice(1))).end();
  });
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm }],
    edit: (config) => {
      config.stats_config = {
        stats_tags: ["method", "status"].map((name) => ({ tag_name: name, regex: `(;${name}=([^;]*))` })),
      };
    },
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers, redirect: "manual" });

test("requests are counted by method and status", { skip }, async () => {
  await get("/200");
  await get("/204");
  await get("/200", {}, "POST");
  await get("/404");
  await get("/200", {}, "PROPFIND");
  await get("/200", {}, "SEARCH");
  const text = await envoy.admin("/stats/prometheus?filter=example_");
  const count = (labels) =>
    Number(new RegExp(`^example_requests_total\\{${labels}\\} (\\d+)$`, "m").exec(text)?.[1]);
  assert.equal(count('method="GET",status="2xx"'), 2, text);
  assert.equal(count('method="GET",status="4xx"'), 1);
  assert.equal(count('method="POST",status="2xx"'), 1);
  assert.equal(count('method="other",status="2xx"'), 2);
  assert.match(text, /^example_requests_active\{\} 0$/m);
});

test("one on its way is seen, and its length is recorded", { skip }, async () => {
  let finish;
  const slow = await startEcho((request, response) => (finish = () => response.end()));
  const other = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: slow.port });
  try {
    const pending = fetch(`http://127.0.0.1:${other.port}/`);
    while (finish === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await other.stat("wasmcustom.example_requests_active"), 1);
    finish();
    await pending;
    assert.equal(await other.stat("wasmcustom.example_requests_active"), 0);
  } finally {
    await other.stop();
    await slow.close();
  }
});
