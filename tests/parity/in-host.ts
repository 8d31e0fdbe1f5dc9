/** Runs parity scenarios in the embedded host. */
import type { TestHostOptions } from "../../src/testing/index.js";
import * as testing from "../../src/testing/index.js";
import type { Answer, UpstreamCall } from "../../src/testing/index.js";
import type {
  Outcome,
  RequestScript,
  Scenario,
  SeenRequest,
  UpstreamScript,
  WireResult,
} from "./scenario.js";
import { configurationOf, filtersOf, plainHeaders, plainTrace, scriptHeaders } from "./scenario.js";

const toBytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

function answerOf(script: UpstreamScript): Answer {
  return {
    status: script.status ?? 200,
    headers: script.headers ?? [],
    body: (script.body ?? []).map(toBytes),
    ...(script.trailers !== undefined && { trailers: script.trailers }),
    ...(script.delay !== undefined && { delay: script.delay }),
  };
}

/** A reset without a status is one before the response. */
function upstreamOf(script: UpstreamScript): Answer {
  if (script.reset !== true) return answerOf(script);
  if (script.status === undefined) return { reset: "connection termination" };
  return { ...answerOf(script), reset: true };
}

function seen(call: UpstreamCall): SeenRequest {
  const pairs = [...call.headers].filter(([name]) => !name.startsWith(":"));
  const host = call.headers.get(":authority");
  return {
    line: `${call.method} ${call.path}`,
    headers: plainHeaders([...pairs, ...(host === undefined ? [] : [["host", host] as const])]),
    body: Buffer.from(call.bodyBytes).toString("latin1"),
    trailers: plainHeaders([...call.trailers]),
  };
}

/** Runs a scenario in a host of its own; `kit` may be another build of it. */
export async function runInHost(scenario: Scenario, wasm: string, kit = testing): Promise<Outcome> {
  const options: TestHostOptions = {
    filters: filtersOf(scenario).map(([name, settings]) => {
      return { ...settings, wasm, name, configuration: configurationOf(name, settings) };
    }),
    ...(scenario.upstream !== undefined && { upstream: upstreamOf(scenario.upstream) }),
    clusters: {
      auth: scenario.calls === undefined ? {} : upstreamOf(scenario.calls),
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
    for (const request of scenario.requests) {
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
        headers: plainHeaders([...response.headers].filter(([name]) => name !== ":status")),
        body: Buffer.from(response.bodyBytes).toString("latin1"),
        trailers: plainHeaders([...response.trailers]),
        complete: response.complete,
      });
      details.push(response.details);
    }
  } catch (error) {
    if (!(error instanceof kit.EnvoyCrash)) throw error;
    crashed = true;
  }
  const metrics = Object.fromEntries(
    Object.entries(host.metrics()).map(([name, value]) => [name, String(BigInt.asUintN(64, BigInt(value)))]),
  );
  return {
    trace: plainTrace(host.trace.slice(start.trace), filtersOf(scenario).length),
    logs: host.logs
      .slice(start.logs)
      .filter(({ ofModule }) => ofModule)
      .map(({ level, from, message }) => `${level} ${from}: ${message}`),
    wire,
    upstream: ["upstream", "auth"].flatMap((cluster) =>
      host.calls.filter((call) => call.complete && call.cluster === cluster).map(seen),
    ),
    details,
    metrics,
    crashed,
  };
}

function headersOf(scenario: Scenario, request: RequestScript): [string, string][] {
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
    ...scriptHeaders(scenario),
    ...(request.headers ?? []).map(([name, value]): [string, string] => [name, value]),
  ];
}
