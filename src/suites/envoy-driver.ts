/**
 * Runs suites in a real Envoy.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Envoy } from "../envoy/index.js";
import type { Driver, LogMessage, Seen, SeenImmediate, SeenPhase, Subject } from "./driver.js";
import { PATH_HEADER, UPSTREAM, replaceListener, useListenerFile } from "./envoy-listener.js";
import { readTrace } from "./envoy-trace.js";
import type { TraceEvent } from "./envoy-trace.js";
import type { Incoming } from "./envoy-wire.js";
import { WireClient, WireUpstream } from "./envoy-wire.js";
import { freezeClock } from "./frozen-clock.js";
import type { BodyPhase, HeaderList, SuiteTest } from "./model.js";

/** What a request has when its test does not say it, because there is no HTTP without. */
const REQUEST_DEFAULTS: HeaderList = [
  [":method", "GET"],
  [":scheme", "http"],
  [":authority", "absent.invalid"],
  [":path", "/absent"],
];
const RESPONSE_DEFAULTS: HeaderList = [[":status", "200"]];
/** What Envoy adds by itself. */
const ENVOY_REQUEST_HEADERS = ["x-forwarded-proto"];
const ENVOY_RESPONSE_HEADERS = ["date", "server", "content-length"];

/** How long the other end of Envoy may take, in milliseconds. */
const PATIENCE = 2000;

export interface EnvoyDriverOptions {
  /** The Envoy to start; see `findEnvoy` in `proxy-wasm-as/envoy`. */
  readonly envoy: string;
}

/**
 * A driver with one Envoy, in which each test gets a listener, and so a VM, of its own. docs/suites.md says where a real
 * host differs from the original tester.
 */
export class EnvoyDriver implements Driver {
  readonly name = "Envoy";
  private tests = 0;

  private constructor(
    private readonly envoy: Envoy,
    private readonly upstream: WireUpstream,
    private readonly folder: string,
  ) {}

  /** Starts an Envoy. Throws `EnvoyStartError` when it does not start. */
  static async start(options: EnvoyDriverOptions): Promise<EnvoyDriver> {
    const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-suites-"));
    const upstream = await WireUpstream.start();
    try {
      const envoy = await Envoy.start({
        envoy: options.envoy,
        wasmLogLevel: "trace",
        clusters: { [UPSTREAM]: upstream.port },
        edit: (config) => useListenerFile(config, folder),
      });
      return new EnvoyDriver(envoy, upstream, folder);
    } catch (error) {
      upstream.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async run(subject: Subject, test: SuiteTest): Promise<Seen> {
    if (test.properties.length > 0)
      throw new Error("properties cannot be made up in a real Envoy; run this test in the embedded host");
    const version = ++this.tests;
    const vmId = `suite-vm-${version}`;
    const before = this.envoy.log.length;
    const wasm = await this.module(subject, version);
    const { name, port } = await replaceListener(this.envoy, this.folder, version, {
      wasm,
      vmId,
      rootId: subject.rootId ?? "",
      name: "suite",
      allowOnHeadersStopIteration: true,
      ...(subject.configuration !== undefined && { configuration: subject.configuration }),
    });
    this.upstream.exchange = undefined;
    const run = new Run(this.envoy, this.upstream, test, vmId, before);
    const seen = await run.run(port);
    return this.withDetails(seen, name);
  }

  async close(): Promise<void> {
    await this.envoy.stop();
    this.upstream.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async module({ wasm, timeSecs }: Subject, version: number): Promise<string> {
    if (timeSecs === undefined) return wasm;
    const file = join(this.folder, `frozen-${version}.wasm`);
    writeFileSync(file, await freezeClock(wasm, timeSecs));
    return file;
  }

  /** Puts in the details of a local response, which Envoy tells in its access log. */
  private async withDetails(seen: Seen, name: string): Promise<Seen> {
    const phases = [seen.requestHeaders, ...seen.requestBody, seen.responseHeaders, ...seen.responseBody];
    if (!phases.some((phase) => phase?.immediate !== undefined && phase.immediate.details !== ""))
      return seen;
    const file = join(this.folder, "access.log");
    let details: string | undefined;
    for (
      const deadline = Date.now() + PATIENCE;
      Date.now() < deadline && details === undefined;
      await sleep(10)
    ) {
      const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      details = lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
    }
    const complete = (phase: SeenPhase): SeenPhase =>
      phase.immediate === undefined
        ? phase
        : { ...phase, immediate: { ...phase.immediate, details: details ?? "(not in Envoy's access log)" } };
    return {
      ...seen,
      requestHeaders: seen.requestHeaders && complete(seen.requestHeaders),
      requestBody: seen.requestBody.map(complete),
      responseHeaders: seen.responseHeaders && complete(seen.responseHeaders),
      responseBody: seen.responseBody.map(complete),
    };
  }
}

/** What one callback of the stream has done. */
interface Call {
  readonly name: string;
  readonly log: LogMessage[];
  immediate: SeenImmediate | undefined;
  /** What it answered; undefined while it runs. */
  answer: number | undefined;
}

/** One test on the wire. */
class Run {
  private client!: WireClient;
  /** What left the filter in each body phase. */
  private readonly requestParts: Uint8Array[] = [];
  private readonly responseParts: Uint8Array[] = [];

  constructor(
    private readonly envoy: Envoy,
    private readonly upstream: WireUpstream,
    private readonly test: SuiteTest,
    private readonly vmId: string,
    private readonly logStart: number,
  ) {}

  async run(port: number): Promise<Seen> {
    const { test } = this;
    const headers = withDefaults(test.requestHeaders?.headers ?? [], REQUEST_DEFAULTS);
    this.client = await WireClient.send(port, carryFragment(headers));
    try {
      await this.settle();
      if (!this.isHeld("proxy_on_request_headers"))
        await this.arrival(() => this.upstream.exchange !== undefined);
      await this.sendBody(
        test.requestBody,
        this.requestParts,
        () => this.upstream.exchange?.request,
        (bytes, isLast) => this.client.write(bytes, isLast),
      );
      await this.arrival(() => this.upstream.exchange !== undefined);
      if (!this.isAnswered) await this.respond();
      await this.arrival(() => this.client.isOver, true);
    } finally {
      this.client.close();
    }
    await this.end();
    return this.observe();
  }

  private async respond(): Promise<void> {
    const { exchange } = this.upstream;
    if (exchange === undefined) return;
    const { responseHeaders, responseBody } = this.test;
    exchange.respond(withDefaults(responseHeaders?.headers ?? [], RESPONSE_DEFAULTS));
    await this.settle();
    if (!this.isHeld("proxy_on_response_headers")) await this.arrival(() => false);
    await this.sendBody(
      responseBody,
      this.responseParts,
      () => this.client.response,
      (bytes, isLast) => exchange.write(bytes, isLast),
    );
  }

  /** Sends a body, and keeps what left the filter in each phase; without phases, only its end. */
  private async sendBody(
    phases: readonly BodyPhase[],
    parts: Uint8Array[],
    incoming: () => Incoming | undefined,
    write: (bytes: Uint8Array, isLast: boolean) => Promise<void>,
  ): Promise<void> {
    if (phases.length === 0) {
      await write(new Uint8Array(0), true);
      return this.settle();
    }
    let size = 0;
    for (const [index, { chunks }] of phases.entries()) {
      for (const [number, chunk] of chunks.entries()) {
        await write(chunk, index === phases.length - 1 && number === chunks.length - 1);
        await this.settle();
      }
      const part = incoming()?.since(size);
      size = part?.size ?? size;
      parts.push(part?.bytes ?? new Uint8Array(0));
    }
  }

  /** Whether the client has an answer, or never will have one. */
  private get isAnswered(): boolean {
    return this.client.response.headers !== undefined || this.client.isOver;
  }

  /** Whether the filter holds what it saw in its first callback `name`. */
  private isHeld(name: string): boolean {
    const call = this.calls().find((one) => one.name === name);
    return call !== undefined && call.immediate === undefined && !goesOn(call);
  }

  /** Waits until Envoy has dealt with all that was sent, and all that it passed on and logged has come. */
  private async settle(): Promise<void> {
    await this.client.barrier();
    await this.upstream.exchange?.barrier();
    await this.client.barrier();
    await sleep(1); // the log comes through a pipe, which Node reads within its next turn
  }

  /** Waits for `arrived` (and, unless `answered` does not matter, for an answer to the client), or until patience ends. */
  private async arrival(arrived: () => boolean, toTheEnd = false): Promise<void> {
    for (const deadline = Date.now() + PATIENCE; !arrived() && (toTheEnd || !this.isAnswered); await sleep(2))
      if (Date.now() > deadline) return;
  }

  /** Waits until the module has been told that the stream has ended, where the test wants to know. */
  private async end(): Promise<void> {
    const isOver = (): boolean =>
      this.calls().some((call) => call.name === "proxy_on_delete" && call.answer !== undefined);
    const patience = this.test.streamDestroy === undefined ? 0 : PATIENCE;
    for (const deadline = Date.now() + patience; !isOver() && Date.now() < deadline;) await sleep(5);
  }

  private events(): TraceEvent[] {
    return readTrace(this.envoy.log.slice(this.logStart));
  }

  /** The stream's callbacks so far, in order, with what each has done. The VM's first context is the plugin's. */
  private calls(): Call[] {
    const calls: Call[] = [];
    let current: Call | undefined;
    for (const event of this.events()) {
      if (event.kind === "callback") {
        if (event.name === "proxy_on_memory_allocate" || (event.args[0] ?? 0) <= 1) continue;
        current = { name: event.name, log: [], immediate: undefined, answer: undefined };
        calls.push(current);
      } else if (event.kind === "return") {
        if (current?.name === event.name) current.answer = event.value ?? 0;
      } else if (event.kind === "hostCall") {
        if (event.name === "proxy_send_local_response" && current !== undefined)
          current.immediate ??= immediate(event.args);
      } else if (this.isOurs(event.from)) current?.log.push(event);
    }
    return calls;
  }

  private isOurs(from: string): boolean {
    return from.split(" ").includes(this.vmId);
  }

  /** What was logged before there was a stream, in all VMs of the test. */
  private pluginInit(): LogMessage[] {
    const events = this.events();
    const first = events.findIndex(
      (event) =>
        event.kind === "callback" && (event.args[0] ?? 0) > 1 && event.name !== "proxy_on_memory_allocate",
    );
    return events
      .slice(0, first < 0 ? undefined : first)
      .filter(
        (event) => event.kind === "log" && (event.from === "" || this.isOurs(event.from)),
      ) as LogMessage[];
  }

  private observe(): Seen {
    const calls = this.calls();
    const logs = (...names: string[]): LogMessage[] =>
      calls.filter(({ name }) => names.includes(name)).flatMap(({ log }) => log);
    const { test, client, upstream } = this;
    const answer = {
      headers: without(client.response.headers, [], RESPONSE_DEFAULTS, ENVOY_RESPONSE_HEADERS),
      body: client.response.since(0).bytes,
    };
    let answered = false;
    /** A phase whose callbacks were `own`; undefined when the filter has answered before. */
    const phase = (own: readonly Call[], passed: Omit<SeenPhase, "log">): SeenPhase | undefined => {
      if (answered) return undefined;
      const reply = own.find((call) => call.immediate !== undefined && !goesOn(call));
      const log = own.flatMap((call) => call.log);
      if (reply === undefined) return { ...passed, log };
      answered = true;
      return { ...answer, immediate: reply.immediate, log };
    };
    const named = (name: string): Call[] => calls.filter((call) => call.name === name);
    const bodies = (
      phases: readonly BodyPhase[],
      own: readonly Call[],
      parts: readonly Uint8Array[],
    ): SeenPhase[] => {
      const seen: SeenPhase[] = [];
      let from = 0;
      for (const [index, { chunks }] of phases.entries()) {
        const one = phase(own.slice(from, from + chunks.length), { body: parts[index] });
        if (one !== undefined) seen.push(one);
        from += chunks.length;
      }
      return seen;
    };
    const note = "the filter holds them to the end";
    const request = upstream.exchange?.request.headers;
    const { requestHeaders, responseHeaders } = test;
    return {
      pluginInit: this.pluginInit(),
      streamInit: logs("proxy_on_context_create"),
      requestHeaders: phase(named("proxy_on_request_headers"), {
        headers: without(request, requestHeaders?.headers, REQUEST_DEFAULTS, ENVOY_REQUEST_HEADERS),
        note,
      }),
      requestBody: bodies(test.requestBody, named("proxy_on_request_body"), this.requestParts),
      responseHeaders: phase(named("proxy_on_response_headers"), {
        headers: without(
          client.response.headers,
          responseHeaders?.headers,
          RESPONSE_DEFAULTS,
          ENVOY_RESPONSE_HEADERS,
        ),
        note,
      }),
      responseBody: bodies(test.responseBody, named("proxy_on_response_body"), this.responseParts),
      streamDestroy: logs("proxy_on_log", "proxy_on_done", "proxy_on_delete"),
    };
  }
}

/** Whether a headers callback let its message go on: `Continue`, or `ContinueAndEndStream`. */
function goesOn({ answer }: Call): boolean {
  return answer === 0 || answer === 2;
}

function immediate(args: readonly number[]): SeenImmediate {
  return {
    httpStatus: args[0]!,
    grpcStatus: args[7]! | 0,
    details: args[2] === 0 ? "" : "(in Envoy's access log)",
  };
}

/** The headers of a test, pseudo-headers first, with those that it leaves out and HTTP needs. */
function withDefaults(headers: HeaderList, defaults: HeaderList): HeaderList {
  const missing = defaults.filter(([name]) => !headers.some(([other]) => other === name));
  const isPseudo = ([name]: HeaderList[number]): boolean => name.startsWith(":");
  return [...missing, ...headers.filter(isPseudo), ...headers.filter((header) => !isPseudo(header))];
}

/** The headers with a `:path` that Envoy accepts from a client. */
function carryFragment(headers: HeaderList): HeaderList {
  const path = headers.find(([name]) => name === ":path")![1];
  if (!path.includes("#")) return headers;
  const others = headers.filter(([name]) => name !== ":path");
  return [[":path", "/"], ...others, [PATH_HEADER, path]];
}

/** What a filter has made of `sent`: without what this driver and Envoy have added to it. */
function without(
  seen: HeaderList | undefined,
  sent: HeaderList | undefined,
  defaults: HeaderList,
  added: readonly string[],
): HeaderList | undefined {
  const wasSent = (name: string): boolean => sent?.some(([other]) => other === name) ?? false;
  return seen?.filter(
    ([name, value]) =>
      wasSent(name) ||
      (!added.includes(name) && !defaults.some(([other, text]) => other === name && text === value)),
  );
}
