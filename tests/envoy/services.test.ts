import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

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
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-lds-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (configuration: string): void => {
    const plugin = { wasm, rootId: "slow", vmId: "slow", configuration, environment };
    const [listener] = bootstrap({ filters: [plugin] }).static_resources.listeners;
    listener.address.socket_address.port_value = 0;
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener";
    listener.drain_type = "MODIFY_ONLY";
    writeFileSync(join(folder, "new.json"), JSON.stringify({ resources: [listener] }));
    renameSync(join(folder, "new.json"), join(folder, "lds.json"));
  };
  write("first");
  const envoy = await startEnvoy(t, {
    edit: (config) => {
      config.static_resources.listeners = [];
      config.node = { id: "node", cluster: "cluster" };
      config.dynamic_resources = {
        lds_config: { path_config_source: { path: join(folder, "lds.json") }, resource_api_version: "V3" },
      };
    },
  });
  write("second");
  await envoy.waitForLog((log) => log.includes("slow deleted"));
  const logs = envoy.wasmLogs.map(({ message }) => message);
  assert.ok(logs.indexOf("finishing") < logs.indexOf("finished 0 true"));
  assert.ok(logs.indexOf("finished 0 true") < logs.indexOf("slow deleted"));
  assert.ok(envoy.isAlive);
});
