/** Runs parity scenarios in the embedded host. */
import type { TestHostOptions, TestPlugin } from "../../src/testing/index.js";
import * as testing from "../../src/testing/index.js";
import type { Answer, UpstreamCall } from "../../src/testing/index.js";
import type {
  FilterSettings,
  GrpcScript,
  Outcome,
  RequestScript,
  Scenario,
  SeenRequest,
  UpstreamScript,
  WireResult,
} from "./scenario.js";
import {
  configurationOf,
  filtersOf,
  once,
  plainHeaders,
  plainTrace,
  rootCount,
  scriptHeaders,
} from "./scenario.js";

const toBytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Values of which each character is a byte. */
const binary = (fields: testing.Fields): [string, string][] =>
  fields.bytes.map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);

/** A message as gRPC frames it. */
function frame(message: string): Uint8Array {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.write(message, 5, "latin1");
  return bytes;
}

function grpcAnswer({ messages = [], metadata = [], status, message = "" }: GrpcScript): Answer {
  const end: [string, string][] = [["grpc-status", String(status)]];
  if (message !== "") end.push(["grpc-message", message]);
  const headers: [string, string][] = [["content-type", "application/grpc"]];
  for (const [name, value] of metadata) headers.push([name, value]);
  if (messages.length === 0 && status !== 0) return { headers: [...headers, ...end] };
  return { headers, body: messages.map(frame), trailers: end };
}

function answerOf(script: UpstreamScript): Answer {
  return {
    status: script.status ?? 200,
    headers: (script.headers ?? []).map(([name, value]) => [name, toBytes(value)] as const),
    body: (script.body ?? []).map(toBytes),
    ...(script.trailers !== undefined && { trailers: script.trailers }),
    ...(script.delay !== undefined && { delay: script.delay }),
  };
}

/** A reset without a status is one before the response. */
function upstreamOf(script: UpstreamScript): Answer {
  if (script.grpc !== undefined)
    return { ...grpcAnswer(script.grpc), ...(script.delay !== undefined && { delay: script.delay }) };
  if (script.reset !== true) return answerOf(script);
  if (script.status === undefined) return { reset: "connection termination" };
  return { ...answerOf(script), reset: true };
}

function seen(call: UpstreamCall): SeenRequest {
  const pairs = binary(call.headers).filter(([name]) => !name.startsWith(":"));
  const host = call.headers.get(":authority");
  return {
    line: `${call.method} ${call.path}`,
    headers: plainHeaders([...pairs, ...(host === undefined ? [] : [["host", host] as const])]),
    body: Buffer.from(call.bodyBytes).toString("latin1"),
    trailers: plainHeaders(binary(call.trailers)),
  };
}

/** Runs a scenario in a host of its own; `kit` may be another build of it, `envoy` another Envoy. */
export async function runInHost(
  scenario: Scenario,
  wasm: string,
  kit = testing,
  envoy: testing.EnvoyVersion = "1.40",
): Promise<Outcome> {
  const plugin = ([name, settings]: [string, FilterSettings]): TestPlugin => ({
    ...settings,
    wasm,
    name,
    configuration: configurationOf(name, settings),
  });
  const filters = filtersOf(scenario).map(plugin);
  const options: TestHostOptions = {
    envoy,
    ...(scenario.tcp === undefined ? { filters } : { tcpFilters: filters, upstream: "echo" }),
    accessLoggers: Object.entries(scenario.accessLoggers ?? {}).map(plugin),
    ...(scenario.upstream === undefined
      ? { route: () => ({ status: 200, body: "ok\n" }) }
      : { upstream: upstreamOf(scenario.upstream) }),
    mayFail: true,
    clusters: {
      auth: scenario.calls === undefined ? {} : upstreamOf(scenario.calls),
      grpcup: scenario.calls === undefined ? {} : upstreamOf(scenario.calls),
      dead: "refused",
      none: "none",
    },
    ...(scenario.bufferLimit !== undefined && { bufferLimit: scenario.bufferLimit }),
  };
  const host = await kit.createHost(options);
  const start = { trace: host.trace.length, logs: host.logs.length };
  const wire: WireResult[] = [];
  const details: string[] = [];
  let crashed = false;
  try {
    if (scenario.tcp !== undefined) wire.push(await connectInHost(host, scenario.tcp));
    for (const request of scenario.tcp === undefined ? scenario.requests : []) {
      if (request.pause !== undefined) await host.tick(request.pause);
      const stream = host.open({
        method: request.method ?? (request.body === undefined ? "GET" : "POST"),
        path: request.path ?? "/",
        headers: headersOf(scenario, request),
      });
      const chunks = [
        ...(request.body ?? []),
        ...(request.fill === undefined ? [] : ["x".repeat(request.fill)]),
      ];
      const hasBody = chunks.length > 0 || request.trailers !== undefined;
      stream.sendHeaders(!hasBody);
      await host.tick(2);
      for (const [i, chunk] of chunks.entries()) {
        stream.send(toBytes(chunk), i === chunks.length - 1 && request.trailers === undefined);
        await host.tick(2);
      }
      if (request.trailers !== undefined) stream.sendTrailers(request.trailers);
      const wait = request.cut ?? 700;
      for (let i = 0; i < wait && !stream.isOver; i += 20) await host.tick(20);
      if (!stream.isOver) stream.abort();
      await host.tick(5 + (scenario.calls?.delay ?? 0));
      const response = stream.response();
      wire.push({
        status: response.status,
        headers: plainHeaders(binary(response.headers).filter(([name]) => name !== ":status")),
        body: Buffer.from(response.bodyBytes).toString("latin1"),
        trailers: plainHeaders(binary(response.trailers)),
        complete: response.complete,
      });
      details.push(response.details);
    }
    if (scenario.settle !== undefined) await host.tick(scenario.settle);
  } catch (error) {
    if (!(error instanceof kit.EnvoyCrash)) throw error;
    crashed = true;
  }
  const silent = host.refusals.find(({ reason }) => reason === "");
  if (silent !== undefined)
    throw new Error(`${silent.function} answers ${silent.status} and does not say why`);
  const metrics = Object.fromEntries(
    Object.entries(host.metrics()).map(([name, value]) => [name, String(BigInt.asUintN(64, BigInt(value)))]),
  );
  return {
    trace: plainTrace(host.trace.slice(start.trace), rootCount(scenario)),
    logs: once(
      scenario,
      host.logs
        .slice(scenario.startup === true ? 0 : start.logs)
        .filter(({ ofModule }) => ofModule)
        .map(({ level, from, message }) => `${level} ${from}: ${message}`),
    ),
    wire,
    upstream: ["upstream", "auth", "grpcup"].flatMap((cluster) =>
      host.calls.filter((call) => call.complete && call.cluster === cluster).map(seen),
    ),
    details,
    metrics,
    crashed,
  };
}

async function connectInHost(host: testing.TestHost, steps: readonly string[]): Promise<WireResult> {
  const connection = host.connect();
  await host.tick(2);
  for (const step of steps) {
    if (step.startsWith("send ")) connection.send(toBytes(step.slice(5)));
    else if (step === "end") connection.end();
    else if (step === "reset") connection.reset();
    await host.tick(5);
  }
  await host.tick(5);
  return {
    status: 0,
    headers: [],
    body: connection.received,
    trailers: [],
    complete: connection.ended || connection.closed,
  };
}

function headersOf(scenario: Scenario, request: RequestScript): [string, string | Uint8Array][] {
  const length = (request.body ?? []).join("").length + (request.fill ?? 0);
  const framing: [string, string][] =
    request.trailers !== undefined
      ? [
          ["transfer-encoding", "chunked"],
          ["te", "trailers"],
        ]
      : length > 0
        ? [["content-length", String(length)]]
        : [];
  return [
    ["connection", "close"],
    ...framing,
    ["x-case", scenario.name],
    ...scriptHeaders(scenario, request),
    ...(request.headers ?? []).map(([name, value]): [string, Uint8Array] => [name, toBytes(value)]),
  ];
}
