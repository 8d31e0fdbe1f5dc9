/** Properties cell by cell: what Envoy and the host answer to each path in each callback. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createHost } from "../../src/testing/index.js";
import { compilePuppet } from "../parity/puppet.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

/** Paths whose values are alike in both; a value that differs by nature is compared by its size only (`propn`). */
const paths = [
  ...["path", "url_path", "query", "host", "scheme", "method", "referer", "useragent", "protocol"].map(
    (field) => `prop request/${field}`,
  ),
  ...["id", "time"].map((field) => `propn request/${field}`),
  ...["size", "duration", "nope"].map((field) => `propn request/${field}`),
  ...["code", "code_details", "grpc_status", "flags", "nope"].map((field) => `prop response/${field}`),
  ...["size", "total_size", "backend_latency"].map((field) => `propn response/${field}`),
  ...["mtls", "requested_server_name", "tls_version", "nope"].map((field) => `prop connection/${field}`),
  ...["connection/id", "source/port", "destination/port", "upstream/port"].map((path) => `propn ${path}`),
  "prop source/nope",
  "prop upstream/request_attempt_count",
  ...["route_name", "cluster_name", "virtual_host_name", "filter_chain_name", "listener_direction"].map(
    (field) => `prop xds/${field}`,
  ),
  "prop plugin_name",
  "prop plugin_root_id",
  "prop plugin_vm_id",
];

const callbacks = ["qh", "qb", "rh", "rb", "log"];
const script = callbacks.map((callback) => `${callback}:${paths.join(";")}`).join("|");

/** A table's lines that differ. */
function compareTables(host: readonly string[], envoy: readonly string[]): void {
  assert.ok(envoy.length >= paths.length, `${envoy.length} cells`);
  const differ = envoy.flatMap((line, i) => (host[i] === line ? [] : [`Envoy: ${line}\nhost:  ${host[i]}`]));
  assert.equal(differ.join("\n"), "");
  assert.equal(host.length, envoy.length);
}

envoyTest("properties: each path in each callback of a request", async (t) => {
  const wasm = await compilePuppet();
  const upstream = await startUpstream(t, (_, response) => void response.end("fine"));
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, name: "script", configuration: "script|" }],
    upstream: upstream.port,
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      manager.route_config.virtual_hosts[0].routes[0].name = "main";
    },
  });
  const host = await createHost({
    filters: [{ wasm, name: "script", configuration: "script|" }],
    upstream: { body: "fine" },
    route: () => ({ cluster: "upstream", name: "main" }),
  });
  const response = await request(envoy.port, {
    method: "POST",
    body: "abc",
    headers: [["x-script", script]],
  });
  assert.equal(response.status, 200);
  const lines = (): string[] => envoy.wasmLogs.map(({ message }) => message);
  await envoy.waitForLog(() => lines().some((line) => line.startsWith("log prop plugin_vm_id")));
  await host.request({ method: "POST", body: "abc", headers: { "content-length": "3", "x-script": script } });
  compareTables(
    host.logs.filter(({ ofModule }) => ofModule).map(({ message }) => message),
    lines(),
  );
});

envoyTest("properties: each path in each callback of a connection", async (t) => {
  const wasm = await compilePuppet();
  const script = ["nc", "dd#1", "ud#1"].map((callback) => `${callback}:${paths.join(";")}`).join("|");
  const upstream = await startUpstream(t);
  const plugin = { wasm, name: "tcp", configuration: `tcp|${script}` };
  const envoy = await startEnvoy(t, { tcpFilters: [plugin], upstream: upstream.port });
  const host = await createHost({ tcpFilters: [plugin], upstream: "echo" });
  const socket = connect(envoy.tcpPort, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  const lines = (): string[] =>
    envoy.wasmLogs.map(({ message }) => message).filter((line) => /^(nc|dd|ud) prop/.test(line));
  await envoy.waitForLog(() => lines().some((line) => line.startsWith("ud prop plugin_vm_id")));
  socket.destroy();
  const connection = host.connect();
  await host.tick(1);
  connection.send("abc");
  await host.tick(1);
  await sleep(0);
  compareTables(
    host.logs.map(({ message }) => message).filter((line) => /^(nc|dd|ud) prop/.test(line)),
    lines(),
  );
});
