// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/metrics.wasm", import.meta.url));

test("unit: length and outcome of a request are recorded when it ends", async () => {
  const host = await createHost({ wasm, upstream: { status: 503, delay: 30 } });
  await host.request({ method: "PUT" });
  const metrics = host.metrics();
  assert.equal(metrics["example_requests_total;method=PUT;status=5xx"], 1);
  assert.equal(metrics["example_requests_active"], 0);
  assert.equal(metrics["example_request_milliseconds"], 1);
});

test("unit: a client that goes away is not forgotten", async () => {
  const host = await createHost({ wasm, upstream: "hold" });
  const stream = host.open().sendHeaders(true);
  assert.equal(host.metrics()["example_requests_active"], 1);
  stream.abort();
  assert.equal(host.metrics()["example_requests_active"], 0);
  assert.equal(host.metrics()["example_requests_total;method=GET;status=none"], 1);
});
