/** Whole manifests, field by field: each place of a plugin in an EnvoyFilter and in Envoy's own configuration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { gateway, image } from "./support/options.js";

const TYPE = "type.googleapis.com/envoy.extensions";
const HCM = "envoy.filters.network.http_connection_manager";
const hcmType = `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`;
const text = (value: string): object => ({
  "@type": "type.googleapis.com/google.protobuf.StringValue",
  value,
});
const anew = { failure_policy: "FAIL_RELOAD", reload_config: { backoff: { base_interval: "0.1s" } } };
const atFile = { runtime: "envoy.wasm.runtime.v8", code: { local: { filename: "/x.wasm" } } };
const plain = { name: "p", ...anew, vm_config: atFile };
const types = {
  http: `${TYPE}.filters.http.wasm.v3.Wasm`,
  tcp: `${TYPE}.filters.network.wasm.v3.Wasm`,
  "access-log": `${TYPE}.access_loggers.wasm.v3.WasmAccessLog`,
  service: `${TYPE}.wasm.v3.WasmService`,
  "stats-sink": `${TYPE}.stat_sinks.wasm.v3.Wasm`,
};
const typed = (point: keyof typeof types, config: object): object => ({ "@type": types[point], config });
const tag = { stats_tags: [{ tag_name: "t", regex: "^wasmcustom\\..*?(;t=([^;]*))" }] };
const address = (host: string, port: number): object => ({
  socket_address: { address: host, port_value: port },
});

const filter: ManifestOptions = {
  target: "envoyfilter",
  name: "p",
  code: { kind: "local", file: "/x.wasm" },
};

const remote = (uri: string, sha256: string, cluster = "_"): object => ({
  runtime: "envoy.wasm.runtime.v8",
  code: { remote: { http_uri: { uri, cluster, timeout: "30s" }, sha256 } },
});
const before = (name: string, subFilter?: string): object => ({
  listener: {
    filterChain: { filter: { name, ...(subFilter !== undefined && { subFilter: { name: subFilter } }) } },
  },
});
/** A patch that puts a filter `p` before the one that `match` names. */
const insert = (applyTo: string, match: object, value: object): object => ({
  ...{ applyTo, match },
  patch: { operation: "INSERT_BEFORE", value: { name: "p", ...value } },
});
const bootstrap = (value: object): object => ({ applyTo: "BOOTSTRAP", patch: { operation: "MERGE", value } });

/** Options of an EnvoyFilter, and what its `spec` is. */
const filters: readonly (readonly [what: string, options: Partial<ManifestOptions>, spec: object])[] = [
  [
    "an access logger of gateways",
    { point: "access-log", context: "GATEWAY", selector: { app: "w" } },
    {
      workloadSelector: { labels: { app: "w" } },
      configPatches: [
        {
          applyTo: "NETWORK_FILTER",
          match: { context: "GATEWAY", ...before(HCM) },
          patch: {
            operation: "MERGE",
            value: {
              name: HCM,
              typed_config: {
                "@type": hcmType,
                access_log: [{ name: "envoy.access_loggers.wasm", typed_config: typed("access-log", plain) }],
              },
            },
          },
        },
      ],
    },
  ],
  [
    "a network filter with all that a plugin can have",
    {
      point: "tcp",
      ...{ rootId: "r", configuration: '{"a":1}', vmConfiguration: "v", vmId: "id" },
      ...{ environment: { A: "1" }, hostEnvironment: ["B"], allowOnHeadersStopIteration: true },
    },
    {
      configPatches: [
        insert("NETWORK_FILTER", before("envoy.filters.network.tcp_proxy"), {
          typed_config: typed("tcp", {
            ...{ name: "p", root_id: "r", configuration: text('{"a":1}'), ...anew },
            allow_on_headers_stop_iteration: true,
            vm_config: {
              ...{ vm_id: "id", ...atFile, configuration: text("v") },
              environment_variables: { host_env_keys: ["B"], key_values: { A: "1" } },
            },
          }),
        }),
      ],
    },
  ],
  [
    "an HTTP filter in a file",
    { point: "http", failStrategy: "FAIL_CLOSE" },
    {
      configPatches: [
        insert("HTTP_FILTER", before(HCM, "envoy.filters.http.router"), {
          typed_config: typed("http", { name: "p", failure_policy: "FAIL_CLOSED", vm_config: atFile }),
        }),
      ],
    },
  ],
  [
    "a network filter in an image, of one gateway",
    { point: "tcp", code: image, targetRefs: [gateway] },
    {
      targetRefs: [gateway],
      configPatches: [
        {
          applyTo: "EXTENSION_CONFIG",
          patch: {
            operation: "ADD",
            value: {
              name: "p",
              typed_config: typed("tcp", {
                ...{ name: "p", ...anew, vm_config: remote("oci://registry.example/filter:1", "nil") },
              }),
            },
          },
        },
        insert("NETWORK_FILTER", before("envoy.filters.network.tcp_proxy"), {
          config_discovery: {
            config_source: { ads: {}, initial_fetch_timeout: "0s" },
            type_urls: [types.tcp, `${TYPE}.filters.network.rbac.v3.RBAC`],
          },
        }),
      ],
    },
  ],
  [
    "a service with a variable",
    { point: "service", environment: { A: "1" } },
    {
      configPatches: [
        bootstrap({
          bootstrap_extensions: [
            {
              name: "envoy.bootstrap.wasm",
              typed_config: {
                ...typed("service", {
                  name: "p",
                  vm_config: { ...atFile, environment_variables: { key_values: { A: "1" } } },
                }),
                singleton: true,
              },
            },
          ],
        }),
      ],
    },
  ],
  [
    "a stats sink with one of the proxy's variables, and tags",
    { point: "stats-sink", hostEnvironment: ["B"], statsTags: ["t"] },
    {
      configPatches: [
        bootstrap({
          stats_sinks: [
            {
              name: "envoy.stat_sinks.wasm",
              typed_config: typed("stats-sink", {
                ...plain,
                vm_config: { ...atFile, environment_variables: { host_env_keys: ["B"] } },
              }),
            },
          ],
        }),
        bootstrap({ stats_config: tag }),
      ],
    },
  ],
];

for (const [what, options, spec] of filters)
  test(`EnvoyFilter: ${what}`, () => {
    assert.deepEqual(parse(manifest({ ...filter, namespace: "n", ...options })), {
      apiVersion: "networking.istio.io/v1alpha3",
      kind: "EnvoyFilter",
      metadata: { name: "p", namespace: "n" },
      spec,
    });
  });

const cluster = (name: string, type: string, host: string, port: number): object => ({
  ...{ name, type },
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, port) } }] }],
  },
});
const router = {
  name: "envoy.filters.http.router",
  typed_config: { "@type": `${TYPE}.filters.http.router.v3.Router` },
};
const digest = "0f".repeat(32);
const ok = { direct_response: { status: 200, body: { inline_string: "ok\n" } } };

function manager(route: object, http_filters: object[], access_log?: object[]): object {
  const routes = [{ match: { prefix: "/" }, ...route }];
  return {
    name: HCM,
    typed_config: {
      ...{ "@type": hcmType, stat_prefix: "http", ...(access_log !== undefined && { access_log }) },
      route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
      http_filters,
    },
  };
}

function listening(port: number, filters: object[], clusters?: object[]): object {
  return {
    admin: { address: address("127.0.0.1", 9901) },
    static_resources: {
      listeners: [{ name: "main", address: address("0.0.0.0", port), filter_chains: [{ filters }] }],
      ...(clusters !== undefined && { clusters }),
    },
  };
}

const tls = {
  name: "envoy.transport_sockets.tls",
  typed_config: {
    ...{ "@type": `${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext`, sni: "files.example" },
    common_tls_context: {
      validation_context: { trusted_ca: { filename: "/etc/ssl/certs/ca-certificates.crt" } },
    },
  },
};

/** Options of Envoy's own configuration, and what it is. */
const bootstraps: readonly (readonly [what: string, options: Partial<ManifestOptions>, whole: object])[] = [
  [
    "a network filter, before an upstream that stands for another",
    { point: "tcp" },
    listening(
      10000,
      [
        { name: "envoy.filters.network.wasm", typed_config: typed("tcp", plain) },
        {
          name: "envoy.filters.network.tcp_proxy",
          typed_config: {
            ...{ "@type": `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: "tcp" },
            cluster: "upstream",
          },
        },
      ],
      [cluster("upstream", "STATIC", "127.0.0.1", 8080)],
    ),
  ],
  [
    "an HTTP filter of a web server, before an upstream",
    {
      ...{ point: "http", code: { kind: "url", url: "https://files.example/x.wasm", sha256: digest } },
      ...{ upstream: { host: "up.example", port: 81 }, port: 80, statsTags: ["t"] },
    },
    {
      ...listening(
        80,
        [
          manager({ route: { cluster: "upstream" } }, [
            {
              name: "envoy.filters.http.wasm",
              typed_config: typed("http", {
                ...{ name: "p", ...anew },
                vm_config: remote("https://files.example/x.wasm", digest, "wasm_code"),
              }),
            },
            router,
          ]),
        ],
        [
          cluster("upstream", "STRICT_DNS", "up.example", 81),
          { ...cluster("wasm_code", "STRICT_DNS", "files.example", 443), transport_socket: tls },
        ],
      ),
      stats_config: tag,
    },
  ],
  [
    "a stats sink of a web server without TLS, by its address",
    { point: "stats-sink", code: { kind: "url", url: "http://[::1]/x.wasm", sha256: digest } },
    {
      ...listening(10000, [manager(ok, [router])], [cluster("wasm_code", "STATIC", "::1", 80)]),
      stats_flush_interval: "5s",
      stats_sinks: [
        {
          name: "envoy.stat_sinks.wasm",
          typed_config: typed("stats-sink", {
            ...{ name: "p", ...anew, vm_config: remote("http://[::1]/x.wasm", digest, "wasm_code") },
          }),
        },
      ],
    },
  ],
  [
    "an access logger",
    { point: "access-log" },
    listening(10000, [
      manager(
        ok,
        [router],
        [{ name: "envoy.access_loggers.wasm", typed_config: typed("access-log", plain) }],
      ),
    ]),
  ],
  [
    "a service",
    { point: "service" },
    {
      ...listening(10000, [manager(ok, [router])]),
      bootstrap_extensions: [
        {
          name: "envoy.bootstrap.wasm",
          typed_config: { ...typed("service", { name: "p", vm_config: atFile }), singleton: true },
        },
      ],
    },
  ],
];

for (const [what, options, whole] of bootstraps)
  test(`Envoy: ${what}`, () => {
    assert.deepEqual(parse(manifest({ ...filter, target: "envoy", ...options })), whole);
  });
