/**
 * Runs suites in the embedded host.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { loadForeignFunctions } from "../host/foreign/load.js";
import { Host, LoadError, VirtualLoop, bugsIn } from "../host/index.js";
import type {
  Cluster,
  Fields,
  HostCall,
  HttpStream,
  LogEntry,
  UpstreamEvents,
  UpstreamRequest,
} from "../host/index.js";
import { diagnosticModule } from "../diagnostic-module.js";
import type { Driver, Seen, Subject } from "./driver.js";
import type { HeaderList, SuiteTest } from "./model.js";
import { runTest } from "./stream-run.js";
import type { TraceEvent } from "./trace.js";
import type { Exchange, Wire } from "./wire.js";
import { Incoming } from "./wire.js";

/** Headers that the host adds by itself, as Envoy does. */
const ADDED = {
  request: ["x-forwarded-proto", "x-request-id", "x-envoy-expected-rq-timeout-ms"],
  response: ["date", "server", "content-length", "x-envoy-upstream-service-time"],
};

/** The time of the host's clock unless the suite says otherwise, in milliseconds since 1970. */
const START = 1;

/** The status for a value that is not there: an ordinary answer. */
const NOT_FOUND = 1;

/** How long a held message is waited for, in milliseconds of the host's clock. */
const PATIENCE = 60_000;

/**
 * A driver with the embedded host: no Envoy is needed, a test takes about a millisecond, and the clock stands still. If Envoy
 * would crash, the test fails and says so. docs/suites.md tells the differences of a host from the original tester.
 */
export class HostDriver implements Driver {
  readonly name = "embedded host";
  private readonly modules = new Map<string, Promise<Uint8Array>>();

  async run(subject: Subject, test: SuiteTest): Promise<Seen> {
    const { wasm, configuration, rootId, timeSecs, logLevel } = subject;
    const loop = new VirtualLoop(timeSecs === undefined ? START : timeSecs * 1000);
    const events: TraceEvent[] = [];
    const upstream = new Upstream(loop);
    const bugs: string[] = [];
    const refusals: string[] = [];
    const host = await Host.start({
      loop,
      filters: [
        {
          wasm: await this.read(wasm),
          name: "suite",
          rootId: rootId ?? "",
          allowOnHeadersStopIteration: true,
          ...(configuration !== undefined && { configuration }),
        },
      ],
      clusters: { upstream },
      loadForeignFunctions,
      properties: Object.fromEntries(test.properties.map(({ path, value }) => [path, value])),
      serverHeaderTransformation: "PASS_THROUGH",
      logLevel: logLevel ?? "info",
      onCall: (call) => {
        const event = callEvent(call);
        if (event !== undefined) events.push(event);
      },
      onRefusal: ({ function: name, status, reason }) => {
        if (status !== NOT_FOUND) refusals.push(`${name}: ${reason}`);
      },
      onLog: (entry) => {
        if (entry.ofModule) events.push(logEvent(entry));
        if (!entry.ofModule || entry.level === "critical") bugs.push(...bugsIn(entry.message));
      },
    }).catch((error: unknown) => {
      const said = [...bugs, ...events.flatMap((event) => (event.kind === "log" ? [event.text.trim()] : []))];
      if (!(error instanceof LoadError) || said.length === 0) throw error;
      throw new Error(`${error.message} The plugin logged: ${said.join("; ")}`);
    });
    const wire = new HostWire(host, loop, upstream, events);
    const seen = await runTest(wire, test, async () => wire.details);
    return { ...seen, bugs, refusals };
  }

  async close(): Promise<void> {
    this.modules.clear();
  }

  /** The module's bytes, read once. */
  private read(file: string): Promise<Uint8Array> {
    const known = this.modules.get(file);
    if (known !== undefined) return known;
    const bytes = readFile(file)
      .then((shipped) => diagnosticModule(file, shipped))
      .catch((error: unknown) => {
        this.modules.delete(file);
        throw new Error(`the module ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
      });
    this.modules.set(file, bytes);
    return bytes;
  }
}

/** A call as suites look at it; what a host function answers does not matter to them. */
function callEvent({ into, name, arguments: list, isOver, result }: HostCall): TraceEvent | undefined {
  const args = list.map((value) =>
    Number(typeof value === "bigint" ? BigInt.asUintN(64, value) : value >>> 0),
  );
  if (into === "host") return isOver ? undefined : { kind: "hostCall", name, args };
  if (!isOver) return { kind: "callback", name, args };
  return { kind: "return", name, value: result === undefined ? undefined : Number(result) >>> 0 };
}

function logEvent({ level, from, message }: LogEntry): TraceEvent {
  return { kind: "log", level, from, text: message };
}

/** Text of which each character stands for a byte, as the host has it. */
function toBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

function toFields(headers: HeaderList): Fields {
  return headers.map(([name, value]) => [name, toBytes(value)]);
}

function fromFields(fields: Fields): HeaderList {
  return fields.map(([name, value]) => [name, fromBytes(value)]);
}

/** The upstream, which gets one request. */
class Upstream implements Cluster {
  readonly http2 = true;
  exchange: UpstreamExchange | undefined;

  constructor(private readonly loop: VirtualLoop) {}

  open(events: UpstreamEvents): UpstreamRequest {
    const request = new Incoming();
    return {
      headers: (fields, endStream) => {
        request.headers = fromFields(fields);
        request.ended = endStream;
        this.exchange = new UpstreamExchange(this.loop, request, events);
      },
      data: (bytes, endStream) => {
        request.chunks.push(bytes);
        request.ended = endStream;
      },
      trailers: () => (request.ended = true),
      reset: () => (request.ended = true),
    };
  }
}

class UpstreamExchange implements Exchange {
  constructor(
    private readonly loop: VirtualLoop,
    readonly request: Incoming,
    private readonly events: UpstreamEvents,
  ) {}

  respond(headers: HeaderList): void {
    this.loop.do(() => this.events.headers(toFields(headers), false));
  }

  async write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    this.loop.do(() => this.events.data(bytes, isLast));
  }
}

/** One stream through the host, in which nothing happens by itself. */
class HostWire implements Wire {
  readonly added = ADDED;
  readonly response = new Incoming();
  private readonly stream: HttpStream;

  constructor(
    host: Host,
    private readonly loop: VirtualLoop,
    private readonly upstream: Upstream,
    private readonly trace: readonly TraceEvent[],
  ) {
    const { response } = this;
    this.stream = host.openStream(
      {
        headers: (fields, endStream) => {
          response.headers = fromFields(fields);
          response.ended = endStream;
        },
        data: (bytes, endStream) => {
          response.chunks.push(bytes);
          response.ended = endStream;
        },
        trailers: () => (response.ended = true),
        reset: () => (response.ended = true),
      },
      { protocol: "HTTP/2" },
    );
  }

  get exchange(): Exchange | undefined {
    return this.upstream.exchange;
  }

  /** Envoy's %RESPONSE_CODE_DETAILS%. */
  get details(): string {
    return this.stream.info.responseCodeDetails ?? "";
  }

  async send(headers: HeaderList): Promise<void> {
    this.loop.do(() => this.stream.onHeaders(toFields(headers), false));
  }

  async write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    this.loop.do(() => this.stream.onData(bytes, isLast));
  }

  async settle(): Promise<void> {
    this.loop.run();
  }

  /** Lets time pass to what is due next, until `arrived`. */
  async until(arrived: () => boolean): Promise<void> {
    const deadline = this.loop.now() + PATIENCE;
    for (this.loop.run(); !arrived(); this.loop.run()) {
      const due = this.loop.nextDue;
      if (due === undefined || due > deadline) return;
      this.loop.advance(due - this.loop.now());
    }
  }

  close(): void {
    this.loop.do(() => this.stream.onClientReset());
    this.loop.run();
  }

  events(): readonly TraceEvent[] {
    return this.trace;
  }
}
