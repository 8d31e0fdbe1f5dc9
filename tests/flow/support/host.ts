/** A host that is just enough for flows: calls that are answered when the test says, timers on a clock of its own. */
import { readFileSync } from "node:fs";
import { countersOf, withCounters } from "../../../src/count/index.js";
import type { Counters } from "../../../src/count/operators.js";

type Exports = Record<string, (...parameters: number[]) => number> & { memory: WebAssembly.Memory };

export interface HostStream {
  readonly id: number;
  readonly headers: Map<string, string>;
  /** What `respond` has sent. */
  reply?: { status: number; body: string };
  /** Whether the request has gone on. */
  passed: boolean;
  /** Headers of the response. */
  readonly response: Map<string, string>;
}

export interface HostCall {
  readonly token: number;
  readonly path: string;
}

const PLUGIN = 1;

/** A module and its streams. */
export class FlowHost {
  readonly exports: Exports;
  readonly streams = new Map<number, HostStream>();
  readonly calls: HostCall[] = [];
  /** The tokens of gRPC calls and streams that have not ended. */
  readonly grpc: number[] = [];
  readonly logs: string[] = [];
  /** Milliseconds. */
  now = 1_000_000;
  private lastId = PLUGIN;
  private lastToken = 0;
  private effective = PLUGIN;
  private answer: { headers: [string, string][]; body: string } | undefined;
  private tickPeriod = 0;
  private tickDue = 0;
  private readonly counters: Counters | undefined;

  /** With `counts`, the module's operators are counted. */
  constructor(file: string, counts = false) {
    const binary = readFileSync(file);
    const module = new WebAssembly.Module(counts ? Buffer.from(withCounters(binary)) : binary);
    const known: Record<string, (...parameters: number[]) => number> = this.imports();
    const env: Record<string, (...parameters: number[]) => number> = {};
    for (const { name } of WebAssembly.Module.imports(module)) env[name] = known[name] ?? (() => 12);
    const instance = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: env });
    this.exports = instance.exports as unknown as Exports;
    if (counts) this.counters = countersOf(instance);
    this.exports["_initialize"]?.();
    this.exports["proxy_on_context_create"]!(PLUGIN, 0);
    this.exports["proxy_on_vm_start"]?.(PLUGIN, 0);
    this.exports["proxy_on_configure"]?.(PLUGIN, 0);
  }

  get pages(): number {
    return this.exports.memory.buffer.byteLength >> 16;
  }

  /** How many operators the module has executed. */
  get operators(): number {
    return Number(this.counters!.operators.value);
  }

  /** Begins a stream with these request headers, and `withBody` with a body that does not come yet. */
  begin(headers: Readonly<Record<string, string>>, withBody = false): HostStream {
    const id = ++this.lastId;
    const stream: HostStream = {
      id,
      headers: new Map(Object.entries(headers)),
      passed: false,
      response: new Map([[":status", "200"]]),
    };
    this.streams.set(id, stream);
    this.as(id, () => {
      this.exports["proxy_on_context_create"]!(id, PLUGIN);
      stream.passed =
        this.exports["proxy_on_request_headers"]!(id, stream.headers.size, withBody ? 0 : 1) === 0;
    });
    return stream;
  }

  /** Gives the response's headers to a stream whose request has gone on. */
  respond(stream: HostStream): void {
    this.as(stream.id, () => this.exports["proxy_on_response_headers"]?.(stream.id, 1, 1));
  }

  /** Ends a stream. With `forgets` false the host still finds it, as Envoy does until it deletes what has ended. */
  end(stream: HostStream, forgets = true): void {
    this.as(stream.id, () => {
      this.exports["proxy_on_done"]?.(stream.id);
      this.exports["proxy_on_delete"]!(stream.id);
    });
    if (forgets) this.streams.delete(stream.id);
  }

  /** Answers a call. */
  settle(call: HostCall, body: string): void {
    this.calls.splice(this.calls.indexOf(call), 1);
    this.answer = { headers: [[":status", "200"]], body };
    this.as(PLUGIN, () =>
      this.exports["proxy_on_http_call_response"]!(PLUGIN, call.token, 1, Buffer.byteLength(body), 0),
    );
    this.answer = undefined;
  }

  /** Ends a gRPC call or stream without an answer. */
  failGrpc(token: number): void {
    this.grpc.splice(this.grpc.indexOf(token), 1);
    this.as(PLUGIN, () => this.exports["proxy_on_grpc_close"]!(PLUGIN, token, 14));
  }

  /** Gives an empty message to a gRPC stream. */
  sendGrpc(token: number): void {
    this.as(PLUGIN, () => this.exports["proxy_on_grpc_receive"]!(PLUGIN, token, 0));
  }

  /** Lets the clock go on to the next tick; false when no timer runs. */
  tick(): boolean {
    if (this.tickPeriod === 0) return false;
    this.now = Math.max(this.now, this.tickDue);
    this.tickDue = this.now + this.tickPeriod;
    this.as(PLUGIN, () => this.exports["proxy_on_tick"]!(PLUGIN));
    return true;
  }

  private as(context: number, action: () => void): void {
    this.effective = context;
    action();
  }

  private bytes(): Buffer {
    return Buffer.from(this.exports.memory.buffer);
  }

  private text(address: number, size: number): string {
    return this.bytes().toString("utf8", address, address + size);
  }

  private give(value: Buffer, addressOut: number, sizeOut: number): number {
    const address = value.length === 0 ? 0 : this.exports["proxy_on_memory_allocate"]!(value.length);
    value.copy(this.bytes(), address);
    this.bytes().writeUInt32LE(address, addressOut);
    this.bytes().writeUInt32LE(value.length, sizeOut);
    return 0;
  }

  private headers(map: number): Map<string, string> | undefined {
    if (map === 6) return this.answer && new Map(this.answer.headers);
    const stream = this.streams.get(this.effective);
    return map === 0 ? stream?.headers : map === 2 ? stream?.response : undefined;
  }

  private beginGrpc(tokenOut: number): number {
    const token = ++this.lastToken;
    this.grpc.push(token);
    this.bytes().writeUInt32LE(token, tokenOut);
    return 0;
  }

  private endGrpc(token: number): number {
    const index = this.grpc.indexOf(token);
    if (index < 0) return 1;
    this.grpc.splice(index, 1);
    return 0;
  }

  private imports(): Record<string, (...parameters: number[]) => number> {
    return {
      proxy_log: (_level, address, size) => {
        this.logs.push(this.text(address, size));
        return 0;
      },
      proxy_get_header_map_value: (map, name, nameSize, out, sizeOut) => {
        const value = this.headers(map)?.get(this.text(name, nameSize));
        return value === undefined ? 1 : this.give(Buffer.from(value), out, sizeOut);
      },
      proxy_get_header_map_pairs: (map, out, sizeOut) =>
        this.give(pairs([...(this.headers(map) ?? [])]), out, sizeOut),
      proxy_replace_header_map_value: (map, name, nameSize, value, valueSize) => {
        this.headers(map)?.set(this.text(name, nameSize), this.text(value, valueSize));
        return 0;
      },
      proxy_add_header_map_value: (map, name, nameSize, value, valueSize) => {
        this.headers(map)?.set(this.text(name, nameSize), this.text(value, valueSize));
        return 0;
      },
      proxy_remove_header_map_value: () => 0,
      proxy_get_buffer_bytes: (_buffer, start, length, out, sizeOut) => {
        const body = Buffer.from(this.answer?.body ?? "");
        return this.give(body.subarray(start, start + length), out, sizeOut);
      },
      proxy_get_buffer_status: (_buffer, sizeOut) => {
        this.bytes().writeUInt32LE(Buffer.byteLength(this.answer?.body ?? ""), sizeOut);
        return 0;
      },
      proxy_http_call: (...parameters) => {
        const block = this.bytes().subarray(parameters[2], parameters[2]! + parameters[3]!);
        const token = ++this.lastToken;
        this.calls.push({ token, path: readPairs(block).get(":path")! });
        this.bytes().writeUInt32LE(token, parameters[9]);
        return 0;
      },
      proxy_grpc_call: (...parameters) => this.beginGrpc(parameters[11]!),
      proxy_grpc_stream: (...parameters) => this.beginGrpc(parameters[8]!),
      proxy_grpc_cancel: (token) => this.endGrpc(token),
      proxy_grpc_close: (token) => this.endGrpc(token),
      proxy_continue_stream: () => {
        const stream = this.streams.get(this.effective);
        if (stream !== undefined) stream.passed = true;
        return 0;
      },
      proxy_send_local_response: (status, _details, _detailsSize, body, bodySize) => {
        const stream = this.streams.get(this.effective);
        if (stream !== undefined) stream.reply = { status: status, body: this.text(body, bodySize) };
        return 0;
      },
      proxy_set_effective_context: (id) => {
        if (id !== PLUGIN && !this.streams.has(id)) return 2;
        this.effective = id!;
        return 0;
      },
      proxy_get_current_time_nanoseconds: (out) => {
        this.bytes().writeBigUInt64LE(BigInt(this.now) * 1_000_000n, out);
        return 0;
      },
      clock_time_get: (_clock, _precision, out) => {
        this.bytes().writeBigUInt64LE(BigInt(this.now) * 1_000_000n, out);
        return 0;
      },
      proxy_set_tick_period_milliseconds: (period) => {
        this.tickPeriod = period!;
        this.tickDue = this.now + period;
        return 0;
      },
      proxy_get_log_level: (out) => {
        this.bytes().writeUInt32LE(2, out);
        return 0;
      },
      proxy_register_shared_queue: (_name, _size, out) => {
        this.bytes().writeUInt32LE(1, out);
        return 0;
      },
      proxy_dequeue_shared_queue: () => 7,
      proxy_get_property: () => 1,
    };
  }
}

function pairs(entries: readonly [string, string][]): Buffer {
  const parts = entries.flat().map((text) => Buffer.from(text));
  const head = Buffer.alloc(4 + parts.length * 4);
  head.writeUInt32LE(entries.length);
  parts.forEach((part, index) => head.writeUInt32LE(part.length, 4 + index * 4));
  return Buffer.concat([head, ...parts.flatMap((part) => [part, Buffer.alloc(1)])]);
}

function readPairs(block: Buffer): Map<string, string> {
  const count = block.readUInt32LE(0);
  let at = 4 + count * 8;
  const read = (index: number): string => {
    const size = block.readUInt32LE(4 + index * 4);
    at += size + 1;
    return block.toString("utf8", at - size - 1, at - 1);
  };
  return new Map(Array.from({ length: count }, (_, index) => [read(index * 2), read(index * 2 + 1)]));
}
