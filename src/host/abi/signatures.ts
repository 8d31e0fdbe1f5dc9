/**
 * The functions that Envoy 1.40 offers to modules and those that it calls, with their types.
 *
 * @module
 */

/** A function's type as Envoy writes it: `i32 i64 -> i32`. */
export type Signature = string;

export type AbiVersion = "0.1.0" | "0.2.0" | "0.2.1";

function i32s(count: number, result: string): Signature {
  return `${count === 0 ? "void" : new Array(count).fill("i32").join(" ")} -> ${result}`;
}

function table(entries: Readonly<Record<string, number | Signature>>): Map<string, Signature> {
  return new Map(
    Object.entries(entries).map(([name, type]) => [
      name,
      typeof type === "number" ? i32s(type, "i32") : type,
    ]),
  );
}

/** A number stands for so many `i32` parameters and an `i32` result. */
const common = table({
  proxy_log: 3,
  proxy_get_status: 3,
  proxy_set_property: 4,
  proxy_get_property: 4,
  proxy_send_local_response: 8,
  proxy_get_shared_data: 5,
  proxy_set_shared_data: 5,
  proxy_register_shared_queue: 3,
  proxy_resolve_shared_queue: 5,
  proxy_dequeue_shared_queue: 3,
  proxy_enqueue_shared_queue: 3,
  proxy_get_header_map_value: 5,
  proxy_add_header_map_value: 5,
  proxy_replace_header_map_value: 5,
  proxy_remove_header_map_value: 3,
  proxy_get_header_map_pairs: 3,
  proxy_set_header_map_pairs: 3,
  proxy_get_header_map_size: 2,
  proxy_get_buffer_status: 3,
  proxy_get_buffer_bytes: 5,
  proxy_set_buffer_bytes: 5,
  proxy_http_call: 10,
  proxy_grpc_call: 12,
  proxy_grpc_stream: 9,
  proxy_grpc_send: 4,
  proxy_grpc_close: 1,
  proxy_grpc_cancel: 1,
  proxy_set_tick_period_milliseconds: 1,
  proxy_get_current_time_nanoseconds: 1,
  proxy_define_metric: 4,
  proxy_increment_metric: "i32 i64 -> i32",
  proxy_record_metric: "i32 i64 -> i32",
  proxy_get_metric: 2,
  proxy_set_effective_context: 1,
  proxy_done: 0,
  proxy_call_foreign_function: 6,
  pthread_equal: 2,
  emscripten_notify_memory_growth: "i32 -> void",
  envoy_resolve_dns: 3,
});

const byVersion: Readonly<Record<AbiVersion, Map<string, Signature>>> = {
  "0.1.0": table({
    proxy_get_configuration: 2,
    proxy_continue_request: 0,
    proxy_continue_response: 0,
    proxy_clear_route_cache: 0,
  }),
  "0.2.0": table({ proxy_continue_stream: 1, proxy_close_stream: 1 }),
  "0.2.1": table({ proxy_continue_stream: 1, proxy_close_stream: 1, proxy_get_log_level: 1 }),
};

/** WASI; the numbers of parameters are Envoy's, two of which (path_link, path_symlink) are not WASI's. */
export const wasiFunctions = table({
  args_get: 2,
  args_sizes_get: 2,
  environ_get: 2,
  environ_sizes_get: 2,
  clock_res_get: 2,
  clock_time_get: "i32 i64 i32 -> i32",
  fd_advise: "i32 i64 i64 i32 -> i32",
  fd_allocate: "i32 i64 i64 -> i32",
  fd_close: 1,
  fd_datasync: 1,
  fd_fdstat_get: 2,
  fd_fdstat_set_flags: 2,
  fd_fdstat_set_rights: "i32 i64 i64 -> i32",
  fd_filestat_get: 2,
  fd_filestat_set_size: "i32 i64 -> i32",
  fd_filestat_set_times: "i32 i64 i64 i32 -> i32",
  fd_pread: "i32 i32 i32 i64 i32 -> i32",
  fd_prestat_dir_name: 3,
  fd_prestat_get: 2,
  fd_pwrite: "i32 i32 i32 i64 i32 -> i32",
  fd_read: 4,
  fd_readdir: "i32 i32 i32 i64 i32 -> i32",
  fd_renumber: 2,
  fd_seek: "i32 i64 i32 i32 -> i32",
  fd_sync: 1,
  fd_tell: 2,
  fd_write: 4,
  path_create_directory: 3,
  path_filestat_get: 5,
  path_filestat_set_times: "i32 i32 i32 i32 i64 i64 i32 -> i32",
  path_link: 6,
  path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32 -> i32",
  path_readlink: 6,
  path_remove_directory: 3,
  path_rename: 6,
  path_symlink: 4,
  path_unlink_file: 3,
  poll_oneoff: 4,
  proc_exit: "i32 -> void",
  random_get: 2,
  sched_yield: 0,
  sock_accept: 3,
  sock_recv: 6,
  sock_send: 5,
  sock_shutdown: 2,
});

/** The type of the host function `module`.`name`; undefined when there is none. */
export function importType(version: AbiVersion, module: string, name: string): Signature | undefined {
  if (module === "env") return common.get(name) ?? byVersion[version].get(name);
  if (module === "wasi_snapshot_preview1" || module === "wasi_unstable") return wasiFunctions.get(name);
  return undefined;
}

/** All host functions, with the modules that they are imported from. */
export function importNames(version: AbiVersion): [module: string, name: string][] {
  return [
    ...[...common.keys(), ...byVersion[version].keys()].map((name): [string, string] => ["env", name]),
    ...[...wasiFunctions.keys()].map((name): [string, string] => ["wasi_snapshot_preview1", name]),
  ];
}

const callbacks = table({
  proxy_on_context_create: "i32 i32 -> void",
  proxy_validate_configuration: 2,
  proxy_on_vm_start: 2,
  proxy_on_configure: 2,
  proxy_on_tick: "i32 -> void",
  proxy_on_new_connection: 1,
  proxy_on_downstream_data: 3,
  proxy_on_upstream_data: 3,
  proxy_on_downstream_connection_close: "i32 i32 -> void",
  proxy_on_upstream_connection_close: "i32 i32 -> void",
  proxy_on_request_headers: 3,
  proxy_on_request_body: 3,
  proxy_on_request_trailers: 2,
  proxy_on_request_metadata: 2,
  proxy_on_response_headers: 3,
  proxy_on_response_body: 3,
  proxy_on_response_trailers: 2,
  proxy_on_response_metadata: 2,
  proxy_on_http_call_response: "i32 i32 i32 i32 i32 -> void",
  proxy_on_grpc_receive_initial_metadata: "i32 i32 i32 -> void",
  proxy_on_grpc_receive: "i32 i32 i32 -> void",
  proxy_on_grpc_receive_trailing_metadata: "i32 i32 i32 -> void",
  proxy_on_grpc_close: "i32 i32 i32 -> void",
  proxy_on_queue_ready: "i32 i32 -> void",
  proxy_on_foreign_function: "i32 i32 i32 -> void",
  proxy_on_done: 1,
  proxy_on_log: "i32 -> void",
  proxy_on_delete: "i32 -> void",
  envoy_on_resolve_dns: "i32 i32 i32 -> void",
  envoy_on_stats_update: "i32 i32 -> void",
  malloc: 1,
  proxy_on_memory_allocate: 1,
  _initialize: "void -> void",
  _start: "void -> void",
  main: 2,
  __main_void: 0,
});

/** The type that Envoy wants of an export that it calls; undefined for a name that it does not look up. */
export function exportType(version: AbiVersion, name: string): Signature | undefined {
  if (version === "0.1.0") {
    if (name === "proxy_on_request_headers" || name === "proxy_on_response_headers") return i32s(2, "i32");
    if (name === "proxy_on_foreign_function") return undefined;
  }
  return callbacks.get(name);
}

/** Every callback's name. */
export const callbackNames: readonly string[] = [...callbacks.keys()];
