/**
 * The kinds of the host functions' parameters: some are numbers, some pass bytes, and some say where results go.
 *
 * @module
 */

/**
 * A number; bytes that the module passes, by address and size; bytes that the host hands over into memory of the allocator, by
 * where their address and size go; a number that the host writes; and WASI's ways: `buffers` to be written to a file, `fill` for
 * bytes into memory that is there, `texts` for a list of texts.
 */
export type Kind = "number" | "passed" | "handed" | "u32" | "u64" | "buffers" | "fill" | "texts";

/** How many parameters each kind takes. */
const widths: Readonly<Record<Kind, number>> = {
  ...{ number: 1, passed: 2, handed: 2, u32: 1, u64: 1, buffers: 2, fill: 2, texts: 2 },
};

const short: Readonly<Record<string, Kind>> = {
  ...{ n: "number", p: "passed", h: "handed", "4": "u32", "8": "u64" },
  ...{ b: "buffers", f: "fill", t: "texts" },
};

const table = new Map(
  Object.entries({
    proxy_log: "np",
    proxy_get_status: "4h",
    proxy_set_property: "pp",
    proxy_get_property: "ph",
    proxy_send_local_response: "npppn",
    proxy_get_shared_data: "ph4",
    proxy_set_shared_data: "ppn",
    proxy_register_shared_queue: "p4",
    proxy_resolve_shared_queue: "pp4",
    proxy_dequeue_shared_queue: "nh",
    proxy_enqueue_shared_queue: "np",
    proxy_get_header_map_value: "nph",
    proxy_add_header_map_value: "npp",
    proxy_replace_header_map_value: "npp",
    proxy_remove_header_map_value: "np",
    proxy_get_header_map_pairs: "nh",
    proxy_set_header_map_pairs: "np",
    proxy_get_header_map_size: "n4",
    proxy_get_buffer_status: "n44",
    proxy_get_buffer_bytes: "nnnh",
    proxy_set_buffer_bytes: "nnnp",
    proxy_http_call: "ppppn4",
    proxy_grpc_call: "pppppn4",
    proxy_grpc_stream: "pppp4",
    proxy_grpc_send: "npn",
    proxy_get_current_time_nanoseconds: "8",
    proxy_define_metric: "np4",
    proxy_get_metric: "n8",
    proxy_call_foreign_function: "pph",
    proxy_get_log_level: "4",
    proxy_get_configuration: "h",
    envoy_resolve_dns: "p4",
    clock_time_get: "nn8",
    clock_res_get: "n8",
    random_get: "f",
    fd_write: "nb4",
    environ_sizes_get: "44",
    environ_get: "t",
    args_sizes_get: "44",
  }),
);

/** A parameter, or the two that belong together. */
export interface Parameter {
  readonly kind: Kind;
  /** The place of the first in the list of arguments. */
  readonly at: number;
}

const known = new Map<string, readonly Parameter[]>();

/** The parameters of a host function; those of one that is not in the table are numbers. */
export function parametersOf(name: string, count: number): readonly Parameter[] {
  const key = `${name} ${count}`;
  let list = known.get(key);
  if (list === undefined) {
    let at = 0;
    const kinds = [...(table.get(name) ?? "n".repeat(count))].map((letter) => short[letter]!);
    list = kinds.map((kind) => {
      const parameter = { kind, at };
      at += widths[kind];
      return parameter;
    });
    known.set(key, list);
  }
  return list;
}

/** Tells whether the module passes bytes by a parameter. */
export function isPassed({ kind }: Parameter): boolean {
  return kind === "passed" || kind === "buffers";
}

/** Tells whether the host answers by a parameter. */
export function isHanded({ kind }: Parameter): boolean {
  return kind !== "number" && !isPassed({ kind, at: 0 });
}

interface Memory {
  read(ptr: number, length: number): Uint8Array | undefined;
}

function u32(memory: Memory, at: number): number | undefined {
  const bytes = memory.read(at, 4);
  return bytes && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** The bytes that the module passes by a call, for each parameter of that kind; undefined when they are outside of its memory. */
export function readPassed(
  memory: Memory,
  name: string,
  args: readonly (number | bigint)[],
): (Uint8Array | undefined)[] {
  return parametersOf(name, args.length)
    .filter(isPassed)
    .map(({ kind, at }) => {
      const [ptr, size] = [Number(args[at]), Number(args[at + 1])];
      if (kind === "passed") return memory.read(ptr, size);
      const parts: number[] = [];
      for (let i = 0; i < size; i++) {
        const [from, length] = [u32(memory, ptr + 8 * i), u32(memory, ptr + 8 * i + 4)];
        const part = from === undefined || length === undefined ? undefined : memory.read(from, length);
        if (part === undefined) return undefined;
        for (const byte of part) parts.push(byte);
      }
      return Uint8Array.from(parts);
    });
}

/** The values that the host has handed over by a call that went well. */
export function readHanded(
  memory: Memory,
  name: string,
  args: readonly (number | bigint)[],
  /** How many texts a list has, which only a call before tells. */
  texts: number,
): (Uint8Array | bigint | undefined)[] {
  return parametersOf(name, args.length)
    .filter(isHanded)
    .map(({ kind, at }) => {
      const [first, second] = [Number(args[at]), Number(args[at + 1] ?? 0)];
      if (kind === "fill") return memory.read(first, second);
      if (kind === "u32") {
        const value = u32(memory, first);
        return value === undefined ? undefined : BigInt(value);
      }
      if (kind === "u64") {
        const bytes = memory.read(first, 8);
        return bytes && new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
      }
      if (kind === "texts") return readTexts(memory, first, texts);
      const [ptr, size] = [u32(memory, first), u32(memory, second)];
      return ptr === undefined || size === undefined ? undefined : memory.read(ptr, size);
    });
}

/** A list of texts, each with its zero byte. */
function readTexts(memory: Memory, addresses: number, count: number): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) {
    let at = u32(memory, addresses + 4 * i);
    if (at === undefined) return undefined;
    for (let byte = memory.read(at, 1)?.[0]; ; byte = memory.read(++at, 1)?.[0]) {
      if (byte === undefined) return undefined;
      bytes.push(byte);
      if (byte === 0) break;
    }
  }
  return Uint8Array.from(bytes);
}
