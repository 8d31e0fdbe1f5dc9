import type { Fields, HostOptions } from "../host/index.js";
import type { Frames } from "./frames.js";
import type { Groups } from "./operators.js";

/** The kind of plugin that a module is in the host. */
export type Place = "filter" | "accessLogger" | "tcpFilter";

/** A request of a measurement. */
export interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Fields;
  /** Chunks of the body. */
  readonly body?: readonly Uint8Array[];
}

/** The result of a request. */
export interface Outcome {
  readonly status: number;
  readonly headers: Fields;
  readonly body: Buffer;
  /** The request as the upstream got it. */
  readonly upstream: { readonly headers: Fields; readonly body: Buffer } | undefined;
}

/** The work that a module has done. */
export interface Work {
  /** Operators executed in the module. */
  readonly operators: number;
  /** Bytes moved by `memory.copy` and `memory.fill`. */
  readonly bulkBytes: number;
  /** Calls from the module to the host, by function. */
  readonly hostCalls: Readonly<Record<string, number>>;
  /** Calls from the host to the module, by callback; the allocator is not one. */
  readonly callbacks: Readonly<Record<string, number>>;
  /** Calls of the module's allocator by the host. */
  readonly allocations: number;
}

export interface CountingOptions extends Partial<Omit<HostOptions, "loop" | "filters" | "clusters">> {
  readonly wasm: Uint8Array;
  /** "filter" unless given. */
  readonly place?: Place;
  readonly rootId?: string;
  readonly configuration?: string | Uint8Array;
  /** Clusters that answer each call with this status, or a gRPC call with this message and the status Ok. */
  readonly answers?: Readonly<Record<string, number | Uint8Array>>;
  /** The pieces of the body that the upstream answers each request with; three bytes unless given. */
  readonly responseBody?: readonly Uint8Array[];
  /** Tells whether operators are counted; not where time is measured. True unless given. */
  readonly operators?: boolean;
  /** Tells whether calls are counted, too; it makes a request some times slower. True unless given. */
  readonly calls?: boolean;
  /** Count for each function of the module in place of all together. */
  readonly perFunction?: boolean;
  /** Count for each of these in place of all together. */
  readonly groups?: Groups;
  /** Called when a function of the module begins and when it ends. */
  readonly frames?: Frames;
}
