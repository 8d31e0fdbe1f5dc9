/**
 * The callbacks of the ABI, and the methods that each leads to.
 *
 * @module
 */

/** A callback of the ABI, and the file below `assembly/callbacks/` that has it. */
export interface Callback {
  readonly callback: string;
  readonly file: "http" | "tcp" | "lifecycle" | "calls" | "services" | "envoy";
}

/** All callbacks by file: the entry exports them, until it is known which are needed. */
export const files: Readonly<Record<Callback["file"], readonly string[]>> = {
  lifecycle: [
    ...[
      "proxy_abi_version_0_2_1",
      "proxy_on_memory_allocate",
      "proxy_on_context_create",
      "proxy_on_vm_start",
    ],
    ...["proxy_on_configure", "proxy_on_log", "proxy_on_done", "proxy_on_delete"],
  ],
  http: [
    ...["proxy_on_request_headers", "proxy_on_request_body", "proxy_on_request_trailers"],
    ...["proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers"],
    ...["proxy_on_request_metadata", "proxy_on_response_metadata"],
  ],
  tcp: [
    ...["proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data"],
    ...["proxy_on_downstream_connection_close", "proxy_on_upstream_connection_close"],
  ],
  calls: [
    ...["proxy_on_http_call_response", "proxy_on_grpc_receive_initial_metadata", "proxy_on_grpc_receive"],
    ...["proxy_on_grpc_receive_trailing_metadata", "proxy_on_grpc_close"],
  ],
  services: ["proxy_on_tick", "proxy_on_queue_ready", "proxy_on_foreign_function"],
  envoy: ["envoy_on_stats_update"],
};

const lifecycle = (name: string): Callback => ({ file: "lifecycle", callback: `proxy_on_${name}` });
const http = (name: string): Callback => ({ file: "http", callback: `proxy_on_${name}` });
const tcp = (name: string): Callback => ({ file: "tcp", callback: `proxy_on_${name}` });
const services = (name: string): Callback => ({ file: "services", callback: `proxy_on_${name}` });
const message = (side: string, ...parts: string[]): Callback[] =>
  parts.map((part) => http(`${side}_${part}`));

/** The method that is asked what becomes of a stream that a bug has ended. */
export const ERROR_HANDLER = "onError";

/** By the name of a method that a filter can override: the callbacks that lead to it. */
export const overridables: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["onVmStart", [lifecycle("vm_start")]],
  ["onConfigure", [lifecycle("configure")]],
  ["onDone", [lifecycle("done")]],
  ["onLog", [lifecycle("log")]],
  ["onDelete", [lifecycle("delete")]],
  ["onNewConnection", [tcp("new_connection")]],
  ["onDownstreamData", [tcp("downstream_data")]],
  ["onUpstreamData", [tcp("upstream_data")]],
  ["onDownstreamClose", [tcp("downstream_connection_close")]],
  ["onUpstreamClose", [tcp("upstream_connection_close")]],
  ["onRequestHeaders", message("request", "headers")],
  // Trailers end a body, too.
  ["onRequestBody", message("request", "body", "trailers")],
  ["onRequestTrailers", message("request", "trailers")],
  ["onRequestMetadata", message("request", "metadata")],
  ["onRequestChunk", message("request", "headers", "body")],
  ["createRequestEditor", message("request", "headers", "body", "trailers")],
  ["onWholeRequestBody", message("request", "headers", "body", "trailers")],
  ["onResponseHeaders", message("response", "headers")],
  ["onResponseBody", message("response", "body", "trailers")],
  ["onResponseTrailers", message("response", "trailers")],
  ["onResponseMetadata", message("response", "metadata")],
  ["onResponseChunk", message("response", "headers", "body")],
  // The request says whether it becomes a tunnel.
  ["onWholeResponseBody", [http("request_headers"), ...message("response", "headers", "body", "trailers")]],
  ["createResponseEditor", [http("request_headers"), ...message("response", "headers", "body", "trailers")]],
  ["onQueueReady", [services("queue_ready")]],
  ["onForeignFunction", [services("foreign_function")]],
  // Each exported callback contains bugs.
  [ERROR_HANDLER, []],
  ["onStatsUpdate", [{ file: "envoy", callback: "envoy_on_stats_update" }]],
]);

/** By the name of a limit that a filter can set: the callbacks in which it is held to. */
export const limits: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["requestBodyLimit", overridables.get("onWholeRequestBody")!],
  ["responseBodyLimit", overridables.get("onWholeResponseBody")!],
]);
