/** A service and the filter that it feeds, as `manifest --for envoyfilter` writes them, in Envoy: they find each other. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { manifest } from "../../src/deploy/index.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { moduleOf } from "./support/grid.js";
import { pass } from "../support/wait.js";

/** What the manifest's one patch puts into Envoy's configuration. */
function patchOf(file: string, point: "service" | "http", rootId: string, vmId: string): unknown {
  const text = manifest({
    target: "envoyfilter",
    point,
    rootId,
    vmId,
    name: `lists-${point}`,
    code: { kind: "local", file },
    module: moduleOf(file),
    configuration: "blocked",
  });
  const { spec } = parse(text) as { spec: { configPatches: { patch: { value: unknown } }[] } };
  return spec.configPatches[0]!.patch.value;
}

/** What a client that stands on the list is answered, as soon as it is other than 200, or after three seconds. */
async function answered(t: Parameters<typeof startEnvoy>[0], vmId: string): Promise<number> {
  const file = await buildExample("service-queue");
  const lists = await startUpstream(t, (_, response) => response.end("bad\n"));
  const envoy = await startEnvoy(t, {
    clusters: { lists: lists.port },
    edit: (config) => {
      const { bootstrap_extensions } = patchOf(file, "service", "fetcher", "lists") as {
        bootstrap_extensions: unknown[];
      };
      config.bootstrap_extensions = bootstrap_extensions;
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      manager.http_filters.unshift(patchOf(file, "http", "filter", vmId));
    },
  });
  let status = 200;
  for (
    const deadline = Date.now() + 3000;
    status === 200 && Date.now() < deadline;
    await pass(50, "between two requests")
  )
    ({ status } = await request(envoy.port, { headers: [["x-client", "bad"]] }));
  return status;
}

envoyTest("manifest: a service feeds the filters that have its VM id", async (t) => {
  assert.equal(await answered(t, "lists"), 403);
});

envoyTest("manifest: and no others", async (t) => {
  assert.equal(await answered(t, "others"), 200);
});
