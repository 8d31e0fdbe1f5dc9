/**
 * The arguments and results of host functions, read out of the module's memory for people.
 *
 * @module
 */

/** The positions of a function's texts among its arguments: each is a pair of pointer and length. */
interface Shape {
  readonly texts?: readonly number[];
  /** The position of the argument that says where the function writes pointer and length of its answer. */
  readonly answer?: number;
  /** The meaning of the first argument. */
  readonly first?: "map" | "buffer" | "level" | "status";
}

const shapes: Readonly<Record<string, Shape>> = {
  proxy_log: { first: "level", texts: [1] },
  proxy_get_header_map_value: { first: "map", texts: [1], answer: 3 },
  proxy_add_header_map_value: { first: "map", texts: [1, 3] },
  proxy_replace_header_map_value: { first: "map", texts: [1, 3] },
  proxy_remove_header_map_value: { first: "map", texts: [1] },
  proxy_get_header_map_pairs: { first: "map" },
  proxy_set_header_map_pairs: { first: "map" },
  proxy_get_header_map_size: { first: "map" },
  proxy_get_buffer_bytes: { first: "buffer", answer: 3 },
  proxy_set_buffer_bytes: { first: "buffer", texts: [3] },
  proxy_get_buffer_status: { first: "buffer" },
  proxy_get_property: { texts: [0], answer: 2 },
  proxy_set_property: { texts: [0, 2] },
  proxy_send_local_response: { first: "status", texts: [1, 3] },
  proxy_http_call: { texts: [0] },
  proxy_grpc_call: { texts: [2, 4] },
  proxy_grpc_stream: { texts: [2, 4] },
  proxy_define_metric: { texts: [1] },
  proxy_get_shared_data: { texts: [0], answer: 2 },
  proxy_set_shared_data: { texts: [0, 2] },
  proxy_register_shared_queue: { texts: [0] },
  proxy_resolve_shared_queue: { texts: [0, 2] },
  proxy_enqueue_shared_queue: { texts: [1] },
  proxy_call_foreign_function: { texts: [0, 2], answer: 4 },
};

const maps = [
  ...["request headers", "request trailers", "response headers", "response trailers"],
  ...[
    "gRPC initial metadata",
    "gRPC trailing metadata",
    "call's response headers",
    "call's response trailers",
  ],
];
const buffers = [
  ...["request body", "response body", "downstream data", "upstream data", "call's response body"],
  ...["gRPC message", "VM configuration", "plugin configuration", "call data"],
];
const levels = ["trace", "debug", "info", "warn", "error", "critical"];

const LONGEST = 120;

/** Reads what stands at a place in a module's memory; undefined where it has none. */
export class Words {
  memory: WebAssembly.Memory | undefined;

  /** A call's arguments. */
  before(name: string, values: readonly (number | bigint)[]): string {
    const shape = shapes[name];
    if (shape === undefined) return values.map(unsigned).join(", ");
    const texts = (shape.texts ?? []).map((at) => this.text(Number(values[at]), Number(values[at + 1])));
    return [...(shape.first === undefined ? [] : [firstOf(shape.first, Number(values[0]))]), ...texts].join(
      shape.first === undefined ? ", " : " ",
    );
  }

  /** The text that a call has written if it answered Ok; empty for a function that writes nothing. */
  after(name: string, values: readonly (number | bigint)[]): string {
    const at = shapes[name]?.answer;
    if (at === undefined || this.memory === undefined) return "";
    const view = new DataView(this.memory.buffer);
    try {
      return this.text(
        view.getUint32(Number(values[at]), true),
        view.getUint32(Number(values[at + 1]), true),
      );
    } catch {
      return ""; // pointers of a module that has a bug
    }
  }

  private text(pointer: number, length: number): string {
    if (this.memory === undefined) return "";
    const { buffer } = this.memory;
    const from = pointer >>> 0;
    const to = Math.min(from + (length >>> 0), buffer.byteLength);
    if (from > to) return "";
    const shown = new TextDecoder().decode(new Uint8Array(buffer.slice(from, Math.min(to, from + LONGEST))));
    const text = JSON.stringify(shown.replace(/\0$/, "").replaceAll("\0", "."));
    return to - from > LONGEST ? `${text} … (${to - from} bytes)` : text;
  }
}

function firstOf(kind: NonNullable<Shape["first"]>, value: number): string {
  const names = { map: maps, buffer: buffers, level: levels, status: [] }[kind];
  return names[value] ?? String(value);
}

function unsigned(value: number | bigint): string {
  return typeof value === "bigint" ? BigInt.asUintN(64, value).toString() : String(value >>> 0);
}
