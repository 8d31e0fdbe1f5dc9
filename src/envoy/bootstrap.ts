/**
 * Configuration for an Envoy that runs filters on this machine.
 *
 * @module
 */
import { isIP } from "node:net";
import { resolve } from "node:path";

/** Configuration of a plugin or VM: text, bytes, or an object, which Envoy passes on as a protobuf `Struct`. */
export type Configuration = string | Uint8Array | { readonly [field: string]: unknown };

/** One Wasm plugin. Fields are named as in Envoy's `PluginConfig` and `VmConfig`. */
export interface WasmPlugin {
  /** The module's file. */
  readonly wasm: string;
  /** Stands in Envoy's log before each message of a stream. */
  readonly name?: string;
  /** Which of the module's plugins to run. */
  readonly rootId?: string;
  readonly configuration?: Configuration;
  /** Plugins with the same VM id, module and VM configuration share a VM. */
  readonly vmId?: string;
  readonly vmConfiguration?: Configuration;
  readonly environment?: Readonly<Record<string, string>>;
  /** The treatment of requests after a trap; Envoy's own default is FAIL_CLOSED. */
  readonly failurePolicy?: "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";
  /** Under FAIL_RELOAD, how many milliseconds after a trap a new VM may be made; 1,000 unless given. */
  readonly reloadBackoff?: number;
  readonly allowOnHeadersStopIteration?: boolean;
}

/** The upstream of a cluster: a port on this machine, or a host and port; `http2` is HTTP/2 without TLS. */
export type Upstream = number | { readonly host: string; readonly port: number; readonly http2?: boolean };

/** The settings of an Envoy. */
export interface BootstrapOptions {
  /** The HTTP filters, in the order in which requests pass them. */
  readonly filters?: readonly WasmPlugin[];
  /** The network filters of a second listener, in front of the same upstream. */
  readonly tcpFilters?: readonly WasmPlugin[];
  /** Access loggers for HTTP. */
  readonly accessLoggers?: readonly WasmPlugin[];
  /** Services: plugins that see no traffic; each runs once, in Envoy's main thread. */
  readonly services?: readonly WasmPlugin[];
  /** Stats sinks: plugins that get Envoy's statistics, once a second. */
  readonly statsSinks?: readonly WasmPlugin[];
  /** The upstream; without one, Envoy answers 200 `ok` itself. */
  readonly upstream?: Upstream;
  /** The port to listen on; left out or 0, one that is free. */
  readonly port?: number;
  /** More clusters, by name. Those whose name begins with "grpc" are reached by HTTP/2 unless they say otherwise. */
  readonly clusters?: Readonly<Record<string, Upstream>>;
  /** The port of the network filters' listener; left out or 0, one that is free. */
  readonly tcpPort?: number;
  /** Fields of the HTTP connection manager that differ from what this package sets. */
  readonly connectionManager?: Readonly<Record<string, unknown>>;
  /** The last word on the configuration. */
  readonly edit?: (bootstrap: Bootstrap) => void;
}

/** Envoy's `Bootstrap`, as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Envoy checks it, and its type has thousands of fields
export type Bootstrap = any;

const TYPE = "type.googleapis.com/";

function address(port: number, host = "127.0.0.1"): object {
  return { socket_address: { address: host, port_value: port } };
}

function any(configuration: Configuration): object {
  if (typeof configuration === "string")
    return { "@type": `${TYPE}google.protobuf.StringValue`, value: configuration };
  if (configuration instanceof Uint8Array) {
    const value = Buffer.from(configuration).toString("base64");
    return { "@type": `${TYPE}google.protobuf.BytesValue`, value };
  }
  return { "@type": `${TYPE}google.protobuf.Struct`, value: configuration };
}

/** Envoy's `PluginConfig` for a plugin. */
export function pluginConfig(plugin: WasmPlugin): object {
  const { wasm, name, rootId, configuration, vmId, vmConfiguration, environment } = plugin;
  return {
    name,
    root_id: rootId,
    ...(configuration !== undefined && { configuration: any(configuration) }),
    failure_policy: plugin.failurePolicy,
    ...(plugin.reloadBackoff !== undefined && {
      reload_config: { backoff: { base_interval: `${plugin.reloadBackoff / 1000}s` } },
    }),
    ...(plugin.allowOnHeadersStopIteration !== undefined && {
      allow_on_headers_stop_iteration: plugin.allowOnHeadersStopIteration,
    }),
    vm_config: {
      vm_id: vmId,
      runtime: "envoy.wasm.runtime.v8",
      code: { local: { filename: resolve(wasm) } },
      ...(vmConfiguration !== undefined && { configuration: any(vmConfiguration) }),
      ...(environment !== undefined && { environment_variables: { key_values: environment } }),
    },
  };
}

/** Envoy's `Cluster` for an upstream. */
export function cluster(name: string, upstream: Upstream): object {
  const {
    host,
    port,
    http2 = name.startsWith("grpc"),
  } = typeof upstream === "number" ? { host: "127.0.0.1", port: upstream, http2: undefined } : upstream;
  return {
    name,
    type: isIP(host) === 0 ? "STRICT_DNS" : "STATIC",
    ...(http2 && {
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          "@type": `${TYPE}envoy.extensions.upstreams.http.v3.HttpProtocolOptions`,
          explicit_http_config: { http2_protocol_options: {} },
        },
      },
    }),
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port, host) } }] }],
    },
  };
}

/** The whole configuration. Ports that are 0 are chosen by the system when it starts. */
export function bootstrap(options: BootstrapOptions): Bootstrap {
  const { filters = [], upstream, clusters = {} } = options;
  const route =
    upstream === undefined
      ? { direct_response: { status: 200, body: { inline_string: "ok\n" } } }
      : { route: { cluster: "upstream" } };
  const config: Bootstrap = {
    admin: { address: address(0) },
    static_resources: {
      listeners: [
        {
          name: "http",
          address: address(options.port ?? 0),
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: {
                    "@type": `${TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
                    stat_prefix: "http",
                    http_protocol_options: { enable_trailers: true },
                    route_config: {
                      virtual_hosts: [
                        { name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, ...route }] },
                      ],
                    },
                    http_filters: [
                      ...filters.map((plugin, index) => ({
                        name: plugin.name ?? `wasm-${index}`,
                        typed_config: {
                          "@type": `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`,
                          config: pluginConfig(plugin),
                        },
                      })),
                      {
                        name: "router",
                        typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.router.v3.Router` },
                      },
                    ],
                    access_log: (options.accessLoggers ?? []).map((plugin) => ({
                      name: "wasm",
                      typed_config: {
                        "@type": `${TYPE}envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`,
                        config: pluginConfig(plugin),
                      },
                    })),
                    ...options.connectionManager,
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: [
        ...(upstream === undefined ? [] : [cluster("upstream", upstream)]),
        ...Object.entries(clusters).map(([name, to]) => cluster(name, to)),
      ],
    },
  };
  if (options.tcpFilters !== undefined) {
    config.static_resources.listeners.push(tcpListener(options.tcpFilters, options.tcpPort ?? 0));
  }
  if (options.services !== undefined) {
    config.bootstrap_extensions = options.services.map((plugin) => ({
      name: "envoy.bootstrap.wasm",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.wasm.v3.WasmService`,
        singleton: true,
        config: pluginConfig(plugin),
      },
    }));
  }
  if (options.statsSinks !== undefined) {
    config.stats_flush_interval = "1s";
    config.stats_sinks = options.statsSinks.map((plugin) => ({
      name: "envoy.stat_sinks.wasm",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.stat_sinks.wasm.v3.Wasm`,
        config: pluginConfig(plugin),
      },
    }));
  }
  options.edit?.(config);
  return config;
}

/** A listener for network filters in front of the upstream. */
function tcpListener(filters: readonly WasmPlugin[], port: number): object {
  return {
    name: "tcp",
    address: address(port),
    filter_chains: [
      {
        filters: [
          ...filters.map((plugin, index) => ({
            name: plugin.name ?? `wasm-${index}`,
            typed_config: {
              "@type": `${TYPE}envoy.extensions.filters.network.wasm.v3.Wasm`,
              config: pluginConfig(plugin),
            },
          })),
          {
            name: "tcp_proxy",
            typed_config: {
              "@type": `${TYPE}envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy`,
              stat_prefix: "tcp",
              cluster: "upstream",
            },
          },
        ],
      },
    ],
  };
}
