/** What a filter does to the choice of the route, and what it reads of the route's metadata. */
import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("routes: a changed header chooses anew, other state does with clearRouteCache only", async (t) => {
  const upstream = await startUpstream(t, (_, response) => void response.end("first"));
  const beta = await startUpstream(t, (_, response) => void response.end("beta"));
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilter("tests/envoy/filters/routes.ts"), name: "routes" }],
    upstream: upstream.port,
    clusters: { beta: beta.port },
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      const host = manager.route_config.virtual_hosts[0];
      host.routes[0].metadata = {
        filter_metadata: {
          acme: { names: ["ann", "bob"], people: [{ name: "eve" }], numbers: [1, 2.5] },
        },
      };
      const isBeta = { string_match: { exact: "beta" } };
      host.routes.unshift(
        { match: { prefix: "/", headers: [{ name: "x-version", ...isBeta }] }, route: { cluster: "beta" } },
        {
          match: { prefix: "/", filter_state: [{ key: "wasm.version", ...isBeta }] },
          route: { cluster: "beta" },
        },
      );
    },
  });
  const answer = async (what: string): Promise<string> => {
    // The filter reads the route first, so that Envoy has chosen one.
    const { body } = await request(envoy.port, { headers: what === "" ? [] : [["x-do", what]] });
    return body;
  };
  assert.equal(await answer(""), "first");
  assert.equal(await answer("header"), "beta");
  assert.equal(await answer("header clear"), "beta");
  assert.equal(await answer("state"), "first");
  assert.equal(await answer("state clear"), "beta");
  assert.equal(await answer("state header"), "beta");

  await envoy.waitForLog(() => envoy.wasmLogs.length >= 18);
  assert.deepEqual(
    envoy.wasmLogs.slice(0, 3).map(({ message }) => message),
    ["names ann bob - - -", "person eve", "number 2.5"],
  );
});
