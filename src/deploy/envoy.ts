/**
 * A bootstrap for an Envoy without a control plane.
 *
 * @module
 */
import { isIP } from "node:net";
import type { ManifestOptions, Point } from "./options.js";
import { TYPE, pluginComments, pointNames, typedConfig } from "./plugin-config.js";
import { statsTags } from "../stats-tags.js";
import { toYaml } from "./yaml.js";

export function envoy(options: ManifestOptions, point: Point, head: string): string {
  const { upstream, code, port = 10000, statsTags: tags } = options;
  const extension = { name: pointNames[point], typed_config: typedConfig(options, point, "wasm_code") };
  const route =
    upstream === undefined
      ? { direct_response: { status: 200, body: { inline_string: "ok\n" } } }
      : { route: { cluster: "upstream" } };
  const manager = {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: "http",
      access_log: point === "access-log" ? [extension] : undefined,
      route_config: {
        virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, ...route }] }],
      },
      http_filters: [
        ...(point === "http" ? [extension] : []),
        {
          name: "envoy.filters.http.router",
          typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.router.v3.Router` },
        },
      ],
    },
  };
  const proxy = {
    name: "envoy.filters.network.tcp_proxy",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy`,
      stat_prefix: "tcp",
      cluster: "upstream",
    },
  };
  const clusters = [
    ...(upstream === undefined && point !== "tcp"
      ? []
      : [cluster("upstream", upstream?.host ?? "127.0.0.1", upstream?.port ?? 8080)]),
    ...(code.kind === "url" ? [codeCluster(new URL(code.url))] : []),
  ];
  const bootstrap = {
    admin: { address: address("127.0.0.1", 9901) },
    stats_config: tags === undefined ? undefined : { stats_tags: statsTags(tags) },
    bootstrap_extensions: point === "service" ? [extension] : undefined,
    stats_flush_interval: point === "stats-sink" ? "5s" : undefined,
    stats_sinks: point === "stats-sink" ? [extension] : undefined,
    static_resources: {
      listeners: [
        {
          name: "main",
          address: address("0.0.0.0", port),
          filter_chains: [{ filters: point === "tcp" ? [extension, proxy] : [manager] }],
        },
      ],
      clusters: clusters.length > 0 ? clusters : undefined,
    },
  };
  const filters = "static_resources/listeners/0/filter_chains/0/filters/0/typed_config";
  const places: Readonly<Record<Point, string>> = {
    http: `${filters}/http_filters/0/typed_config/config`,
    tcp: `${filters}/config`,
    "access-log": `${filters}/access_log/0/typed_config/config`,
    service: "bootstrap_extensions/0/typed_config/config",
    "stats-sink": "stats_sinks/0/typed_config/config",
  };
  return toYaml(bootstrap, head, {
    ...pluginComments(places[point], options),
    admin: "Statistics and more, for this machine only: curl localhost:9901/stats?filter=wasm",
    stats_config: "Makes labels of the tags in the names of the module's metrics.",
    bootstrap_extensions: "Runs once, in the main thread, and sees no traffic.",
    stats_sinks: "Is given all statistics at each flush.",
    "static_resources/clusters": describeClusters(options, point),
  });
}

function describeClusters({ upstream, code }: ManifestOptions, point: Point): string {
  const missing = upstream === undefined && point === "tcp";
  return [
    ...(upstream !== undefined ? ["Where requests go."] : []),
    ...(missing ? ["Where connections go; --upstream says another address."] : []),
    ...(code.kind === "url" ? ["wasm_code is where the module comes from."] : []),
  ].join(" ");
}

function address(host: string, port: number): object {
  return { socket_address: { address: host, port_value: port } };
}

function cluster(name: string, host: string, port: number): object {
  return {
    name,
    type: isIP(host) === 0 ? "STRICT_DNS" : "STATIC",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, port) } }] }],
    },
  };
}

function codeCluster(url: URL): object {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const ca = "/etc/ssl/certs/ca-certificates.crt";
  return {
    ...cluster("wasm_code", host, url.port === "" ? (secure ? 443 : 80) : Number(url.port)),
    transport_socket: secure
      ? {
          name: "envoy.transport_sockets.tls",
          typed_config: {
            "@type": `${TYPE}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext`,
            sni: host,
            common_tls_context: { validation_context: { trusted_ca: { filename: ca } } },
          },
        }
      : undefined,
  };
}
