/**
 * Carries out one test over a wire.
 *
 * @module
 */
import type { LogMessage, Seen, SeenImmediate, SeenPhase } from "./driver.js";
import type { BodyPhase, HeaderList, SuiteTest } from "./model.js";
import type { Incoming, Wire } from "./wire.js";

/** Headers of a request whose test does not state them: there is no HTTP without them. */
const REQUEST_DEFAULTS: HeaderList = [
  [":method", "GET"],
  [":scheme", "http"],
  [":authority", "absent.invalid"],
  [":path", "/absent"],
];
const RESPONSE_DEFAULTS: HeaderList = [[":status", "200"]];

/** Stands for details of a local response that a trace does not tell. */
const UNKNOWN_DETAILS = "(unknown)";

/**
 * Sends the test's request and response through the filter, and answers what came of each phase. `details` is asked once
 * for the details of a local response that has some.
 */
export async function runTest(wire: Wire, test: SuiteTest, details: () => Promise<string>): Promise<Seen> {
  const seen = await new Run(wire, test).run();
  const phases = [seen.requestHeaders, ...seen.requestBody, seen.responseHeaders, ...seen.responseBody];
  if (!phases.some((phase) => phase?.immediate?.details === UNKNOWN_DETAILS)) return seen;
  const text = await details();
  const complete = (phase: SeenPhase): SeenPhase =>
    phase.immediate === undefined ? phase : { ...phase, immediate: { ...phase.immediate, details: text } };
  return {
    ...seen,
    requestHeaders: seen.requestHeaders && complete(seen.requestHeaders),
    requestBody: seen.requestBody.map(complete),
    responseHeaders: seen.responseHeaders && complete(seen.responseHeaders),
    responseBody: seen.responseBody.map(complete),
  };
}

/** One callback of the stream, and its effects. */
interface Call {
  readonly name: string;
  readonly log: LogMessage[];
  immediate: SeenImmediate | undefined;
  /** Its answer; undefined while it runs. */
  answer: number | undefined;
}

/** One test on the wire. */
class Run {
  /** The parts of the body that left the filter, one for each body phase. */
  private readonly requestParts: Uint8Array[] = [];
  private readonly responseParts: Uint8Array[] = [];

  constructor(
    private readonly wire: Wire,
    private readonly test: SuiteTest,
  ) {}

  async run(): Promise<Seen> {
    const { test, wire } = this;
    try {
      await wire.send(withDefaults(test.requestHeaders?.headers ?? [], REQUEST_DEFAULTS));
      await wire.settle();
      if (!this.isHeld("proxy_on_request_headers")) await this.arrival(() => wire.exchange !== undefined);
      await this.sendBody(
        test.requestBody,
        this.requestParts,
        () => wire.exchange?.request,
        (bytes, isLast) => wire.write(bytes, isLast),
      );
      await this.arrival(() => wire.exchange !== undefined);
      if (!this.isAnswered) await this.respond();
      await wire.until(() => wire.response.ended);
    } finally {
      wire.close();
    }
    if (test.streamDestroy !== undefined) await wire.until(() => this.isDeleted);
    return this.observe();
  }

  private async respond(): Promise<void> {
    const { exchange } = this.wire;
    if (exchange === undefined) return;
    const { responseHeaders, responseBody } = this.test;
    exchange.respond(withDefaults(responseHeaders?.headers ?? [], RESPONSE_DEFAULTS));
    await this.wire.settle();
    if (!this.isHeld("proxy_on_response_headers")) await this.arrival(() => false);
    await this.sendBody(
      responseBody,
      this.responseParts,
      () => this.wire.response,
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
      return this.wire.settle();
    }
    let size = 0;
    for (const [index, { chunks }] of phases.entries()) {
      for (const [number, chunk] of chunks.entries()) {
        await write(chunk, index === phases.length - 1 && number === chunks.length - 1);
        await this.wire.settle();
      }
      // A large one comes in more pieces than have been waited for.
      const { response } = this.wire;
      if (index === phases.length - 1 && incoming() === response) await this.wire.until(() => response.ended);
      const part = incoming()?.since(size);
      size = part?.size ?? size;
      parts.push(part?.bytes ?? new Uint8Array(0));
    }
  }

  /** Tells whether the client has an answer, or never will have one. */
  private get isAnswered(): boolean {
    return this.wire.response.headers !== undefined || this.wire.response.ended;
  }

  /** Tells whether the module has been told that the stream is gone. */
  private get isDeleted(): boolean {
    return this.calls().some((call) => call.name === "proxy_on_delete" && call.answer !== undefined);
  }

  /** Waits for `arrived` or for an answer to the client. */
  private arrival(arrived: () => boolean): Promise<void> {
    return this.wire.until(() => arrived() || this.isAnswered);
  }

  /** Tells whether the filter holds what it saw in its first callback `name`. */
  private isHeld(name: string): boolean {
    const call = this.calls().find((one) => one.name === name);
    return call !== undefined && call.immediate === undefined && !goesOn(call);
  }

  /** The stream's callbacks so far, in order, with what each has done. The VM's first context is the plugin's. */
  private calls(): Call[] {
    const calls: Call[] = [];
    let current: Call | undefined;
    for (const event of this.wire.events()) {
      if (event.kind === "callback") {
        if (event.name === "proxy_on_memory_allocate" || (event.args[0] ?? 0) <= 1) continue;
        current = { name: event.name, log: [], immediate: undefined, answer: undefined };
        calls.push(current);
      } else if (event.kind === "return") {
        if (current?.name === event.name) current.answer = event.value ?? 0;
      } else if (event.kind === "hostCall") {
        if (event.name === "proxy_send_local_response" && current !== undefined)
          current.immediate ??= immediate(event.args);
      } else current?.log.push(event);
    }
    return calls;
  }

  /** The messages before there was a stream, in all VMs of the test. */
  private pluginInit(): LogMessage[] {
    const events = this.wire.events();
    const first = events.findIndex(
      (event) =>
        event.kind === "callback" && (event.args[0] ?? 0) > 1 && event.name !== "proxy_on_memory_allocate",
    );
    const before = events.slice(0, first < 0 ? undefined : first);
    return before.filter((event) => event.kind === "log");
  }

  private observe(): Seen {
    const calls = this.calls();
    const logs = (...names: string[]): LogMessage[] =>
      calls.filter(({ name }) => names.includes(name)).flatMap(({ log }) => log);
    const { test, wire } = this;
    const answer = {
      headers: without(wire.response.headers, [], RESPONSE_DEFAULTS, wire.added.response),
      body: wire.response.since(0).bytes,
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
    const request = wire.exchange?.request.headers;
    const { requestHeaders, responseHeaders } = test;
    return {
      log: wire.events().flatMap((event) => (event.kind === "log" ? [event] : [])),
      pluginInit: this.pluginInit(),
      streamInit: logs("proxy_on_context_create"),
      requestHeaders: phase(named("proxy_on_request_headers"), {
        headers: without(request, requestHeaders?.headers, REQUEST_DEFAULTS, wire.added.request),
        note,
      }),
      requestBody: bodies(test.requestBody, named("proxy_on_request_body"), this.requestParts),
      responseHeaders: phase(named("proxy_on_response_headers"), {
        headers: without(
          wire.response.headers,
          responseHeaders?.headers,
          RESPONSE_DEFAULTS,
          wire.added.response,
        ),
        note,
      }),
      responseBody: bodies(test.responseBody, named("proxy_on_response_body"), this.responseParts),
      streamDestroy: logs("proxy_on_log", "proxy_on_done", "proxy_on_delete"),
    };
  }
}

/** Tells whether a headers callback let its message go on: `Continue`, or `ContinueAndEndStream`. */
function goesOn({ answer }: Call): boolean {
  return answer === 0 || answer === 2;
}

function immediate(args: readonly number[]): SeenImmediate {
  return {
    httpStatus: args[0]!,
    grpcStatus: args[7]! | 0,
    details: args[2] === 0 ? "" : UNKNOWN_DETAILS,
  };
}

/** The headers of a test, pseudo-headers first, with those that it leaves out and HTTP needs. */
function withDefaults(headers: HeaderList, defaults: HeaderList): HeaderList {
  const missing = defaults.filter(([name]) => !headers.some(([other]) => other === name));
  const isPseudo = ([name]: HeaderList[number]): boolean => name.startsWith(":");
  return [...missing, ...headers.filter(isPseudo), ...headers.filter((header) => !isPseudo(header))];
}

/** The headers as a filter has changed `sent`: without those that the driver and the host have added. */
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
