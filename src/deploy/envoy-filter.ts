/**
 * Istio's EnvoyFilter, for what WasmPlugin lacks.
 *
 * @module
 */
import type { ManifestOptions, Point } from "./options.js";
import { TYPE, pluginComments, pointNames, pointTypes, typedConfig } from "./plugin-config.js";
import { statsTags } from "../stats-tags.js";
import { toYaml } from "./yaml.js";

const HCM = "envoy.filters.network.http_connection_manager";

export function envoyFilter(options: ManifestOptions, point: Point, head: string): string {
  const { name, namespace, selector, targetRefs, statsTags: tags } = options;
  const manifest = {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: { name, namespace },
    spec: {
      workloadSelector: selector === undefined ? undefined : { labels: selector },
      targetRefs,
      configPatches: [
        ...patches(options, point),
        ...(tags === undefined ? [] : [bootstrapPatch({ stats_config: { stats_tags: statsTags(tags) } })]),
      ],
    },
  };
  const first = "spec/configPatches/0/patch/value";
  const places: Readonly<Record<Point, string>> = {
    http: `${first}/typed_config/config`,
    tcp: `${first}/typed_config/config`,
    "access-log": `${first}/typed_config/access_log/0/typed_config/config`,
    service: `${first}/bootstrap_extensions/0/typed_config/config`,
    "stats-sink": `${first}/stats_sinks/0/typed_config/config`,
  };
  const discovery = "spec/configPatches/1/patch/value/config_discovery";
  return toYaml(manifest, head, {
    ...pluginComments(places[point], options),
    [`${discovery}/config_source/initial_fetch_timeout`]: "Listeners wait until the module is there.",
    [`${discovery}/type_urls`]:
      "The agent puts an RBAC filter into the place of a module that it cannot fetch.",
    "spec/workloadSelector":
      "The workloads of this namespace with these labels; in the root namespace (istio-system), of all.",
    "spec/configPatches":
      point === "service" || point === "stats-sink" || tags !== undefined
        ? "A proxy reads its bootstrap once: restart the pods after a change of a BOOTSTRAP patch."
        : point === "access-log"
          ? "One more logger for each HTTP connection manager."
          : options.code.kind === "local" || options.code.kind === "inline"
            ? "The plugin is put before the filter that the match names."
            : "The order counts: the first patch defines the plugin, the second one puts it into its place.",
  });
}

function bootstrapPatch(value: object): object {
  return { applyTo: "BOOTSTRAP", patch: { operation: "MERGE", value } };
}

function patches(options: ManifestOptions, point: Point): object[] {
  const { name, context, code } = options;
  const config = typedConfig(options, point, "_");
  const typed = { name: pointNames[point], typed_config: config };
  if (point === "service") return [bootstrapPatch({ bootstrap_extensions: [typed] })];
  if (point === "stats-sink") return [bootstrapPatch({ stats_sinks: [typed] })];
  const manager = { listener: { filterChain: { filter: { name: HCM } } } };
  if (point === "access-log") {
    const logger = { "@type": `${TYPE}${hcmType}`, access_log: [typed] };
    return [
      {
        applyTo: "NETWORK_FILTER",
        match: { context, ...manager },
        patch: { operation: "MERGE", value: { name: HCM, typed_config: logger } },
      },
    ];
  }
  const place =
    point === "http"
      ? {
          applyTo: "HTTP_FILTER",
          match: {
            context,
            listener: {
              filterChain: { filter: { name: HCM, subFilter: { name: "envoy.filters.http.router" } } },
            },
          },
        }
      : {
          applyTo: "NETWORK_FILTER",
          match: {
            context,
            listener: { filterChain: { filter: { name: "envoy.filters.network.tcp_proxy" } } },
          },
        };
  if (code.kind === "local" || code.kind === "inline")
    return [{ ...place, patch: { operation: "INSERT_BEFORE", value: { name, typed_config: config } } }];
  const rbac = point === "http" ? "http" : "network";
  return [
    // The agent, which fetches images, sees only configurations that are discovered.
    {
      applyTo: "EXTENSION_CONFIG",
      match: context === undefined ? undefined : { context },
      patch: { operation: "ADD", value: { name, typed_config: config } },
    },
    {
      ...place,
      patch: {
        operation: "INSERT_BEFORE",
        value: {
          name,
          config_discovery: {
            config_source: { ads: {}, initial_fetch_timeout: "0s" },
            type_urls: [
              `${TYPE}${pointTypes[point]}`,
              `${TYPE}envoy.extensions.filters.${rbac}.rbac.v3.RBAC`,
            ],
          },
        },
      },
    },
  ];
}

const hcmType = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
