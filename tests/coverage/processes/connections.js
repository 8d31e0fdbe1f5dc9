import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("connections", async () => {
  const host = await createHost({
    tcpFilters: [{ wasm: "build/plugin.wasm", rootId: "connections" }],
    upstream: "echo",
  });
  const connection = host.connect();
  connection.send("ping");
  await host.idle();
  connection.send("pong");
  await host.idle();
});
