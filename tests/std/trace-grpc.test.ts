/** std/trace and gRPC: calls and streams are told the trace, and lines of the log name it; with a real server, in Envoy and in the embedded host. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Metadata, ServerDuplexStream, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { type OtlpSpan, readOtlp } from "./otlp.js";
import { until } from "../support/wait.js";

const wasm = await compileFilter("tests/std/filters/trace-grpc.ts");
const ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

interface Services {
  /** What each call and stream was told: `/path traceparent tracestate`. */
  readonly told: string[];
  readonly spans: OtlpSpan[];
  readonly clusters: Record<string, number>;
}

/** Starts a gRPC server and a collector. */
async function startServices(t: TestContext): Promise<Services> {
  const told: string[] = [];
  const spans: OtlpSpan[] = [];
  const note = (path: string, metadata: Metadata): void => {
    const sent = ["traceparent", "tracestate"].map((name) => metadata.get(name).join());
    told.push([path, ...sent].join(" "));
  };
  const pass = (bytes: Buffer): Buffer => bytes;
  const method = (name: string, isStream: boolean): object => ({
    path: `/test.Echo/${name}`,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  });
  const server = new Server();
  server.addService({ unary: method("Unary", false), chat: method("Chat", true) } as never, {
    unary: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      note("Unary", call.metadata);
      answer(null, call.request);
    },
    chat: (call: ServerDuplexStream<Buffer, Buffer>) => {
      note("Chat", call.metadata);
      call.on("data", () => undefined);
      call.on("end", () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  t.after(() => server.forceShutdown());
  const collector = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      for (const { scopeSpans } of readOtlp(Buffer.concat(chunks)).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
      response.end();
    });
  });
  await new Promise<void>((done) => collector.listen(0, "127.0.0.1", done));
  t.after(() => {
    collector.close();
    collector.closeAllConnections();
  });
  const clusters = { "grpc-echo": port, collector: (collector.address() as AddressInfo).port };
  return { told, spans, clusters };
}

const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/** One request; what the services were told, the spans and the log have to say the same. */
async function judge(
  { told, spans }: Services,
  kind: "class" | "flow",
  port: number,
  logs: () => readonly string[],
): Promise<void> {
  const headers: [string, string][] = [
    ["traceparent", `00-${ID}-${SPAN}-01`],
    ["tracestate", "a=1"],
  ];
  assert.equal((await request(port, { headers })).body, "asked\n");
  const names = kind === "class" ? ["call", "class", "talk"] : ["call", "flow"];
  await until(() => spans.length >= names.length);
  const ids = new Map(spans.map(({ name, spanId }) => [name, hex(spanId)]));
  assert.deepEqual([...ids.keys()].sort(), names);
  for (const { name, traceId, parentSpanId, attributes } of spans) {
    assert.equal(hex(traceId), ID);
    assert.equal(hex(parentSpanId), name === kind ? SPAN : ids.get(kind));
    if (name !== kind)
      assert.deepEqual(attributes, [{ key: "rpc.grpc.status_code", value: { intValue: "0" } }], name);
  }
  const expected = [`Unary 00-${ID}-${ids.get("call")}-01 a=1`];
  if (kind === "class") expected.push(`Chat 00-${ID}-${ids.get("talk")}-01 a=1`);
  assert.deepEqual(told, expected);
  const lines = logs().filter((line) => line.includes("called"));
  assert.equal(lines.length, 1);
  assert.ok(lines[0]!.endsWith(`called trace_id=${ID} span_id=${ids.get("call")}`), lines[0]);
}

for (const kind of ["class", "flow"] as const) {
  envoyTest(`grpc in a trace, as ${kind}, in Envoy`, async (t) => {
    const services = await startServices(t);
    const { clusters } = services;
    const envoy = await startEnvoy(t, { filters: [{ wasm, rootId: kind }], clusters });
    await judge(services, kind, envoy.port, () => envoy.wasmLogs.map(({ message }) => message));
  });
  test(`grpc in a trace, as ${kind}, in the embedded host`, async (t) => {
    const services = await startServices(t);
    const { clusters } = services;
    const logs: string[] = [];
    const server = await serveHost({
      filters: [{ wasm, rootId: kind }],
      clusters,
      onLog: ({ message }) => logs.push(message),
    });
    t.after(() => server.close());
    await judge(services, kind, server.port, () => logs);
  });
}
