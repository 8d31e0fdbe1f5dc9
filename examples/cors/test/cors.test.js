import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/cors.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let upstream, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [
      {
        wasm,
        configuration: JSON.stringify({
          origins: ["https://app.example.com"],
          methods: ["GET", "PUT"],
          headers: ["content-type"],
          credentials: true,
        }),
      },
    ],
    upstream: upstream.port,
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
});

const get = (path, headers = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, { method, headers, redirect: "manual" });

const app = "https://app.example.com";
const preflight = (origin) => get("/", { origin, "access-control-request-method": "PUT" }, "OPTIONS");

test("a preflight of a listed site is answered here", { skip }, async () => {
  const response = await preflight(app);
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-origin"), app);
  assert.equal(response.headers.get("access-control-allow-methods"), "GET, PUT");
  assert.equal(response.headers.get("access-control-allow-headers"), "content-type");
  assert.equal(response.headers.get("access-control-allow-credentials"), "true");
  assert.equal(response.headers.get("access-control-max-age"), "600");
  assert.equal(upstream.requests.length, 0);
});

test("one of another site is refused", { skip }, async () => {
  const response = await preflight("https://app.example.com.evil.test");
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("access-control-allow-origin"), null);
});

test("responses are marked for listed sites only, and caches are told", { skip }, async () => {
  const marked = await get("/", { origin: app });
  assert.equal(marked.headers.get("access-control-allow-origin"), app);
  assert.equal(marked.headers.get("vary"), "origin");
  for (const headers of [{}, { origin: "https://other.test" }]) {
    const response = await get("/", headers);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("vary"), "origin");
  }
});

test("credentials for all sites are refused at start", { skip }, async () => {
  const filters = [{ wasm, configuration: '{"origins":["*"],"credentials":true}' }];
  await assert.rejects(Envoy.start({ envoy: found.path, filters }), /credentials: browsers do not take them/);
});
