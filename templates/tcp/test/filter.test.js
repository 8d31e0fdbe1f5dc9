import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("connections pass unchanged and are counted", async () => {
  const host = await createHost({ tcpFilters: [{ wasm: "build/plugin.wasm" }], upstream: "echo" });
  const connection = host.connect();
  connection.send("ping");
  await host.idle();
  assert.equal(connection.received, "ping");
  assert.equal(host.metrics()["my_filter_connections_total"], 1);
});
