import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("kinds", async () => {
  for (let i = 0; i < 2; i++) {
    const host = await createHost({ wasm: "build/plugin.wasm", rootId: "kinds", upstream: {} });
    for (const path of ["/", "/", "/path"]) await host.request({ path });
  }
});
