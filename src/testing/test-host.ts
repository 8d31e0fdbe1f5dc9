import { readFile, stat } from "node:fs/promises";
import type {
  ForeignFunction,
  HeaderMap,
  LogEntry,
  LogLevel,
  Metric,
  PluginOptions,
  PropertyValue,
  Refusal,
  Route,
} from "../host/index.js";
import { Host, LoadError, VirtualLoop, statusName } from "../host/index.js";
import type { ClusterScript, UpstreamCall } from "./cluster.js";
import { ScriptedCluster } from "./cluster.js";
import { explain } from "./explain.js";
import { TestConnection } from "./test-connection.js";
import { timeLimit } from "./time-limit.js";
import { TestStream } from "./test-stream.js";
import type { RequestInit, TestResponse } from "./test-stream.js";

/** A plugin; `wasm` may be a file's path. */
export type TestPlugin = Omit<PluginOptions, "wasm"> & { readonly wasm: string | Uint8Array };

/** What a test's host is made of. */
export interface TestHostOptions extends Partial<Omit<TestPlugin, "configuration" | "vmConfiguration">> {
  /** What the plugin reads in `onConfigure`; an object is passed as JSON. */
  readonly pluginConfig?: string | Uint8Array | object;
  readonly vmConfig?: string | Uint8Array;
  /** Several HTTP filters, in place of `wasm`. */
  readonly filters?: readonly TestPlugin[];
  readonly tcpFilters?: readonly TestPlugin[];
  readonly accessLoggers?: readonly TestPlugin[];
  readonly services?: readonly TestPlugin[];
  /** The upstream of the requests; without one, they are answered 200 `ok`. */
  readonly upstream?: ClusterScript;
  /** Clusters for calls, by name. Those whose name begins with "grpc" are reached by HTTP/2. */
  readonly clusters?: Readonly<Record<string, ClusterScript>>;
  readonly route?: (headers: HeaderMap) => Route | undefined;
  /** The most bytes that a filter may hold back; 1 MiB unless given. */
  readonly bufferLimit?: number;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  readonly foreignFunctions?: Readonly<Record<string, ForeignFunction>>;
  readonly logLevel?: LogLevel;
  /** The virtual clock's beginning, in milliseconds since 1970. */
  readonly time?: number;
  /** Go on where Envoy would crash. */
  readonly survive?: boolean;
  /** The most milliseconds of real time that modules may take for an event; no limit unless given. */
  readonly timeLimit?: number;
}

/** Virtual milliseconds that a request may take. */
const WAIT = 60_000;

/** Starts a host for a test; throws `LoadError` with Envoy's message when the module or its configuration is refused. */
export async function createHost(options: TestHostOptions): Promise<TestHost> {
  const host = new TestHost(options);
  try {
    await host.start();
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

/** A request hangs: nothing is left that could let it go on. */
export class StreamHangs extends Error {
  override readonly name = "StreamHangs";

  constructor({ method = "GET", path = "/", wait = WAIT }: RequestInit, response: TestResponse) {
    super(
      `The request ${method} ${path} hangs: a filter holds it, and nothing within ${wait} ms could let it go on. ` +
        "Resume or answer it in the filter; give `wait` when a later timer does; " +
        `or pass \`mayHang: true\` where hanging is what the test wants.\n\n${explain(response)}`,
    );
  }
}

/** A host whose clock stands still, and whose upstreams do what the test says. */
export class TestHost {
  /** What modules and the host have logged. */
  readonly logs: LogEntry[] = [];
  /** All calls between host and modules, in the words of Envoy's `wasm:trace` log; `#` lines are reasons. */
  readonly trace: string[] = [];
  /** Host functions that did not answer Ok, with the reasons. */
  readonly refusals: Refusal[] = [];
  /** What the upstreams of calls and requests got, oldest first. */
  readonly calls: UpstreamCall[] = [];
  readonly loop: VirtualLoop;
  private host: Host | undefined;
  private readonly clusters: Record<string, ScriptedCluster> = {};
  private working = 0;
  private wakers: (() => void)[] = [];

  /** @internal */
  constructor(private readonly options: TestHostOptions) {
    this.loop = new VirtualLoop(
      options.time,
      options.timeLimit === undefined ? undefined : timeLimit(options.timeLimit),
    );
  }

  /** @internal */
  async start(): Promise<void> {
    const { options } = this;
    const scripts = {
      ...options.clusters,
      ...(options.upstream !== undefined && { upstream: options.upstream }),
    };
    for (const [name, script] of Object.entries(scripts))
      this.clusters[name] = new ScriptedCluster(name, script, {
        loop: this.loop,
        started: (call) => this.calls.push(call),
        waitFor: (work) => this.waitFor(work),
        wake: () => this.wake(),
      });
    const filters = options.filters ?? (options.wasm === undefined ? [] : [pluginOf(options, options.wasm)]);
    this.host = await Host.start({
      ...options,
      loop: this.loop,
      filters: await Promise.all(filters.map(read)),
      tcpFilters: await Promise.all((options.tcpFilters ?? []).map(read)),
      accessLoggers: await Promise.all((options.accessLoggers ?? []).map(read)),
      services: await Promise.all((options.services ?? []).map(read)),
      clusters: this.clusters,
      onLog: (entry) => this.logs.push(entry),
      onTrace: (line) => this.trace.push(line),
      onRefusal: (refusal) => {
        this.refusals.push(refusal);
        if (refusal.reason !== "") this.trace.push(`# ${statusName(refusal.status)}: ${refusal.reason}`);
      },
    });
  }

  /** Sends a request and waits for the response; virtual time passes only as far as it must (at most `wait`). */
  async request(init: RequestInit = {}): Promise<TestResponse> {
    const stream = this.open(init, true);
    await this.settle(() => stream.isOver, init.wait ?? WAIT);
    const response = stream.response();
    if (!stream.isOver && init.mayHang !== true) throw new StreamHangs(init, response);
    return response;
  }

  /** Begins a request step by step; with `complete`, all of it is sent. */
  open(init: RequestInit = {}, complete = false): TestStream {
    const stream = new TestStream(this, this.host!, init);
    if (complete) stream.sendAll(init);
    return stream;
  }

  /** Opens a connection through the network filters. */
  connect(): TestConnection {
    return new TestConnection(this.loop, this.host!);
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
      if (!this.loop.isBusy && this.working === 0) return;
      if (!this.loop.isBusy) await this.nextChange();
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
        metric.type === "histogram" ? metric.samples.length : Number(BigInt.asIntN(64, metric.value)),
      ]),
    );
  }

  /** All metrics as Envoy's `/stats/prometheus` has them. */
  prometheus(): string {
    return this.host!.metrics.prometheus();
  }

  /** What modules have logged, without the rest. */
  get messages(): string[] {
    return this.logs.filter(({ ofModule }) => ofModule).map(({ message }) => message);
  }

  /** Ends all plugins. */
  close(): void {
    this.loop.do(() => this.host!.close());
    this.loop.run();
  }

  private async settle(isDone: () => boolean, wait: number): Promise<void> {
    const until = this.loop.now() + wait;
    for (;;) {
      this.loop.run();
      if (isDone()) return;
      await Promise.resolve();
      if (this.loop.isBusy) continue;
      const isHeld = this.calls.some((call) => call.complete && !call.answered && !call.cancelled);
      if (this.working > 0 || isHeld) {
        await this.nextChange();
        continue;
      }
      const due = this.loop.nextDue;
      if (due === undefined || due > until) return;
      this.loop.advance(due - this.loop.now());
    }
  }

  private waitFor(work: Promise<void>): void {
    this.working++;
    void work.finally(() => {
      this.working--;
      this.wake();
    });
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => this.wakers.push(resolve));
  }

  /** @internal */
  wake(): void {
    for (const waker of this.wakers.splice(0)) waker();
  }
}

function pluginOf(options: TestHostOptions, wasm: string | Uint8Array): TestPlugin {
  const { pluginConfig, vmConfig } = options;
  const configuration =
    typeof pluginConfig === "object" && !(pluginConfig instanceof Uint8Array)
      ? JSON.stringify(pluginConfig)
      : pluginConfig;
  return {
    ...options,
    wasm,
    ...(configuration !== undefined && { configuration }),
    ...(vmConfig !== undefined && { vmConfiguration: vmConfig }),
  };
}

/** Files that were read and have not changed, so that one module is compiled once for all tests of a process. */
const files = new Map<string, { readonly version: string; readonly bytes: Promise<Uint8Array> }>();

async function read(plugin: TestPlugin): Promise<PluginOptions> {
  const { wasm } = plugin;
  if (typeof wasm !== "string") return { ...plugin, wasm };
  const { mtimeMs, size } = await stat(wasm);
  const version = `${mtimeMs} ${size}`;
  let file = files.get(wasm);
  if (file?.version !== version) files.set(wasm, (file = { version, bytes: readFile(wasm) }));
  return { ...plugin, wasm: await file.bytes };
}
