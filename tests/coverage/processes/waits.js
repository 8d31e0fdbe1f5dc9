import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("waits", async () => {
  const clusters = { side: ({ authority }) => ({ status: 200, body: authority }) };
  const host = await createHost({ wasm: "build/plugin.wasm", rootId: "waits", upstream: {}, clusters });
  for (let i = 0; i < 4; i++) await host.request();
  host.script("side", { status: 500 });
  await host.request();
});
