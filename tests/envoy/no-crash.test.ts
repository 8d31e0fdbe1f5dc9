import assert from "node:assert/strict";
import { pluginConfig } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const type = "type.googleapis.com/";

envoyTest(
  "access loggers: addresses are read where there is a client, and mirrored requests have none",
  async (t) => {
    const wasm = await compileFilter("tests/envoy/filters/upstream-log.ts");
    const upstream = await startUpstream(t);
    for (const path of [
      "source.address",
      "source.port",
      "destination.address",
      "destination.port",
      "connection.id",
    ]) {
      const logger = {
        name: "wasm",
        typed_config: {
          "@type": `${type}envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`,
          config: pluginConfig({ wasm, name: "log", configuration: path }),
        },
      };
      const envoy = await startEnvoy(t, {
        filters: [],
        upstream: upstream.port,
        edit: (config) => {
          const [listener] = config.static_resources.listeners;
          const manager = listener.filter_chains[0].filters[0].typed_config;
          manager.http_filters.at(-1).typed_config.upstream_log = [logger];
          manager.access_log = [logger];
          const route = manager.route_config.virtual_hosts[0].routes.at(-1).route;
          route.request_mirror_policies = [{ cluster: "upstream" }];
        },
      });
      assert.equal((await request(envoy.port)).status, 200);
      await envoy.waitForLog(() => envoy.wasmLogs.filter(({ level }) => level === "warning").length >= 3);
      const seen = envoy.wasmLogs.filter(({ level }) => level === "warning").map(({ message }) => message);
      assert.deepEqual(seen.sort(), ["none 0", "some 4", "some 4"], path);
      assert.equal(envoy.wasmLogs.filter(({ message }) => message === "evaluated").length, 2, path);
      assert.ok(envoy.isAlive);
    }
  },
);

envoyTest("clearRouteCache: only while the request can still take another way", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/route-cache.ts");
  const upstream = await startUpstream(t);
  const limit = {
    name: "envoy.filters.http.bandwidth_limit",
    typed_config: {
      "@type": `${type}envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit`,
      stat_prefix: "limit",
      enable_mode: "REQUEST_AND_RESPONSE",
      limit_kbps: 2000,
      fill_interval: "0.02s",
    },
  };
  for (const behind of [true, false]) {
    const envoy = await startEnvoy(t, {
      filters: [{ wasm }],
      upstream: upstream.port,
      edit: (config) => {
        const [listener] = config.static_resources.listeners;
        const filters = listener.filter_chains[0].filters[0].typed_config.http_filters;
        filters.splice(behind ? 1 : 0, 0, limit);
      },
    });
    const places: [at: string, headers: [string, string][], log: string[]][] = [
      ["requestHeaders", [], ["requestHeaders 0"]],
      ["timer", [], ["timer 0"]],
      ["requestHeaders,responseHeaders", [["x-respond", "1"]], ["requestHeaders 0", "responseHeaders 2"]],
      ["requestHeaders", [["x-respond", "1"]], ["requestHeaders 0"]],
      ["requestBody", [], ["requestBody 2"]],
      ["responseHeaders", [], ["responseHeaders 2"]],
      ["responseBody", [], ["responseBody 2"]],
      ["log", [], ["log 2"]],
    ];
    for (const [at, headers, log] of places) {
      const before = envoy.wasmLogs.length;
      const response = await request(envoy.port, {
        method: "POST",
        body: "x",
        headers: [["x-at", at], ...headers],
      });
      assert.equal(response.status, headers.length > 0 ? 403 : 200, at);
      await envoy.waitForLog(() => envoy.wasmLogs.length >= before + log.length);
      assert.deepEqual(
        [...new Set(envoy.wasmLogs.slice(before).map(({ message }) => message))],
        [...new Set(log)],
        at,
      );
      assert.ok(envoy.isAlive, at);
    }
  }
});
