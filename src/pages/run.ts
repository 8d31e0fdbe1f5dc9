/**
 * Sends a page's request through a module, in the embedded host.
 *
 * @module
 */
import { countersOf, withCounters } from "../count/index.js";
import { EnvoyCrash, LoadError } from "../host/index.js";
import type { HostOptions } from "../host/index.js";
import { createHost } from "../testing/index.js";
import type { TestHost, TestHostOptions, TestResponse } from "../testing/index.js";
import { kindOf } from "./kind.js";
import type { Answer, Message, Order, RunReport } from "./model.js";
import { Trace } from "./trace.js";

/** Runs one request in a VM of its own; what goes wrong is in the report. */
export async function runOrder(wasm: Uint8Array, order: Order): Promise<RunReport> {
  let instance: WebAssembly.Instance | undefined;
  const counted = counting(wasm);
  const operators = (): number =>
    counted === undefined || instance === undefined ? 0 : Number(countersOf(instance).operators.value);
  let host: TestHost | undefined;
  let began = 0;
  const trace = new Trace(() => Math.max(0, (host?.loop.now() ?? 0) - began), operators);
  const { configuration, rootId } = order;
  const kind = kindOf(wasm);
  const plugin = {
    wasm: counted ?? wasm,
    name: "filter",
    ...(configuration !== "" && { configuration }),
    ...(rootId !== "" && { rootId }),
  };
  const options: TestHostOptions & Pick<HostOptions, "onInstance"> = {
    ...(kind === "http" && { filters: [plugin] }),
    ...(kind === "tcp" && { tcpFilters: [plugin] }),
    ...(kind === "access logger" && { accessLoggers: [plugin] }),
    ...(kind === "service" && { services: [plugin] }),
    upstream: kind === "tcp" ? "echo" : order.upstream,
    clusters: order.clusters,
    logLevel: "trace",
    mayFail: true,
    onInstance: (made) => {
      instance = made;
      const memory = Object.values(made.exports).find((value) => value instanceof WebAssembly.Memory);
      trace.words.memory = memory;
    },
    onCall: (call) => trace.called(call),
  };
  const started = performance.now();
  const sent = sentOf(order);
  try {
    host = await createHost(options);
    began = host.loop.now();
    const before = operators();
    const outcome = kind === "tcp" ? await connect(host, order) : await request(host, order);
    if (kind === "service") await host.tick(1000);
    return {
      ...outcome,
      refused: undefined,
      sent,
      ...seen(host, trace),
      operators: counted === undefined ? null : operators() - before,
      time: host.loop.now() - began,
      milliseconds: performance.now() - started,
    };
  } catch (error) {
    if (!(error instanceof LoadError || error instanceof EnvoyCrash)) throw error;
    return { ...nothing, refused: error.message, sent, ...seen(host, trace), time: 0, milliseconds: 0 };
  }
}

const nobody: Message = { headers: [], body: "" };

const nothing = {
  ...{ status: 0, details: "", hangs: false, wasReset: false, operators: null },
  ...{ upstream: undefined, answered: undefined, response: nobody, calls: [] },
};

type Outcome = Pick<
  RunReport,
  "status" | "details" | "hangs" | "wasReset" | "upstream" | "answered" | "response" | "calls"
>;

async function request(host: TestHost, order: Order): Promise<Outcome> {
  const { method, path, headers, body } = order;
  const authority = headers.find(([name]) => /^(host|:authority)$/i.test(name))?.[1];
  const response = await host.request({
    ...{ method, path, mayHang: true },
    ...(authority !== undefined && { authority }),
    headers: headers.filter(([name]) => !/^(host|:authority)$/i.test(name)),
    ...(body !== "" && { body }),
  });
  const upstream = response.upstream;
  return {
    status: response.status,
    details: response.details,
    hangs: !response.complete && !response.reset,
    wasReset: response.reset,
    upstream: upstream && { headers: upstream.headers.pairs, body: upstream.body },
    answered: upstream?.answered === true ? answeredBy(order.upstream) : undefined,
    response: { headers: response.headers.pairs, body: response.body },
    calls: callsOf(response),
  };
}

/** A connection through network filters: the body goes in, and what an echoing upstream sends comes back. */
async function connect(host: TestHost, order: Order): Promise<Outcome> {
  const connection = host.connect();
  connection.send(order.body === "" ? "ping\n" : order.body).end();
  await host.idle();
  return {
    ...nothing,
    wasReset: connection.closed && !connection.ended,
    response: { headers: [], body: connection.received },
  };
}

function callsOf({ calls }: TestResponse): RunReport["calls"] {
  return calls.map(({ cluster, headers, body }) => ({ cluster, headers: headers.pairs, body }));
}

function sentOf({ method, path, headers, body }: Order): Message {
  const pseudo: [string, string][] = [
    [":method", method],
    [":path", path],
    [":scheme", "http"],
  ];
  const named = headers.map(
    ([name, value]) => [name.toLowerCase().replace(/^host$/, ":authority"), value] as const,
  );
  return { headers: [...pseudo, ...named], body };
}

function answeredBy({ status, headers, body }: Answer): Message {
  const named = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return { headers: [[":status", String(status)], ...named], body };
}

/** The events that a host has seen, whatever the request's result. */
function seen(
  host: TestHost | undefined,
  trace: Trace,
): Pick<RunReport, "logs" | "refusals" | "errors" | "properties" | "metrics" | "events"> {
  return {
    logs: (host?.logs ?? []).map(({ level, from, message }) => ({ level, from, message: message.trimEnd() })),
    refusals: (host?.refusals ?? [])
      .filter(({ reason, status }) => reason !== "" && status !== 1)
      .map(({ function: name, reason }) => `${name}: ${reason}`),
    errors: host?.errors ?? [],
    properties: [...trace.properties],
    metrics: host?.metrics() ?? {},
    events: trace.events,
  };
}

/** The module with counters; undefined when it has what cannot be counted. */
function counting(wasm: Uint8Array): Uint8Array | undefined {
  try {
    const counted = withCounters(wasm);
    return WebAssembly.validate(counted as BufferSource) ? counted : undefined;
  } catch {
    return undefined;
  }
}
