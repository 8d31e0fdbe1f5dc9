import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { startReplaceable } from "../support/replaceable.js";

const filter = (): Promise<string> => compileFilter("tests/envoy/filters/services.ts");
const environment = { REGION: "eu=1", EMPTY: "" };

envoyTest("an access logger sees each stream once, reads all and writes nothing", async (t) => {
  const upstream = await startUpstream(t, (_, response) => response.setHeader("x-upstream", "yes").end());
  const logger = { wasm: await filter(), rootId: "log", environment };
  const envoy = await startEnvoy(t, { accessLoggers: [logger], upstream: upstream.port });
  await request(envoy.port, { path: "/one" });
  await request(envoy.port, { path: "/two", method: "POST", body: "x" });
  await envoy.waitForLog((log) => log.includes("/two"));
  assert.deepEqual(
    envoy.wasmLogs.map(({ message }) => message),
    ["/one 200 yes 2 0", "/two 200 yes 2 0"],
  );
});

envoyTest("a service runs once, has timers, its environment and no other", async (t) => {
  const envoy = await startEnvoy(t, {
    services: [{ wasm: await filter(), rootId: "service", environment }],
    concurrency: 2,
  });
  await envoy.waitForLog((log) => log.includes("service tick 3"));
  await envoy.stop();
  const logs = envoy.wasmLogs.map(({ message }) => message);
  assert.equal(logs.filter((line) => line === "service tick 1").length, 1);
  assert.equal(logs[0], "region eu=1 [] true");
  assert.ok(logs.includes("asked to end 1"), "it is not pending yet within onDone");
  assert.ok(!logs.includes("never at shutdown"));
});

envoyTest("a plugin that is replaced ends in its own time, while the new one serves", async (t) => {
  const wasm = await filter();
  const plugin = { wasm, rootId: "slow", vmId: "slow", environment };
  const { envoy, replace } = await startReplaceable(t, { ...plugin, configuration: "first" });
  replace({ ...plugin, configuration: "second" });
  await envoy.waitForLog((log) => log.includes("slow deleted"));
  const logs = envoy.wasmLogs.map(({ message }) => message);
  assert.ok(logs.indexOf("finishing") < logs.indexOf("finished 0 true"));
  assert.ok(logs.indexOf("finished 0 true") < logs.indexOf("slow deleted"));
  assert.ok(envoy.isAlive);
});
