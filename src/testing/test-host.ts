import type {
  EnvoyVersion,
  ForeignFunction,
  HeaderMap,
  HostCall,
  LogEntry,
  LogLevel,
  Metric,
  PluginOptions,
  PropertyValue,
  Refusal,
  Route,
} from "../host/index.js";
import { loadForeignFunctions } from "../host/foreign/load.js";
import { Host, LoadError, VirtualLoop } from "../host/index.js";
import type { ClusterScript } from "./cluster.js";
import { ScriptedCluster } from "./cluster.js";
import { isDebugging } from "./debug-module.js";
import { eventText } from "./events.js";
import { Bugs } from "./filter-bug.js";
import { pluginOf, read } from "./plugins.js";
import { recordFile, recordInto } from "./record-file.js";
import { Recent } from "./recent.js";
import { StreamHangs, WAIT } from "./stream-hangs.js";
import { TestConnection } from "./test-connection.js";
import { SlowCallbacks, callbackLimit } from "./slow-callbacks.js";
import { timeLimit } from "./time-limit.js";
import { TestStream } from "./test-stream.js";
import type { RequestInit, TestResponse } from "./test-stream.js";
import type { UpstreamCall } from "./upstream-call.js";

/** A plugin; `wasm` may be a file's path. */
export type TestPlugin = Omit<PluginOptions, "wasm"> & { readonly wasm: string | Uint8Array };

/** The settings of a test's host. */
export interface TestHostOptions extends Partial<Omit<TestPlugin, "configuration" | "vmConfiguration">> {
  /** The configuration that the plugin reads in `onConfigure`; an object is passed as JSON. */
  readonly pluginConfig?: string | Uint8Array | object;
  readonly vmConfig?: string | Uint8Array;
  /** The release of Envoy that the host is; 1.40 unless given. */
  readonly envoy?: EnvoyVersion;
  /** Several HTTP filters, in place of `wasm`. */
  readonly filters?: readonly TestPlugin[];
  readonly tcpFilters?: readonly TestPlugin[];
  readonly accessLoggers?: readonly TestPlugin[];
  readonly services?: readonly TestPlugin[];
  /** The upstream of the requests; one that answers 200 `ok` unless given. */
  readonly upstream?: ClusterScript;
  /** Clusters for calls, by name. */
  readonly clusters?: Readonly<Record<string, ClusterScript>>;
  /** Which clusters are reached by HTTP/2; those whose name begins with "grpc" unless given. */
  readonly http2Clusters?: readonly string[];
  readonly route?: (headers: HeaderMap) => Route | undefined;
  /** The most bytes that a filter may hold back; 1 MiB unless given. */
  readonly bufferLimit?: number;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  readonly foreignFunctions?: Readonly<Record<string, ForeignFunction>>;
  readonly logLevel?: LogLevel;
  /** Gets each call between host and modules, as it begins and when it is over. */
  readonly onCall?: (call: HostCall) => void;
  /** The seed of what modules get as random bytes: the same ones in each run. Real ones, which nobody can guess, unless given. */
  readonly random?: number;
  /** The virtual clock's beginning, in milliseconds since 1970. */
  readonly time?: number;
  /** Go on where Envoy would crash. */
  readonly survive?: boolean;
  /** Go on when a filter has a bug; without it, the call of the test that led to the bug throws `FilterBug`. */
  readonly mayFail?: boolean;
  /** The most milliseconds of real time that modules may take for an event; no limit unless given, nor with `debug`. */
  readonly timeLimit?: number;
  /**
   * The most milliseconds that a callback should take: one that takes longer three times in a row gives a warning of the process,
   * and is among `warnings`. `proxy-wasm-as test` sets it for hosts of the project that have such a limit. Not with `debug`.
   */
  readonly callbackLimit?: number;
  /**
   * Run the debug module that `proxy-wasm-as build --debug` leaves beside `wasm`, so that a debugger stops at breakpoints in its
   * sources. `proxy-wasm-as test --debug` sets it for all hosts.
   */
  readonly debug?: boolean;
  /**
   * Count what of the filter's source is executed, and write it into this folder when the process ends, as Istanbul's JSON:
   * `npx nyc report --temp-dir FOLDER` shows it. Takes the debug module beside `wasm`. `proxy-wasm-as test --coverage` does it for all
   * hosts, and shows it.
   */
  readonly coverage?: string;
  /**
   * Write what passes between the host and its modules into this file, behind what is there, for `proxy-wasm-as replay`. Headers and
   * bodies are in it. `proxy-wasm-as test --record` does it for all hosts.
   */
  readonly record?: string;
}

/**
 * Starts a host for a test; throws `LoadError` with Envoy's message when the module or its configuration is refused, and
 * `FilterBug` when the plugin has a bug that refuses neither.
 */
export async function createHost(options: TestHostOptions): Promise<TestHost> {
  const host = new TestHost(options);
  try {
    await host.start();
    host.bugs.check();
  } catch (error) {
    const { messages } = host;
    if (!(error instanceof LoadError) || messages.length === 0) throw error;
    throw new LoadError(
      error.reason,
      `${error.remedy}\nThe log:\n${messages.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  return host;
}

/** How many messages, refusals and calls between host and modules a host keeps at least. */
const KEPT = 10_000;

/** How many requests to upstreams. They have bodies. */
const KEPT_REQUESTS = 1_000;

/** Milliseconds of real time for the test to answer what it holds. */
const HELD = 2_000;

/** Milliseconds of real time for a promise as an answer. */
const PROMISED = 60_000;

/**
 * A host whose clock stands still, and whose upstreams do what the test says. Of what has happened it keeps the latest 10,000
 * messages, refusals and calls between host and modules, and the latest 1,000 requests to upstreams.
 */
export class TestHost {
  readonly loop: VirtualLoop;
  /** @internal */
  readonly recent = {
    logs: new Recent<LogEntry>(KEPT),
    refusals: new Recent<Refusal>(KEPT),
    calls: new Recent<UpstreamCall>(KEPT_REQUESTS),
    events: new Recent<HostCall | Refusal>(KEPT),
  };
  /** @internal */
  readonly bugs: Bugs;
  private readonly slow: SlowCallbacks | undefined;
  /** The latest request of each stream to its upstream. */
  private readonly routed = new WeakMap<object, UpstreamCall>();
  /** Requests to upstreams that wait for an answer. */
  private readonly unanswered = new Set<UpstreamCall>();
  private host: Host | undefined;
  private readonly clusters: Record<string, ScriptedCluster> = {};
  private working = 0;
  private wakers: (() => void)[] = [];

  /** @internal */
  constructor(private readonly options: TestHostOptions) {
    this.bugs = new Bugs(KEPT, options.mayFail === true);
    const limit = options.callbackLimit ?? callbackLimit();
    const isWatched = options.debug ?? isDebugging();
    this.slow = limit === undefined || isWatched ? undefined : new SlowCallbacks(limit);
    this.loop = new VirtualLoop(
      options.time,
      options.timeLimit === undefined || (options.debug ?? isDebugging())
        ? undefined
        : timeLimit(options.timeLimit),
    );
  }

  /** The messages of modules and of the host, oldest first. */
  get logs(): readonly LogEntry[] {
    return this.recent.logs.list;
  }

  /** The bugs of modules, oldest first, as the log has them: message, file, line and column, callback. */
  get errors(): readonly string[] {
    return this.bugs.recent.list;
  }

  /** Facts that a test should know and need not fail for: callbacks that take longer than `callbackLimit`. */
  get warnings(): readonly string[] {
    return this.slow?.warnings ?? [];
  }

  /** The refusals of the host and the SDK, with the reasons. */
  get refusals(): readonly Refusal[] {
    return this.recent.refusals.list;
  }

  /** The requests that the upstreams got, from modules and from clients, oldest first. */
  get calls(): readonly UpstreamCall[] {
    return this.recent.calls.list;
  }

  /** The calls between host and modules, in the words of Envoy's `wasm:trace` log; `#` lines are reasons. */
  get trace(): readonly string[] {
    return this.recent.events.list.map(eventText);
  }

  /** @internal */
  async start(): Promise<void> {
    const { options } = this;
    const { upstream, clusters = {}, http2Clusters } = options;
    const given = upstream ?? clusters["upstream"];
    const scripts = { ...clusters, upstream: given ?? { body: "ok\n" } };
    for (const [name, script] of Object.entries(scripts)) {
      const cluster = new ScriptedCluster(
        name,
        script,
        {
          loop: this.loop,
          started: (call) => this.started(call),
          waitFor: (work) => this.waitFor(work),
          wake: () => this.wake(),
        },
        http2Clusters?.includes(name) ?? name.startsWith("grpc"),
        name !== "upstream" || given !== undefined,
      );
      this.clusters[name] = cluster;
    }
    const filters = options.filters ?? (options.wasm === undefined ? [] : [pluginOf(options, options.wasm)]);
    const readAll = (plugins: readonly TestPlugin[] = []): Promise<PluginOptions[]> =>
      Promise.all(plugins.map((plugin) => read(plugin, options)));
    const file = options.record ?? recordFile();
    const recorder = file === undefined ? undefined : recordInto(file);
    this.host = await Host.start({
      ...options,
      loadForeignFunctions,
      loop: this.loop,
      filters: await readAll(filters),
      tcpFilters: await readAll(options.tcpFilters),
      accessLoggers: await readAll(options.accessLoggers),
      services: await readAll(options.services),
      clusters: this.clusters,
      onLog: (entry) => {
        recorder?.logged(entry);
        this.recent.logs.add(entry);
        this.bugs.look(entry);
      },
      onCall: (call, module) => {
        this.slow?.called(call);
        recorder?.called(call, module);
        this.recent.events.add(call);
        options.onCall?.(call);
      },
      onRefusal: (refusal) => {
        this.recent.refusals.add(refusal);
        if (refusal.reason !== "") this.recent.events.add(refusal);
      },
    });
  }

  /** Sends a request and waits for the response; virtual time passes only as far as it must (at most `wait`). */
  async request(init: RequestInit = {}): Promise<TestResponse> {
    const stream = new TestStream(this, this.host!, init);
    stream.sendAll(init);
    const held = await this.settle(() => stream.isOver, init.wait ?? WAIT);
    const response = stream.response();
    this.bugs.check(response);
    if (!stream.isOver && init.mayHang !== true)
      throw new StreamHangs(init, response, { held, withoutBody: stream.waitsForBody });
    return response;
  }

  /** Begins a request step by step; with `complete`, all of it is sent. */
  open(init: RequestInit = {}, complete = false): TestStream {
    const stream = new TestStream(this, this.host!, init);
    if (complete) {
      stream.sendAll(init);
      this.bugs.check();
    }
    return stream;
  }

  /** Opens a connection through the network filters. */
  connect(): TestConnection {
    return new TestConnection(this.loop, this.host!, () => this.bugs.check());
  }

  /** Lets virtual time pass, and does what is due in it. */
  async tick(milliseconds: number): Promise<void> {
    this.loop.advance(milliseconds);
    this.wake();
    await this.idle();
  }

  /** Does everything that waits for nothing but its turn. */
  async idle(): Promise<void> {
    for (;;) {
      this.loop.run();
      await Promise.resolve();
      if (!this.loop.isBusy && this.working === 0) {
        this.bugs.check();
        return;
      }
      if (!this.loop.isBusy && !(await this.nextChange(PROMISED))) throw new Error(NEVER);
    }
  }

  /** Changes how a cluster answers from now on. */
  script(cluster: string, script: ClusterScript): void {
    const target = this.clusters[cluster];
    if (target === undefined) {
      const names = Object.keys(this.clusters).join(", ");
      throw new Error(
        `There is no cluster "${cluster}" that could be scripted; createHost was given: ${names}.`,
      );
    }
    target.script = script;
  }

  /** The values of counters and gauges; of histograms, how many values were recorded. */
  metrics(): Record<string, number> {
    return Object.fromEntries(
      this.host!.metrics.list().map((metric: Metric) => [
        metric.name,
        metric.type === "histogram" ? metric.count : Number(BigInt.asIntN(64, metric.value)),
      ]),
    );
  }

  /** All metrics as Envoy's `/stats/prometheus` has them. */
  prometheus(): string {
    return this.host!.metrics.prometheus();
  }

  /** The messages of modules, without the rest. */
  get messages(): string[] {
    return this.logs.filter(({ ofModule }) => ofModule).map(({ message }) => message);
  }

  /** Ends all plugins. */
  close(): void {
    this.loop.do(() => this.host!.close());
    this.loop.run();
    this.bugs.check();
  }

  /** @internal The request of a stream that has gone to an upstream. */
  upstreamOf(stream: object): UpstreamCall | undefined {
    return this.routed.get(stream);
  }

  private started(call: UpstreamCall): void {
    this.recent.calls.add(call);
    this.unanswered.add(call);
    if (call.stream !== undefined && !this.routed.has(call.stream)) this.routed.set(call.stream, call);
  }

  /** Goes on until it is done, or nothing happens any more; answers a call that the test holds and does not answer. */
  private async settle(isDone: () => boolean, wait: number): Promise<UpstreamCall | undefined> {
    const until = this.loop.now() + wait;
    for (;;) {
      this.loop.run();
      if (isDone()) return undefined;
      await Promise.resolve();
      if (this.loop.isBusy) continue;
      const held = this.firstHeld();
      if (this.working > 0) {
        if (!(await this.nextChange(PROMISED))) throw new Error(NEVER);
        continue;
      }
      if (held !== undefined) {
        if (!(await this.nextChange(HELD))) return held;
        continue;
      }
      const due = this.loop.nextDue;
      if (due === undefined || due > until) return undefined;
      this.loop.advance(due - this.loop.now());
    }
  }

  /** The oldest request that is complete and waits for the test; those that are over are forgotten. */
  private firstHeld(): UpstreamCall | undefined {
    for (const call of this.unanswered) {
      if (call.answered || call.cancelled) this.unanswered.delete(call);
      else if (call.complete) return call;
    }
    return undefined;
  }

  private waitFor(work: Promise<void>): void {
    this.working++;
    void work.finally(() => {
      this.working--;
      this.wake();
    });
  }

  /** Waits until something happens outside of the clock; false when nothing does for so long, in real milliseconds. */
  private nextChange(limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      // Not let go of: without it, a process that waits for nothing else ends without a word.
      const timer = setTimeout(() => resolve(false), limit);
      this.wakers.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** @internal */
  wake(): void {
    for (const waker of this.wakers.splice(0)) waker();
  }
}

const NEVER = "A promise that a cluster's script has answered with is not settled after a minute.";
