import { loadForeignFunctions } from "../host/foreign/load.js";
import { Host, LoadError, VirtualLoop } from "../host/index.js";
import type { HostCall, LogEntry, Metric, PluginOptions, Refusal } from "../host/index.js";
import { ScriptedCluster } from "./cluster.js";
import type { ClusterScript } from "./cluster.js";
import { isDebugging } from "./debug-module.js";
import { eventText } from "./events.js";
import { Bugs } from "./filter-bug.js";
import { OutsideWork } from "./outside-work.js";
import { pluginOf, read } from "./plugins.js";
import { Recent } from "./recent.js";
import { recordFile, recordInto } from "./record-file.js";
import { SlowCallbacks, callbackLimit } from "./slow-callbacks.js";
import { StreamHangs, WAIT } from "./stream-hangs.js";
import { TestConnection } from "./test-connection.js";
import type { TestHostOptions, TestPlugin } from "./test-host-options.js";
import { TestStream } from "./test-stream.js";
import type { RequestInit, TestResponse } from "./test-stream.js";
import { timeLimit } from "./time-limit.js";
import type { UpstreamCall } from "./upstream-call.js";

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
  private readonly outside = new OutsideWork();
  private host: Host | undefined;
  private readonly clusters: Record<string, ScriptedCluster> = {};

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
          waitFor: (work) => this.outside.waitFor(work),
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

  /** @internal Something has happened that those who wait should look at. */
  wake(): void {
    this.outside.wake();
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
      if (!this.loop.isBusy && !this.outside.isWorking) {
        this.bugs.check();
        return;
      }
      if (!this.loop.isBusy) await this.outside.change();
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
    this.outside.sent(call);
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
      const held = this.outside.firstHeld();
      if (this.outside.isWorking) {
        await this.outside.change();
        continue;
      }
      if (held !== undefined) {
        if (!(await this.outside.changeOfHeld())) return held;
        continue;
      }
      const due = this.loop.nextDue;
      if (due === undefined || due > until) return undefined;
      this.loop.advance(due - this.loop.now());
    }
  }
}
