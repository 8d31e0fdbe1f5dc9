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

test("unit: an upstream lets no site in that is not listed", async () => {
  const upstream = {
    headers: {
      "access-control-allow-origin": "https://evil.test",
      "access-control-allow-credentials": "true",
    },
  };
  const host = await createHost({ wasm, pluginConfig: { origins: ["https://app.test"] }, upstream });
  for (const headers of [{ origin: "https://evil.test" }, {}]) {
    const response = await host.request({ headers });
    assert.equal(response.headers.has("access-control-allow-origin"), false);
    assert.equal(response.headers.has("access-control-allow-credentials"), false);
  }
  const listed = await host.request({ headers: { origin: "https://app.test" } });
  assert.equal(listed.headers.get("access-control-allow-origin"), "https://app.test");
  assert.equal(listed.headers.has("access-control-allow-credentials"), false);
});
