/**
 * Proxy-Wasm ABI 0.2.1 as a table: the functions that a host offers, and those that it calls.
 * Source: https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1, and Envoy for the two `envoy_…` callbacks.
 *
 * @module
 */

/** The type of a parameter or result. */
export type ValueType = "i32" | "i64";

/** The signature of a function. */
export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A signature of `count` i32 parameters with these results. */
function i32s(count: number, ...results: ValueType[]): Signature {
  return { params: new Array<ValueType>(count).fill("i32"), results };
}

/** A host function: `count` i32 parameters, and a status. */
const call = (count: number): Signature => i32s(count, "i32");

/** The functions of the module `env` that every host of ABI 0.2.1 offers. */
export const hostFunctions: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ["proxy_log", call(3)],
  ["proxy_get_log_level", call(1)],
  ["proxy_get_current_time_nanoseconds", call(1)],
  ["proxy_set_tick_period_milliseconds", call(1)],
  ["proxy_set_effective_context", call(1)],
  ["proxy_done", call(0)],
  ["proxy_get_header_map_size", call(2)],
  ["proxy_get_header_map_pairs", call(3)],
  ["proxy_set_header_map_pairs", call(3)],
  ["proxy_get_header_map_value", call(5)],
  ["proxy_add_header_map_value", call(5)],
  ["proxy_replace_header_map_value", call(5)],
  ["proxy_remove_header_map_value", call(3)],
  ["proxy_get_buffer_status", call(3)],
  ["proxy_get_buffer_bytes", call(5)],
  ["proxy_set_buffer_bytes", call(5)],
  ["proxy_continue_stream", call(1)],
  ["proxy_close_stream", call(1)],
  ["proxy_send_local_response", call(8)],
  ["proxy_http_call", call(10)],
  ["proxy_grpc_call", call(12)],
  ["proxy_grpc_stream", call(9)],
  ["proxy_grpc_send", call(4)],
  ["proxy_grpc_close", call(1)],
  ["proxy_grpc_cancel", call(1)],
  ["proxy_get_status", call(3)],
  ["proxy_get_shared_data", call(5)],
  ["proxy_set_shared_data", call(5)],
  ["proxy_register_shared_queue", call(3)],
  ["proxy_resolve_shared_queue", call(5)],
  ["proxy_enqueue_shared_queue", call(3)],
  ["proxy_dequeue_shared_queue", call(3)],
  ["proxy_define_metric", call(4)],
  ["proxy_get_metric", call(2)],
  ["proxy_record_metric", { params: ["i32", "i64"], results: ["i32"] }],
  ["proxy_increment_metric", { params: ["i32", "i64"], results: ["i32"] }],
  ["proxy_get_property", call(4)],
  ["proxy_set_property", call(4)],
  ["proxy_call_foreign_function", call(6)],
]);

/** The functions of the module `wasi_snapshot_preview1` that this package uses; every host of the ABI has them. */
export const wasiFunctions: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ["environ_sizes_get", call(2)],
  ["environ_get", call(2)],
  ["random_get", call(2)],
]);

/** The functions that a host calls when a module exports them. */
export const callbacks: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ["proxy_abi_version_0_2_1", i32s(0)],
  ["_initialize", i32s(0)],
  ["proxy_on_memory_allocate", i32s(1, "i32")],
  ["proxy_on_context_create", i32s(2)],
  ["proxy_on_vm_start", i32s(2, "i32")],
  ["proxy_on_configure", i32s(2, "i32")],
  ["proxy_on_tick", i32s(1)],
  ["proxy_on_done", i32s(1, "i32")],
  ["proxy_on_log", i32s(1)],
  ["proxy_on_delete", i32s(1)],
  ["proxy_on_new_connection", i32s(1, "i32")],
  ["proxy_on_downstream_data", i32s(3, "i32")],
  ["proxy_on_upstream_data", i32s(3, "i32")],
  ["proxy_on_downstream_connection_close", i32s(2)],
  ["proxy_on_upstream_connection_close", i32s(2)],
  ["proxy_on_request_headers", i32s(3, "i32")],
  ["proxy_on_request_body", i32s(3, "i32")],
  ["proxy_on_request_trailers", i32s(2, "i32")],
  ["proxy_on_request_metadata", i32s(2, "i32")],
  ["proxy_on_response_headers", i32s(3, "i32")],
  ["proxy_on_response_body", i32s(3, "i32")],
  ["proxy_on_response_trailers", i32s(2, "i32")],
  ["proxy_on_response_metadata", i32s(2, "i32")],
  ["proxy_on_http_call_response", i32s(5)],
  ["proxy_on_grpc_receive_initial_metadata", i32s(3)],
  ["proxy_on_grpc_receive", i32s(3)],
  ["proxy_on_grpc_receive_trailing_metadata", i32s(3)],
  ["proxy_on_grpc_close", i32s(3)],
  ["proxy_on_queue_ready", i32s(2)],
  ["proxy_on_foreign_function", i32s(3)],
  ["envoy_on_resolve_dns", i32s(3)],
  ["envoy_on_stats_update", i32s(2)],
]);

/** Callbacks of other names that a host looks up; a module of this SDK has none of them. */
export const forbiddenExports: ReadonlySet<string> = new Set([
  "_start",
  "main",
  "__main_void",
  "malloc",
  "proxy_abi_version_0_1_0",
  "proxy_abi_version_0_2_0",
]);

/** `(i32, i32) -> i32`, as a person reads it. */
export function formatSignature(signature: Signature): string {
  return `(${signature.params.join(", ")})${signature.results.length > 0 ? ` -> ${signature.results.join(", ")}` : ""}`;
}

/** Tells whether two functions have the same signature. */
export function sameSignature(a: Signature, b: Signature): boolean {
  return formatSignature(a) === formatSignature(b);
}
