/**
 * Every property in every kind of access logger and filter, also of requests that have no client: mirrored and hedged ones, retries,
 * health checks, upstream filters, internal listeners. One Envoy has them all, and must live.
 */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import type { Bootstrap } from "../../src/envoy/index.js";
import { pluginConfig } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { listen } from "../support/ports.js";
import { until } from "../support/wait.js";

const TYPE = "type.googleapis.com/";

/** An upstream that fails, hesitates, redirects, resets and upgrades, as the path asks. */
async function startUpstream(t: TestContext): Promise<number> {
  const answers: Readonly<Record<string, string>> = {
    fail: "HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno",
    redirect: "HTTP/1.1 302 Found\r\nlocation: http://a/plain\r\ncontent-length: 2\r\n\r\nno",
    upgrade: "HTTP/1.1 101 Fine\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello",
  };
  const plain = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-a: 1\r\n\r\n";
  const server = createServer((socket) => {
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      const path = /^[A-Z]+ \/(\w+)/.exec(String(data))?.[1] ?? "";
      if (path === "reset") socket.resetAndDestroy();
      else
        setTimeout(() => socket.writable && socket.write(answers[path] ?? plain), path === "slow" ? 600 : 0);
    });
  });
  return listen(t, server);
}

/** What a route has that sends a request more than once. */
const several = {
  request_mirror_policies: [{ cluster: "upstream" }, { cluster: "closed" }],
  retry_policy: {
    retry_on: "5xx,reset",
    num_retries: 1,
    per_try_timeout: "0.4s",
    retry_back_off: { base_interval: "0.01s" },
  },
  hedge_policy: { hedge_on_per_try_timeout: true },
  internal_redirect_policy: { max_internal_redirects: 2 },
};

/** Puts loggers and filters of the module wherever Envoy takes them. */
function edit(config: Bootstrap, wasm: string): void {
  const plugin = (rootId: string, configuration: string): object =>
    pluginConfig({ wasm, name: configuration, rootId, configuration, vmId: "every" });
  const logger = (label: string): object => ({
    name: "wasm",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`,
      config: plugin("log", label),
    },
  });
  const filter = (label: string, kind = "http"): object => ({
    name: label,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.${kind}.wasm.v3.Wasm`,
      config: plugin(kind, label),
    },
  });
  const flushed = { access_log_flush_interval: "0.05s" };
  const { listeners, clusters } = config.static_resources;
  const [http, tcp] = listeners;
  config.admin.access_log = [logger("admin")];
  const equip = (listener: Bootstrap, prefix: string): Bootstrap => {
    const manager = listener.filter_chains[0].filters[0].typed_config;
    listener.access_log = [logger(`${prefix}listener`)];
    manager.access_log = [logger(`${prefix}streams`)];
    manager.access_log_options = { ...flushed, flush_access_log_on_new_request: true };
    manager.upgrade_configs = [{ upgrade_type: "websocket" }];
    manager.http_filters.at(-1).typed_config.upstream_log = [logger(`${prefix}upstream`)];
    manager.http_filters.at(-1).typed_config.upstream_log_options = {
      flush_upstream_log_on_upstream_stream: true,
      upstream_log_flush_interval: "0.05s",
    };
    manager.http_filters.unshift(filter(`${prefix}filter`));
    const { route } = manager.route_config.virtual_hosts[0].routes[0];
    Object.assign(route, several);
    return manager.route_config.virtual_hosts[0].routes;
  };
  const inner = structuredClone(http);
  inner.name = "inner";
  delete inner.address;
  inner.internal_listener = {};
  equip(inner, "inner ");
  listeners.push(inner);
  equip(http, "").unshift({ match: { prefix: "/inner" }, route: { cluster: "inner", ...several } });

  const proxy = tcp.filter_chains[0].filters.at(-1).typed_config;
  proxy.access_log = [logger("tcp")];
  proxy.access_log_options = { ...flushed, flush_access_log_on_connected: true };
  tcp.access_log = [logger("tcp listener")];
  tcp.filter_chains[0].filters.unshift(filter("tcp filter", "network"));

  const options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  for (const cluster of clusters) {
    cluster.typed_extension_protocol_options = {
      [options]: {
        "@type": `${TYPE}${options}`,
        explicit_http_config: { http_protocol_options: { enable_trailers: true } },
        http_filters: [
          filter("upstream filter"),
          {
            name: "codec",
            typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec` },
          },
        ],
      },
    };
    cluster.health_checks = [
      {
        timeout: "0.2s",
        interval: "0.2s",
        unhealthy_threshold: 1000,
        healthy_threshold: 1,
        http_health_check: { path: "/plain" },
      },
    ];
  }
  const internal = { envoy_internal_address: { server_listener_name: "inner", endpoint_id: "x" } };
  clusters.push({
    name: "inner",
    type: "STATIC",
    load_assignment: {
      cluster_name: "inner",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: internal } }] }],
    },
    transport_socket: {
      name: "envoy.transport_sockets.internal_upstream",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport`,
        transport_socket: {
          name: "envoy.transport_sockets.raw_buffer",
          typed_config: {
            "@type": `${TYPE}envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer`,
          },
        },
      },
    },
  });
  config.bootstrap_extensions = [
    {
      name: "envoy.bootstrap.internal_listener",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.bootstrap.internal_listener.v3.InternalListener`,
      },
    },
  ];
}

/** Sends bytes and lets go when the other side has closed or upgraded, or after some time. */
function send(port: number, bytes: string, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("latin1").on("data", (data) => {
      if (/hello$/.test(String(data))) socket.destroy();
    });
    socket.on("error", () => undefined).on("close", () => resolve());
    setTimeout(() => socket.destroy(), patience);
  });
}

/** Which loggers and filters there are, and in which callbacks they are called, as far as it is worth to tell. */
const expected = [
  ...["streams", "upstream", "listener", "inner streams", "inner upstream", "inner listener"],
  ...["tcp", "tcp listener", "admin"],
].flatMap((label) => [`${label} log`, `${label} later`]);
for (const label of ["filter", "inner filter"])
  for (const where of ["request", "later", "body", "response", "response body", "log", "done", "delete"])
    expected.push(`${label} ${where}`);
for (const where of ["request", "later", "body", "response", "response body", "done", "delete"])
  expected.push(`upstream filter ${where}`);
for (const where of ["new", "down", "up", "done", "log", "delete"]) expected.push(`tcp filter ${where}`);

envoyTest("every property in every kind of access logger and filter leaves Envoy alive", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/every-property.ts");
  const envoy = await startEnvoy(t, {
    filters: [],
    tcpFilters: [],
    upstream: await startUpstream(t),
    clusters: { closed: 1 },
    edit: (config) => edit(config, wasm),
  });
  const head = (method: string, path: string, more = ""): string =>
    `${method} ${path} HTTP/1.1\r\nhost: a\r\nx-a: 1\r\n${more || "connection: close\r\n"}\r\n`;
  const bodies = ["plain", "slow", "fail", "reset", "redirect", "inner"];
  const sent = bodies.map(
    (path) => head("POST", `/${path}`, "connection: close\r\ncontent-length: 3\r\n") + "abc",
  );
  const upgrade = "connection: upgrade\r\nupgrade: websocket\r\n";
  sent.push(head("GET", "/upgrade", upgrade), head("GET", "/innerupgrade", upgrade), "nothing\r\n\r\n");
  // Some are cut before their answer, or before their own end.
  const cut = [head("GET", "/slow"), head("POST", "/plain", "content-length: 3\r\n")];
  for (const port of [envoy.port, envoy.tcpPort])
    await Promise.all([
      // What the network filters' listener passes on, the upstream does not close.
      ...sent.map((bytes) => send(port, bytes, port === envoy.port ? 10_000 : 1500)),
      ...["", ...cut].map((bytes) => send(port, bytes, 60)),
    ]);
  await envoy.stat("http.http.downstream_rq_active");
  assert.ok(envoy.isAlive);
  const seen = (): Set<string> => new Set(envoy.wasmLogs.map(({ message }) => message));
  const missing = (): string[] => expected.filter((line) => !seen().has(line));
  await until(() => missing().length === 0 || !envoy.isAlive).catch(() => undefined);
  assert.deepEqual(missing(), []);
});
