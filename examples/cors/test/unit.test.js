// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/cors.wasm", import.meta.url));

test("unit: all origins, when the configuration says so", async () => {
  const host = await createHost({ wasm, pluginConfig: { origins: ["*"], maxAge: 5 } });
  const headers = { origin: "https://any.test", "access-control-request-method": "PUT" };
  const preflight = await host.request({ method: "OPTIONS", headers });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-max-age"), "5");
  assert.equal(preflight.upstream, undefined);
  const plain = await host.request({ headers });
  assert.equal(plain.status, 200);
  assert.equal(plain.headers.get("access-control-allow-origin"), "https://any.test");
});
