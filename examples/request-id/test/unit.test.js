// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/request-id.wasm", import.meta.url));

test("unit: the id is the same for upstream and client, and names a new trace", async () => {
  const host = await createHost({ wasm, upstream: {} });
  const response = await host.request({ headers: { "x-request-id": "mine" } });
  const id = response.headers.get("x-request-id");
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(response.upstream.headers.get("x-request-id"), id);
  assert.equal(response.upstream.headers.get("traceparent").slice(0, 36), `00-${id}-`);
});
