/** Host functions called where there is nothing to call upon: in the start section, and from a module without memory. */
import { importNames, importType } from "../../src/host/abi/signatures.js";
import { assemble } from "../support/assemble.js";

/** Where a function is called, and the number that all of its arguments are. */
export interface EarlyCall {
  readonly place: "start" | "no memory";
  readonly module: string;
  readonly name: string;
  readonly value: number;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What Envoy 1.40 takes in a start section when all arguments are 0; anything else kills it. */
const taken = words(
  `pthread_equal emscripten_notify_memory_growth args_get fd_advise fd_allocate fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_renumber fd_sync fd_tell fd_write path_create_directory path_filestat_get path_filestat_set_times path_link path_open path_remove_directory path_rename path_symlink path_unlink_file random_get sched_yield sock_shutdown`,
);

/** What kills Envoy 1.40 without a memory, whatever the arguments are. */
const deadly = words(
  `proxy_get_status proxy_set_property proxy_get_property proxy_send_local_response proxy_get_shared_data proxy_set_shared_data proxy_register_shared_queue proxy_resolve_shared_queue proxy_enqueue_shared_queue proxy_get_buffer_status proxy_get_buffer_bytes proxy_set_buffer_bytes proxy_http_call proxy_grpc_call proxy_grpc_stream proxy_grpc_send proxy_get_current_time_nanoseconds proxy_define_metric proxy_call_foreign_function envoy_resolve_dns proxy_get_log_level args_sizes_get environ_sizes_get fd_readdir path_readlink poll_oneoff sock_accept sock_recv sock_send`,
);

/** And when all arguments are 0 only: with 8 there is no such map, clock or level. */
const deadlyWithNone = words(
  `proxy_log proxy_get_header_map_value proxy_add_header_map_value proxy_replace_header_map_value proxy_remove_header_map_value proxy_get_header_map_pairs proxy_set_header_map_pairs proxy_get_header_map_size clock_res_get clock_time_get`,
);

/** And when all arguments are 8 only: no bytes are no address. */
const deadlyWithSome = words(`
  random_get
`);

/** Every function of ABI 0.2.1 and WASI, in both places. */
export function earlyCalls(): EarlyCall[] {
  return importNames("0.2.1").flatMap(([module, name]): EarlyCall[] => [
    { place: "start", module, name, value: 0 },
    { place: "no memory", module, name, value: 0 },
    { place: "no memory", module, name, value: 8 },
  ]);
}

/** Tells whether Envoy dies. */
export function kills({ place, name, value }: EarlyCall): boolean {
  if (place === "start") return !taken.has(name);
  return deadly.has(name) || (value === 0 ? deadlyWithNone : deadlyWithSome).has(name);
}

/** A module that makes these calls, which have one place. */
export function moduleWith(calls: readonly EarlyCall[]): Uint8Array {
  const imports = new Map<string, string>();
  const body = calls.map(({ module, name, value }) => {
    const [before, result] = importType("0.2.1", module, name)!.split(" -> ") as [string, string];
    const params = before === "void" ? [] : before.split(" ");
    const list = params.length === 0 ? "" : `(param ${params.join(" ")})`;
    const answer = result === "void" ? "" : `(result ${result})`;
    imports.set(name, `(import "${module}" "${name}" (func $${name} ${list} ${answer}))`);
    const call = `(call $${name} ${params.map((param) => `(${param}.const ${value})`).join(" ")})`;
    return result === "void" ? call : `(drop ${call})`;
  });
  const rest =
    calls[0]!.place === "start"
      ? `(memory (export "memory") 1) (func $begin ${body.join(" ")}) (start $begin)`
      : `(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) ${body.join(" ")} (i32.const 0))`;
  return assemble(`${[...imports.values()].join(" ")}
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    ${rest}`);
}
