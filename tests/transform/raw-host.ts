/** A host that makes every callback there is, in Envoy's order, and notes what the module does. */
import { files } from "../../src/transform/program/callbacks.js";

/** What a module does to streams: host functions whose calls are noted, with the number of arguments that are no addresses. */
const acts: Readonly<Record<string, number>> = {
  proxy_send_local_response: 1,
  proxy_continue_stream: 1,
  proxy_close_stream: 1,
  proxy_set_effective_context: 0,
  proxy_add_header_map_value: 1,
  proxy_replace_header_map_value: 1,
  proxy_remove_header_map_value: 1,
  proxy_set_header_map_pairs: 1,
  proxy_set_buffer_bytes: 1,
  proxy_set_tick_period_milliseconds: 1,
  proxy_http_call: 0,
  proxy_done: 0,
};

/** What the host goes on with where a module has no callback. */
const missing = (name: string): number | undefined => {
  if (/_(headers|body|trailers|metadata|connection|data)$/.test(name)) return 0;
  return /_(vm_start|configure|done)$/.test(name) ? 1 : undefined;
};

export interface Observed {
  /** What happened, in order. */
  readonly trace: readonly string[];
  /** The callbacks that the module exports. */
  readonly exports: ReadonlySet<string>;
}

const known = new Set(Object.values(files).flat());

/** Runs a module as the plugin with this root id: two requests, a connection, and what a plugin is called for. */
export async function observe(bytes: BufferSource, rootId: string, hasTcp: boolean): Promise<Observed> {
  const trace: string[] = [];
  const module = await WebAssembly.compile(bytes);
  let now = 0n;
  let calls = 0;
  /** The message of the running stream whose headers are held, so that nothing of its body is shown. */
  let held = "";
  /** The running callback has answered or reset the stream: Envoy goes on with nothing, whatever it says. */
  let hasEnded = false;
  /** The messages of the running stream that have no more callbacks: a local response takes the place of the request alone. */
  let over: readonly string[] = [];
  let responds = false;
  const memory = (): WebAssembly.Memory => instance.exports["memory"] as WebAssembly.Memory;
  const view = (): DataView => new DataView(memory().buffer);
  const text = (at: number, size: number): string => Buffer.from(memory().buffer, at, size).toString("utf8");
  const give = (value: string, at: number, size: number): number => {
    const { proxy_on_memory_allocate: allocate } = instance.exports;
    const address = (allocate as (size: number) => number)(value.length);
    Buffer.from(memory().buffer, address, value.length).write(value);
    view().setUint32(at, address, true);
    view().setUint32(size, value.length, true);
    return 0;
  };
  const functions: Readonly<Record<string, (...parameters: number[]) => number>> = {
    proxy_log(_level, at, size) {
      trace.push(`log ${text(at, size)}`);
      return 0;
    },
    proxy_get_log_level(at) {
      view().setUint32(at, 0, true);
      return 0;
    },
    proxy_get_current_time_nanoseconds(at) {
      view().setBigUint64(at, now, true);
      return 0;
    },
    proxy_get_property(path, length, at, size) {
      return text(path, length) === "plugin_root_id" && rootId !== "" ? give(rootId, at, size) : 1;
    },
    proxy_http_call(...parameters) {
      view().setUint32(parameters.at(-1), ++calls, true);
      return 0;
    },
  };
  const imports: WebAssembly.ModuleImports = {};
  for (const { name } of WebAssembly.Module.imports(module)) {
    const count = acts[name];
    imports[name] = (...parameters: number[]): number => {
      if (count !== undefined) trace.push([name, ...parameters.slice(0, count)].join(" "));
      if (/^proxy_(continue_stream|send_local_response|close_stream)$/.test(name)) held = "";
      if (/^proxy_(send_local_response|close_stream)$/.test(name)) {
        hasEnded = true;
        over = responds || name === "proxy_close_stream" ? ["request", "response"] : ["request"];
      }
      // Headers, buffers and the rest are not there.
      return functions[name]?.(...parameters) ?? (/^proxy_get_/.test(name) ? 1 : 0);
    };
  }
  const instance = await WebAssembly.instantiate(module, { env: imports, wasi_snapshot_preview1: imports });
  const exported = instance.exports as Readonly<Record<string, (...parameters: number[]) => number>>;
  const call = (name: string, ...parameters: number[]): void => {
    now += 100_000_000n;
    const [, side, part] = /^proxy_on_(request|response)_(\w+)$/.exec(name) ?? [];
    if (side !== undefined && ((side === held && part !== "headers") || over.includes(side))) return;
    responds ||= side === "response";
    hasEnded = false;
    let answer = exported[name] === undefined ? missing(name) : exported[name](...parameters);
    if (hasEnded && answer !== undefined) answer = 1;
    else if (part === "headers") {
      // Envoy holds the body as well, unless it is set not to.
      if (answer === 1) answer = 4;
      held = answer === 4 || answer === 3 ? side! : "";
    }
    trace.push(`${name}(${parameters.join(", ")}): ${answer}`);
  };
  exported["_initialize"]?.();
  call("proxy_on_context_create", 1, 0);
  call("proxy_on_vm_start", 1, 0);
  call("proxy_on_configure", 1, 0);
  for (const stream of [2, 3]) {
    held = "";
    over = [];
    responds = false;
    call("proxy_on_context_create", stream, 1);
    for (const side of ["request", "response"]) {
      call(`proxy_on_${side}_headers`, stream, 3, 0);
      call("proxy_on_tick", 1);
      call(`proxy_on_${side}_body`, stream, 10, 0);
      for (; calls > 0; calls--) call("proxy_on_http_call_response", stream, calls, 1, 0, 0);
      call(`proxy_on_${side}_metadata`, stream, 1);
      call(`proxy_on_${side}_body`, stream, 20, 0);
      call(`proxy_on_${side}_trailers`, stream, 1);
    }
  }
  if (hasTcp) {
    call("proxy_on_context_create", 4, 1);
    call("proxy_on_new_connection", 4);
    for (const side of ["downstream", "upstream"]) {
      call(`proxy_on_${side}_data`, 4, 5, 0);
      call("proxy_on_tick", 1);
      call(`proxy_on_${side}_data`, 4, 5, 1);
      call(`proxy_on_${side}_connection_close`, 4, 1);
    }
  }
  call("proxy_on_queue_ready", 1, 1);
  call("proxy_on_foreign_function", 1, 1, 0);
  for (const context of [2, 3, ...(hasTcp ? [4] : []), 1])
    // Envoy tells a plugin nothing to be logged.
    for (const name of context === 1 ? ["done", "delete"] : ["done", "log", "delete"])
      call(`proxy_on_${name}`, context);
  return { trace, exports: new Set(Object.keys(exported).filter((name) => known.has(name))) };
}
