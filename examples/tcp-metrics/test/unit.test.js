// Tests in the embedded host: no Envoy is needed, and time passes only when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/tcp-metrics.wasm", import.meta.url));

test("unit: bytes of both ways and open connections are counted", async () => {
  const host = await createHost({ tcpFilters: [{ wasm }], upstream: "echo" });
  const connection = host.connect();
  connection.send("hello");
  await host.idle();
  const metrics = host.metrics();
  assert.equal(metrics["example_tcp_connections_active"], 1);
  assert.equal(metrics["example_tcp_received_bytes_total"], 5);
});
