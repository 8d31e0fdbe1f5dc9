/**
 * A module in the embedded host, and what it does there, counted.
 *
 * @module
 */
import type { CallingModule, Cluster, Fields, HostCall, HttpStream, PluginOptions } from "../host/index.js";
import { loadForeignFunctions } from "../host/foreign/load.js";
import { Host, VirtualLoop } from "../host/index.js";
import { readSection } from "../module-section.js";
import type { CountingOptions, Outcome, Request, Work } from "./counting-options.js";
import { FRAMES, withFrames } from "./frames.js";
import type { Counters } from "./operators.js";
import { countersOf, withCounters } from "./operators.js";
import { Upstream } from "./upstream.js";

/** Headers as a browser or a client in a mesh sends them. */
const usual: Fields = [
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
  ["accept", "application/json"],
  ["accept-encoding", "gzip, deflate, br"],
  ["authorization", "Bearer 2f1e4c0a9d8b7c6e5f4a3b2c1d0e9f8a"],
  ["x-forwarded-proto", "http"],
  ["x-forwarded-for", "10.1.2.3"],
  ["x-request-id", "1f0f5e3c-6a3e-4a52-9d1b-2f3f2c1b0a99"],
];

/** A request that was sent. */
interface Sent {
  readonly stream: HttpStream;
  readonly complete: boolean;
  readonly headers: Fields;
  readonly body: readonly Uint8Array[];
}

/** An embedded host with one filter, which counts. */
export class CountingHost {
  readonly logs: string[] = [];
  private readonly calls = new Map<string, number>();
  private readonly callbacks = new Map<string, number>();
  private requests = 0;

  private constructor(
    private readonly host: Host,
    private readonly loop: VirtualLoop,
    private readonly upstream: Upstream,
    private readonly instance: WebAssembly.Instance,
    private readonly counters: Counters | undefined,
  ) {}

  /** Starts a host; the work of the start is counted, too. */
  static async start(options: CountingOptions): Promise<CountingHost> {
    const { wasm, place = "filter", rootId, configuration, answers = {}, ...more } = options;
    const { operators = true, calls = true, perFunction, groups, frames, responseBody, ...rest } = more;
    const loop = new VirtualLoop();
    const upstream = new Upstream(loop, 200, responseBody);
    const clusters: Record<string, Cluster> = { upstream };
    for (const [name, content] of Object.entries(answers)) clusters[name] = new Upstream(loop, content);
    let target = undefined as CountingHost | undefined;
    const early: HostCall[] = [];
    const logs: string[] = [];
    const counting = operators ? withCounters(wasm, perFunction, groups) : wasm;
    const plugin: PluginOptions = {
      wasm: frames === undefined ? counting : withFrames(counting),
      ...(frames !== undefined && { imports: { [FRAMES]: { ...frames } } }),
      ...(rootId !== undefined && { rootId }),
      ...(configuration !== undefined && { configuration }),
      // As its manifest says.
      ...(readSection(wasm)?.holdsHeaders === true && { allowOnHeadersStopIteration: true }),
    };
    let instance = undefined as WebAssembly.Instance | undefined;
    const host = await Host.start({
      ...rest,
      loadForeignFunctions,
      loop,
      clusters,
      [`${place}s`]: [plugin],
      onInstance: (made) => (instance = made),
      onLog: (entry) => {
        rest.onLog?.(entry);
        const { message, ofModule, level } = entry;
        if (!ofModule && level !== "error" && level !== "critical") return;
        (target?.logs ?? logs).push(message);
        if ((target?.logs.length ?? 0) > 1000) target!.logs.splice(0, 900);
      },
      ...(calls && {
        onCall: (call: HostCall, module: CallingModule) => {
          rest.onCall?.(call, module);
          if (target === undefined) early.push(call);
          else target.note(call);
        },
      }),
    });
    if (instance === undefined) throw new Error("the host has made no instance");
    target = new CountingHost(host, loop, upstream, instance, operators ? countersOf(instance) : undefined);
    for (const call of early) target.note(call);
    target.logs.push(...logs);
    return target;
  }

  private note({ into, from, name, isOver }: HostCall): void {
    if (isOver) return;
    const counts = into === "host" ? this.calls : this.callbacks;
    const full = from === "" ? name : `${from}.${name}`;
    counts.set(full, (counts.get(full) ?? 0) + 1);
  }

  /** The pages of the module's memory. */
  get pages(): number {
    const memory = Object.values(this.instance.exports).find((value) => value instanceof WebAssembly.Memory);
    return memory === undefined ? 0 : memory.buffer.byteLength / 65536;
  }

  /** Operators executed so far; cheaper than `work`. */
  get operators(): number {
    return Number(this.counters?.operators.value ?? 0);
  }

  /** Operators executed so far, by the number of the function or group. */
  get operatorsByFunction(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const [name, value] of Object.entries(this.instance.exports))
      if (name.startsWith("$operators:") && value instanceof WebAssembly.Global)
        counts.set(Number(name.slice(11)), Number(value.value));
    return counts;
  }

  /** The work since the start. */
  get work(): Work {
    const allocators = new Set(["proxy_on_memory_allocate", "malloc"]);
    const sum = (name: string): number => this.callbacks.get(name) ?? 0;
    return {
      operators: this.operators,
      bulkBytes: Number(this.counters?.bulkBytes.value ?? 0),
      hostCalls: Object.fromEntries(this.calls),
      callbacks: Object.fromEntries([...this.callbacks].filter(([name]) => !allocators.has(name))),
      allocations: sum("proxy_on_memory_allocate") + sum("malloc"),
    };
  }

  /** Sends a request that comes to its end. */
  request(request: Request): Outcome {
    this.upstream.holds = false;
    this.upstream.latest = undefined;
    const outcome = this.send(request);
    if (!outcome.complete) throw new Error(`a request hangs: ${this.logs.slice(-5).join("; ")}`);
    if (++this.requests % 256 === 0) void this.loop.nextDue; // forgets timers that were cancelled
    // By another name, because the compiler believes that it is still undefined.
    const upstream: Upstream = this.upstream;
    const { latest } = upstream;
    return {
      status: Number(outcome.headers.find(([name]) => name === ":status")?.[1] ?? 0),
      headers: outcome.headers,
      body: Buffer.concat(outcome.body),
      upstream:
        latest === undefined ? undefined : { headers: latest.headers, body: Buffer.concat(latest.body) },
    };
  }

  /** Sends a request that the upstream never answers; the stream stays open. */
  open(request: Request): void {
    this.upstream.holds = true;
    if (this.send(request).complete) throw new Error("a request that should stay open has ended");
  }

  /** Sends a request whose client goes away before it is answered. */
  abort(request: Request): void {
    this.upstream.holds = true;
    const { stream, complete } = this.send(request);
    if (complete) throw new Error("a request that should be aborted has ended");
    this.loop.do(() => stream.onClientReset());
    this.loop.run();
    if (++this.requests % 256 === 0) void this.loop.nextDue;
  }

  /** Opens a connection, sends a few bytes and ends it. */
  connection(): void {
    let isOver = false;
    const event = (action: () => void): void => {
      this.loop.do(action);
      this.loop.run();
    };
    this.loop.do(() => {
      const stream = this.host.openConnection({
        data: (_bytes, endStream) => (isOver ||= endStream),
        closed: () => (isOver = true),
      });
      this.loop.post(() => stream.onData(Buffer.from("ping"), true));
    });
    event(() => undefined);
    if (!isOver) throw new Error("a connection hangs");
  }

  private send(request: Request): Sent {
    const outcome = { complete: false, headers: [] as Fields, body: [] as Uint8Array[] };
    const { method = "GET", path = "/api/v1/items?id=42", headers = [], body = [] } = request;
    const stream = this.host.openStream({
      headers: (fields, endStream) => {
        outcome.headers = fields;
        outcome.complete = endStream;
      },
      data: (bytes, endStream) => {
        if (bytes.length > 0) outcome.body.push(bytes);
        outcome.complete = endStream;
      },
      trailers: () => (outcome.complete = true),
      reset: () => (outcome.complete = true),
    });
    const event = (action: () => void): void => {
      this.loop.do(action);
      this.loop.run();
    };
    const size = body.reduce((sum, chunk) => sum + chunk.length, 0);
    const all: Fields = [
      [":authority", "example.test"],
      [":path", path],
      [":method", method],
      [":scheme", "http"],
      ...usual.filter(([name]) => !headers.some(([own]) => own === name)),
      ...headers,
      ...(size > 0 ? [["content-length", String(size)] as const] : []),
    ];
    event(() => stream.onHeaders(all, size === 0));
    body.forEach((chunk, i) => {
      event(() => {
        stream.onData(chunk, false);
        if (i === body.length - 1) stream.onData(new Uint8Array(0), true);
      });
    });
    return { stream, ...outcome };
  }
}
