/** A host that does nothing but answer: each function Ok with a short value, but one as the test wishes. */
import { hostFunctions } from "../../src/abi.js";

/** What the function in question puts where the filter wants its answer. */
export type Shape = "short" | "untouched" | "null" | "large";

export interface Fault {
  readonly name: string;
  readonly status: number;
  readonly shape: Shape;
}

/** Where a function's answer goes: the parameters of address and size, or that of a number. */
const valueAt = new Map<string, number>([
  ["proxy_get_header_map_pairs", 1],
  ["proxy_get_header_map_value", 3],
  ["proxy_get_buffer_bytes", 3],
  ["proxy_get_status", 1],
  ["proxy_get_shared_data", 2],
  ["proxy_dequeue_shared_queue", 1],
  ["proxy_get_property", 2],
  ["proxy_call_foreign_function", 4],
]);
const numberAt = new Map<string, readonly number[]>([
  ["proxy_get_log_level", [0]],
  ["proxy_get_current_time_nanoseconds", [0]],
  ["proxy_get_header_map_size", [1]],
  ["proxy_get_buffer_status", [1, 2]],
  ["proxy_http_call", [9]],
  ["proxy_grpc_call", [11]],
  ["proxy_grpc_stream", [8]],
  ["proxy_get_status", [0]],
  ["proxy_get_shared_data", [4]],
  ["proxy_register_shared_queue", [2]],
  ["proxy_resolve_shared_queue", [4]],
  ["proxy_define_metric", [3]],
  ["proxy_get_metric", [1]],
]);

export const LARGE = 1024 * 1024;
const INVALID_MEMORY_ACCESS = 6;
const SHORT = "seven!!";

/** The host functions that answer with a value, and so with one of several shapes. */
export const valueFunctions = [...valueAt.keys()];

/** Runs the filter through the life of a plugin and two streams; answers what it logged, and throws what it throws. */
export function runOnce(module: WebAssembly.Module, fault?: Fault): string[] {
  const said: string[] = [];
  const filter = {} as { memory: WebAssembly.Memory; allocate: (size: number) => number };
  let numbers = 0;
  /** The last number that each function gave. */
  const given = new Map<string, number>();
  const put = (address: number, value: number): void =>
    new DataView(filter.memory.buffer).setUint32(address, value, true);
  /** Hands a value over; false, as in Envoy, when the module has no room for it. */
  const give = (addressAt: number, value: string): boolean => {
    const address = value.length === 0 ? 0 : filter.allocate(value.length);
    if (address === 0 && value.length > 0) return false;
    new Uint8Array(filter.memory.buffer).set(Buffer.from(value, "latin1"), address);
    put(addressAt, address);
    put(addressAt + 4, value.length);
    return true;
  };
  const answer = (name: string, parameters: number[]): number => {
    const own = fault?.name === name ? fault : undefined;
    const shape = own?.shape ?? "short";
    if (shape === "untouched" || (own !== undefined && own.status !== 0)) return own!.status;
    const at = valueAt.get(name);
    if (at !== undefined) {
      const size = parameters[at + 1]!;
      if (size !== parameters[at]! + 4) throw new Error(`${name}: address and size are not side by side`);
      if (!give(parameters[at]!, { short: SHORT, null: "", large: "x".repeat(LARGE) }[shape]))
        return INVALID_MEMORY_ACCESS;
    }
    for (const number of numberAt.get(name) ?? []) {
      const value = shape === "null" || name === "proxy_get_log_level" ? 0 : ++numbers;
      given.set(name, value);
      put(parameters[number]!, value);
    }
    // A second passes from one question for the time to the next.
    if (name === "proxy_get_current_time_nanoseconds" && shape !== "null") put(parameters[0]! + 4, numbers);
    return own?.status ?? 0;
  };
  const env: WebAssembly.ModuleImports = {};
  for (const name of hostFunctions.keys()) {
    env[name] = (...parameters: number[]) => {
      if (name.includes("header_map") && parameters[0]! > 7) return 2;
      if (name === "proxy_log") {
        const [, address, size] = parameters;
        said.push(Buffer.from(filter.memory.buffer, address, size).toString("latin1"));
      }
      return answer(name, parameters);
    };
  }
  const wasi: WebAssembly.ModuleImports = {
    environ_sizes_get: (count: number, size: number) => {
      put(count, 0);
      put(size, 0);
      return 0;
    },
    environ_get: () => 0,
  };
  const { exports } = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: wasi });
  filter.memory = exports["memory"] as WebAssembly.Memory;
  const call = (name: string, ...parameters: number[]): number =>
    (exports[name] as (...parameters: number[]) => number)(...parameters);
  filter.allocate = (size) => call("proxy_on_memory_allocate", size);
  call("_initialize");
  call("proxy_on_context_create", 1, 0);
  call("proxy_on_vm_start", 1, 7);
  call("proxy_on_configure", 1, 7);
  for (const id of [2, 3]) {
    call("proxy_on_context_create", id, 1);
    call("proxy_on_request_headers", id, 5, 0);
  }
  call("proxy_on_request_body", 3, 7, 0);
  call("proxy_on_tick", 1);
  const token = (name: string): number => given.get(name) ?? 0;
  const stream = token("proxy_grpc_stream");
  call("proxy_on_grpc_receive_initial_metadata", 1, stream, 1);
  call("proxy_on_grpc_receive", 1, stream, 7);
  call("proxy_on_grpc_receive_trailing_metadata", 1, stream, 1);
  call("proxy_on_grpc_close", 1, stream, 0);
  call("proxy_on_grpc_receive", 1, token("proxy_grpc_call"), 7);
  call("proxy_on_http_call_response", 1, token("proxy_http_call"), 1, 7, 1);
  call("proxy_on_tick", 1);
  // The stream that the tick has opened: the filter breaks it off.
  call("proxy_on_grpc_receive", 1, token("proxy_grpc_stream"), 7);
  call("proxy_on_queue_ready", 1, 1);
  call("proxy_on_foreign_function", 1, 1, 7);
  call("proxy_on_response_headers", 2, 1, 0);
  call("proxy_on_tick", 1);
  const end = (id: number): void => {
    call("proxy_on_log", id);
    call("proxy_on_done", id);
    call("proxy_on_delete", id);
  };
  end(3);
  end(2);
  // What comes from now on is a connection.
  call("proxy_on_context_create", 4, 1);
  call("proxy_on_new_connection", 4);
  call("proxy_on_downstream_data", 4, 7, 0);
  call("proxy_on_upstream_data", 4, 7, 0);
  call("envoy_on_stats_update", 1, 7);
  end(4);
  end(1);
  return said;
}
