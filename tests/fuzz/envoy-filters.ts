/** Envoy's own filters that stand before and behind those of a round. Limits are wide enough for all to end in time. */

const TYPE = "type.googleapis.com/";

export interface EnvoyFilter {
  readonly name: string;
}

function filter(name: string, type: string, fields: object = {}): EnvoyFilter {
  return {
    name: `envoy.filters.http.${name}`,
    ...{ typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.${type}`, ...fields } },
  };
}

const library = (kind: "compressor" | "decompressor"): object => ({
  name: "gzip",
  typed_config: {
    "@type": `${TYPE}envoy.extensions.compression.gzip.${kind}.v3.Gzip`,
  },
});

const always = { numerator: 100, denominator: "HUNDRED" };
const enabled = { default_value: always };
const text = (value: string): object => ({ inline_string: value });
const uri = (path: string): object => ({ uri: `http://side${path}`, cluster: "side", timeout: "0.3s" });

/** Waits for bodies, changes headers, chooses the route anew, and answers some requests itself. */
const script = `
function envoy_on_request(handle)
  handle:headers():add("x-lua", "1")
  handle:streamInfo():dynamicMetadata():set("lua", "a", "b")
  if handle:headers():get("x-b") ~= nil then handle:respond({[":status"] = "418"}, "lua") end
  handle:clearRouteCache()
  local body = handle:body()
  if body ~= nil then handle:headers():replace("x-lua", tostring(body:length())) end
end
function envoy_on_response(handle)
  handle:headers():add("x-lua", "2")
  for chunk in handle:bodyChunks() do handle:logTrace(tostring(chunk:length())) end
end`;

/** An answer of Envoy's in the place of one of the upstream's with this status. */
const instead = (status: string, name: string, fields: object): object => ({
  predicate: {
    single_predicate: {
      input: {
        name: "status",
        typed_config: { "@type": `${TYPE}envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput` },
      },
      value_match: { exact: status },
    },
  },
  on_match: {
    action: {
      name,
      typed_config: {
        "@type": `${TYPE}envoy.extensions.http.custom_response.${name}.v3.${name === "local_response_policy" ? "LocalResponsePolicy" : "RedirectPolicy"}`,
        ...fields,
      },
    },
  },
});

const changed = (key: string, value: string): object => ({
  append: { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
});

export const envoyFilters: Readonly<Record<string, () => EnvoyFilter>> = {
  "bandwidth limit": () =>
    filter("bandwidth_limit", "bandwidth_limit.v3.BandwidthLimit", {
      stat_prefix: "limit",
      enable_mode: "REQUEST_AND_RESPONSE",
      limit_kbps: 20_000,
      fill_interval: "0.02s",
      enable_response_trailers: true,
    }),
  // It limits responses as well, and Envoy dies if its bandwidth limit has one beyond that which another filter buffers.
  buffer: () => filter("buffer", "buffer.v3.Buffer", { max_request_bytes: 200_000 }),
  fault: () =>
    filter("fault", "fault.v3.HTTPFault", {
      delay: { fixed_delay: "0.02s", percentage: { numerator: 30, denominator: "HUNDRED" } },
      abort: { http_status: 503, percentage: { numerator: 10, denominator: "HUNDRED" } },
      response_rate_limit: { fixed_limit: { limit_kbps: 20_000 }, percentage: always },
    }),
  compressor: () =>
    filter("compressor", "compressor.v3.Compressor", {
      compressor_library: library("compressor"),
      request_direction_config: { common_config: { enabled: { default_value: true, runtime_key: "x" } } },
    }),
  decompressor: () =>
    filter("decompressor", "decompressor.v3.Decompressor", { decompressor_library: library("decompressor") }),
  ext_authz: () =>
    filter("ext_authz", "ext_authz.v3.ExtAuthz", {
      failure_mode_allow: true,
      clear_route_cache: true,
      with_request_body: { max_request_bytes: 8192, allow_partial_message: true },
      http_service: { server_uri: uri(""), path_prefix: "/allowed" },
    }),
  ext_proc: () =>
    filter("ext_proc", "ext_proc.v3.ExternalProcessor", {
      grpc_service: { envoy_grpc: { cluster_name: "grpc-side" } },
      failure_mode_allow: true,
      message_timeout: "0.05s",
      processing_mode: {
        request_header_mode: "SEND",
        response_header_mode: "SEND",
        request_body_mode: "BUFFERED_PARTIAL",
        response_body_mode: "STREAMED",
      },
    }),
  "local rate limit": () =>
    filter("local_ratelimit", "local_ratelimit.v3.LocalRateLimit", {
      stat_prefix: "limit",
      token_bucket: { max_tokens: 50, tokens_per_fill: 50, fill_interval: "0.1s" },
      filter_enabled: enabled,
      filter_enforced: enabled,
      enable_x_ratelimit_headers: "DRAFT_VERSION_03",
      response_headers_to_add: [{ header: { key: "x-limited", value: "1" } }],
    }),
  rbac: () =>
    filter("rbac", "rbac.v3.RBAC", {
      rules: {
        action: "DENY",
        policies: {
          some: {
            permissions: [{ header: { name: "x-a", string_match: { exact: "v" } } }],
            principals: [{ any: true }],
          },
        },
      },
    }),
  lua: () => filter("lua", "lua.v3.Lua", { default_source_code: text(script) }),
  "header mutation": () =>
    filter("header_mutation", "header_mutation.v3.HeaderMutation", {
      mutations: {
        request_mutations: [changed("x-mutated", "%REQ(:path)%"), { remove: "x-a" }],
        response_mutations: [changed("x-mutated", "%RESPONSE_CODE%"), { remove: "content-length" }],
      },
    }),
  "header to metadata": () =>
    filter("header_to_metadata", "header_to_metadata.v3.Config", {
      request_rules: [{ header: "x-a", on_header_present: { key: "a", type: "STRING" }, remove: true }],
      response_rules: [{ header: "x-a", on_header_present: { key: "b", type: "STRING" } }],
    }),
  "json to metadata": () =>
    filter("json_to_metadata", "json_to_metadata.v3.JsonToMetadata", {
      request_rules: {
        allow_content_types: ["text/plain", "application/json"],
        allow_empty_content_type: true,
        rules: [{ selectors: [{ key: "a" }], on_missing: { key: "a", value: "none" } }],
      },
      response_rules: {
        allow_empty_content_type: true,
        rules: [{ selectors: [{ key: "a" }], on_missing: { key: "b", value: "none" } }],
      },
    }),
  "custom response": () =>
    filter("custom_response", "custom_response.v3.CustomResponse", {
      custom_response_matcher: {
        matcher_list: {
          matchers: [
            instead("403", "local_response_policy", { status_code: 406, body: text("custom") }),
            instead("503", "redirect_policy", { uri: "http://side/instead", status_code: 500 }),
          ],
        },
      },
    }),
  cache: () =>
    filter("cache", "cache.v3.CacheConfig", {
      typed_config: {
        "@type": `${TYPE}envoy.extensions.http.cache.simple_http_cache.v3.SimpleHttpCacheConfig`,
      },
    }),
  "admission control": () =>
    filter("admission_control", "admission_control.v3.AdmissionControl", {
      enabled: { default_value: true, runtime_key: "x" },
      success_criteria: { http_criteria: { http_success_status: [{ start: 200, end: 600 }] } },
      sampling_window: "1s",
    }),
  cors: () => filter("cors", "cors.v3.Cors"),
  "on demand": () => filter("on_demand", "on_demand.v3.OnDemand"),
  "gRPC web": () => filter("grpc_web", "grpc_web.v3.GrpcWeb"),
  "gRPC bridge": () => filter("grpc_http1_bridge", "grpc_http1_bridge.v3.Config"),
  "stateful session": () =>
    filter("stateful_session", "stateful_session.v3.StatefulSession", {
      session_state: {
        name: "envoy.http.stateful_session.header",
        typed_config: {
          "@type": `${TYPE}envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState`,
          name: "x-session",
        },
      },
    }),
  "file system buffer": () =>
    filter("file_system_buffer", "file_system_buffer.v3.FileSystemBufferFilterConfig", {
      manager_config: { thread_pool: { thread_count: 1 } },
      request: { behavior: { fully_buffer: {} } },
      response: { behavior: { stream_when_possible: {} } },
    }),
};

/** Those beside which Envoy itself loses the end of what others hold, or of hedged WebSockets: see docs/rationale.md. */
export const LOSES_ENDS =
  /bandwidth limit|fault|decompressor|file system buffer|hedges|admission control.*custom response|custom response.*admission control/;

/** Those that wait for the whole of a request, also of a tunnel's, which then never opens, without any filter of ours as well. */
export const WAITS_FOR_BODIES = /lua|buffer|json to metadata/;
