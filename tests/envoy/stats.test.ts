import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("a stats sink gets each counter and gauge that Envoy has used, and nothing else", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/stats.ts");
  const envoy = await startEnvoy(t, {
    filters: [{ wasm }],
    statsSinks: [{ wasm, rootId: "sink", vmId: "sink" }],
    edit: (config) => void (config.stats_flush_interval = "0.2s"),
  });
  for (let i = 0; i < 3; i++) assert.equal((await request(envoy.port)).status, 200);
  const said = (start: string): string[] =>
    envoy.wasmLogs.map(({ message }) => message).filter((line) => line.startsWith(start));
  await envoy.waitForLog(() => said("seen 9 +").length > 0 && said("level 7").length > 0);
  const grown = said("seen ").map((line) => Number(/\+(\d+)/.exec(line)![1]));
  assert.equal(
    grown.reduce((sum, delta) => sum + delta, 0),
    9,
    "each change comes once",
  );
  // What the admin interface lists as used, histograms aside, which sinks do not get.
  const before = said("update ").length;
  const { stats } = JSON.parse(await envoy.admin("/stats?usedonly&format=json")) as {
    stats: { name?: string }[];
  };
  const used = stats.filter(({ name }) => name !== undefined).length;
  await envoy.waitForLog(() => said("update ").length >= before + 2);
  const [, counters, gauges] = /: (\d+) (\d+) /.exec(said("update ").at(-1))!;
  assert.ok(Number(counters) >= 30 && Number(gauges) >= 20, `${counters} ${gauges}`);
  // The question itself is a request that is counted and under way.
  assert.ok(Math.abs(Number(counters) + Number(gauges) - used) <= 8, `${counters} + ${gauges}, ${used}`);
});
