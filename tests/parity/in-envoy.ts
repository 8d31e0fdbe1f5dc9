/** Runs parity scenarios in a real Envoy. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2Server, ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer as createTcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Envoy } from "../../src/envoy/index.js";
import type { WasmPlugin } from "../../src/envoy/index.js";
import type {
  FilterSettings,
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

/** Between two pieces that must not arrive as one, in milliseconds. */
let GAP = 12;
/** A request without a response by then hangs. */
let HANG = 700;
/** The same for the waits that a scenario names: those of the client and of its upstreams stay in their order. */
let factor = 1;

/** Multiplies all waiting: a machine that is busy needs more. */
function setPatience(times: number): void {
  factor = times;
  GAP = 12 * factor;
  HANG = 700 * factor;
}

/** HTTP/1 with trailers. */
const http1 = {
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
    "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
    explicit_http_config: { http_protocol_options: { enable_trailers: true } },
  },
};

/** An upstream that answers by the scenario that a request names. */
class Upstream {
  readonly seen: SeenRequest[] = [];
  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly port: number,
  ) {}

  static async start(answer: () => UpstreamScript): Promise<Upstream> {
    const server = createServer({ keepAlive: false }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("error", () => undefined);
      request.on("end", () => {
        upstream.seen.push(describe(request, Buffer.concat(chunks)));
        void respond(response, answer());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const upstream = new Upstream(server, (server.address() as AddressInfo).port);
    return upstream;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** An upstream that answers gRPC as scenarios say. */
class GrpcUpstream {
  readonly seen: SeenRequest[] = [];
  private readonly sessions = new Set<{ destroy(): void }>();
  private constructor(
    private readonly server: Http2Server,
    readonly port: number,
  ) {}

  static async start(answer: () => UpstreamScript): Promise<GrpcUpstream> {
    const server = createHttp2Server();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const upstream = new GrpcUpstream(server, (server.address() as AddressInfo).port);
    server.on("session", (session) => upstream.sessions.add(session));
    server.on("stream", (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const pairs = Object.entries(headers)
          .filter(([name]) => !name.startsWith(":"))
          .map(([name, value]): [string, string] => [name, String(value)]);
        upstream.seen.push({
          line: `${headers[":method"]} ${headers[":path"]}`,
          headers: plainHeaders([...pairs, ["host", headers[":authority"] ?? ""]]),
          body: Buffer.concat(chunks).toString("latin1"),
          trailers: [],
        });
        void respondGrpc(stream, answer());
      });
    });
    return upstream;
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

async function respondGrpc(stream: ServerHttp2Stream, script: UpstreamScript): Promise<void> {
  if (script.delay !== undefined) await sleep(script.delay * factor);
  if (stream.destroyed || stream.closed) return; // the caller gave up
  if (script.grpc === undefined) {
    if (script.reset === true) stream.close(2);
    else stream.respond({ ":status": script.status ?? 200 }, { endStream: true, sendDate: false } as object);
    return;
  }
  const { messages = [], metadata = [], status, message = "" } = script.grpc;
  const end = { "grpc-status": String(status), ...(message !== "" && { "grpc-message": message }) };
  const headers = { ":status": 200, "content-type": "application/grpc", ...Object.fromEntries(metadata) };
  if (messages.length === 0 && status !== 0) {
    stream.respond({ ...headers, ...end }, { endStream: true, sendDate: false } as object);
    return;
  }
  stream.respond(headers, { waitForTrailers: true, sendDate: false } as object);
  stream.on("wantTrailers", () => stream.sendTrailers(end));
  for (const text of messages) {
    await sleep(GAP);
    const frame = Buffer.alloc(5 + text.length);
    frame.writeUInt32BE(text.length, 1);
    frame.write(text, 5, "latin1");
    stream.write(frame);
  }
  await sleep(GAP);
  stream.end();
}

/** A TCP upstream that says everything back. */
async function startTcpEcho(): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).pipe(socket, { end: false });
    // The last bytes and the end must not arrive as one.
    socket.on("end", () => setTimeout(() => socket.end(), GAP));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Does a connection's steps. */
async function connectInEnvoy(port: number, steps: readonly string[]): Promise<WireResult> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).setNoDelay(true);
  let received = "";
  let ended = false;
  socket.setEncoding("latin1").on("data", (text) => (received += String(text)));
  socket.on("end", () => (ended = true)).on("error", () => undefined);
  socket.on("close", () => (ended = true));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  await sleep(4 * GAP);
  for (const step of steps) {
    if (step.startsWith("send ")) socket.write(step.slice(5), "latin1");
    else if (step === "end") socket.end();
    else if (step === "reset") socket.resetAndDestroy();
    await sleep(3 * GAP);
  }
  await sleep(3 * GAP);
  const complete = ended;
  socket.destroy();
  return { status: 0, headers: [], body: received, trailers: [], complete };
}

function describe(request: IncomingMessage, body: Buffer): SeenRequest {
  return {
    line: `${request.method} ${request.url}`,
    headers: plainHeaders(pairsOf(request.rawHeaders)),
    body: body.toString("latin1"),
    trailers: plainHeaders(pairsOf(request.rawTrailers)),
  };
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) pairs.push([raw[i]!.toLowerCase(), raw[i + 1]!]);
  return pairs;
}

/** Writes a response byte by byte as the scenario has it: Node would add headers of its own. */
async function respond(response: ServerResponse, script: UpstreamScript): Promise<void> {
  const socket = response.socket!;
  socket.on("error", () => undefined);
  if (script.delay !== undefined) await sleep(script.delay * factor);
  if (script.reset === true && script.status === undefined) {
    socket.destroy();
    return;
  }
  const status = script.status ?? 200;
  const headers = [...(script.headers ?? [])];
  const body = script.body ?? [];
  const isChunked = script.trailers !== undefined || script.reset === true;
  const isFramed = headers.some(([name]) => name === "content-length" || name === "transfer-encoding");
  if (isChunked) headers.push(["transfer-encoding", "chunked"]);
  else if (!isFramed && status !== 204 && status !== 304)
    headers.push(["content-length", String(body.join("").length)]);
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} Status\r\n${head}\r\n`, "latin1");
  const chunked = isChunked || headers.some(([name]) => name === "transfer-encoding");
  for (const chunk of body) {
    await sleep(GAP);
    socket.write(chunked ? `${chunk.length.toString(16)}\r\n${chunk}\r\n` : chunk, "latin1");
  }
  await sleep(GAP);
  if (script.reset === true) socket.destroy();
  else if (chunked) {
    const trailers = (script.trailers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.end(`0\r\n${trailers}\r\n`, "latin1");
  } else socket.end();
}

/** Sends one request in pieces and takes all that comes. */
async function exchange(port: number, scenario: Scenario, request: RequestScript): Promise<WireResult> {
  const body = [...(request.body ?? []), ...(request.fill === undefined ? [] : ["x".repeat(request.fill)])];
  const method = request.method ?? (request.body === undefined ? "GET" : "POST");
  const lines = [`${method} ${request.path ?? "/"} HTTP/1.1`, "host: example.test", "connection: close"];
  const chunked = request.trailers !== undefined;
  if (chunked) lines.push("transfer-encoding: chunked", "te: trailers");
  else if (body.length > 0) lines.push(`content-length: ${body.join("").length}`);
  lines.push(`x-case: ${scenario.name}`);
  for (const [name, value] of [...scriptHeaders(scenario, request), ...(request.headers ?? [])])
    lines.push(`${name}: ${value}`);
  let received = "";
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("data", (text) => (received += String(text)));
  socket.on("error", () => undefined);
  const timer = setTimeout(() => socket.destroy(), request.cut === undefined ? HANG : request.cut * factor);
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", () => resolve());
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  for (const chunk of body) {
    await sleep(GAP);
    socket.write(chunked ? `${chunk.length.toString(16)}\r\n${chunk}\r\n` : chunk, "latin1");
  }
  if (chunked) {
    await sleep(GAP);
    const trailers = request.trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.write(`0\r\n${trailers}\r\n`, "latin1");
  }
  await closed;
  clearTimeout(timer);
  return parse(received, method);
}

function parse(raw: string, method: string): WireResult {
  const end = raw.indexOf("\r\n\r\n");
  const [first = "", ...lines] = raw.slice(0, Math.max(end, 0)).split("\r\n");
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+/, "")];
  });
  const content = end < 0 ? "" : raw.slice(end + 4);
  const isChunked = pairs.some(([name, value]) => name === "transfer-encoding" && value === "chunked");
  const length = pairs.find(([name]) => name === "content-length")?.[1];
  const decoded = isChunked
    ? unchunk(content)
    : { body: content, trailers: [], complete: method === "HEAD" || Number(length ?? 0) <= content.length };
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? 0),
    headers: plainHeaders(pairs),
    body: decoded.body,
    trailers: plainHeaders(decoded.trailers),
    complete: end >= 0 && decoded.complete,
  };
}

function unchunk(content: string): { body: string; trailers: [string, string][]; complete: boolean } {
  let body = "";
  for (let at = 0; ;) {
    const size = /^([0-9a-f]+)\r\n/i.exec(content.slice(at, at + 20));
    if (size === null) return { body, trailers: [], complete: false };
    const length = Number.parseInt(size[1]!, 16);
    at += size[0].length;
    if (length === 0) {
      const rest = content.slice(at);
      const trailers = rest
        .split("\r\n")
        .filter((line) => line.includes(":"))
        .map((line): [string, string] => [line.split(":")[0]!, line.slice(line.indexOf(":") + 1).trim()]);
      return { body, trailers, complete: rest.endsWith("\r\n") };
    }
    body += content.slice(at, at + length);
    at += length + 2;
  }
}

/** Runs scenarios, which have one group key, one after the other in one Envoy. */
export async function runInEnvoy(
  path: string,
  scenarios: readonly Scenario[],
  wasm: string,
  patience = 1,
  /** Gets the log of each scenario, with the start of Envoy before it. */
  keep: (scenario: Scenario, log: string) => void = () => undefined,
): Promise<Map<string, Outcome>> {
  setPatience(patience);
  const first = scenarios[0]!;
  let current = first;
  const upstream = await Upstream.start(() => current.upstream ?? {});
  const auth = await Upstream.start(() => current.calls ?? {});
  const grpc = await GrpcUpstream.start(() => current.calls ?? {});
  const tcp = await startTcpEcho();
  const plugin = ([name, settings]: [string, FilterSettings]): WasmPlugin => ({
    ...settings,
    wasm,
    name,
    configuration: configurationOf(name, settings),
  });
  const filters = filtersOf(first).map(plugin);
  const envoy = await Envoy.start({
    envoy: path,
    ...(first.tcp === undefined ? { filters } : { tcpFilters: filters, upstream: tcp.port }),
    accessLoggers: Object.entries(first.accessLoggers ?? {}).map(plugin),
    ...(first.upstream !== undefined && { upstream: upstream.port }),
    clusters: { auth: auth.port, grpcup: grpc.port, dead: 1 },
    wasmLogLevel: "trace",
    connectionManager: {
      delayed_close_timeout: "0.02s",
      ...(first.accessLoggers === undefined && {
        access_log: [
          {
            name: "stderr",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
              log_format: {
                text_format_source: { inline_string: "access-log %RESPONSE_CODE_DETAILS%\n" },
              },
            },
          },
        ],
      }),
    },
    edit: (config) => {
      const none = { name: "none", type: "STATIC", load_assignment: { cluster_name: "none" } };
      config.static_resources.clusters.push(none);
      for (const cluster of config.static_resources.clusters)
        if (!cluster.name.startsWith("grpc")) cluster.typed_extension_protocol_options = http1;
      if (first.bufferLimit === undefined) return;
      config.static_resources.listeners[0].per_connection_buffer_limit_bytes = first.bufferLimit;
    },
  });
  const outcomes = new Map<string, Outcome>();
  let start: string | undefined;
  try {
    for (const scenario of scenarios) {
      current = scenario;
      upstream.seen.length = 0;
      auth.seen.length = 0;
      grpc.seen.length = 0;
      await quiet(envoy);
      const from = envoy.log.length;
      start ??= envoy.log;
      const wire: WireResult[] = [];
      if (scenario.tcp !== undefined) wire.push(await connectInEnvoy(envoy.tcpPort, scenario.tcp));
      for (const request of scenario.tcp === undefined ? scenario.requests : []) {
        if (request.pause !== undefined) await sleep(request.pause);
        wire.push(await exchange(envoy.port, scenario, request));
        await quiet(envoy);
        if (scenario.calls?.delay !== undefined) {
          await sleep(scenario.calls.delay * factor);
          await quiet(envoy);
        }
      }
      if (scenario.settle !== undefined) await sleep(scenario.settle);
      if (scenario.tcp !== undefined) await quiet(envoy);
      // An Envoy that is dying still counts as alive for a moment, and does not answer.
      const metrics = envoy.isAlive
        ? await metricsOf(envoy).catch(async () => {
            await Promise.race([envoy.ended, sleep(5000)]);
            return {};
          })
        : {};
      const log = envoy.log.slice(from);
      keep(scenario, start + log);
      outcomes.set(scenario.name, {
        trace: plainTrace(traceOf(log), rootCount(scenario)),
        logs: once(scenario, logsOf(scenario.startup === true ? envoy.log : log)),
        wire,
        upstream: [...upstream.seen, ...auth.seen, ...grpc.seen],
        details: [...log.matchAll(/^access-log (.*)$/gm)].map(([, details]) =>
          details === "-" ? "" : details!,
        ),
        metrics,
        crashed: !envoy.isAlive,
      });
    }
  } finally {
    await envoy.stop();
    await upstream.close();
    await auth.close();
    await grpc.close();
    tcp.close();
  }
  return outcomes;
}

/** Waits until nothing more is logged. */
async function quiet(envoy: Envoy): Promise<void> {
  let length = -1;
  for (let i = 0; i < 50 && length !== envoy.log.length; i++) {
    length = envoy.log.length;
    await sleep(3 * GAP);
  }
}

function traceOf(log: string): string[] {
  return [...log.matchAll(/^\[trace\]\[wasm\] (?:\[[^\]]*\] )?(\[(?:host|vm).*)$/gm)].map(
    ([, line]) => line!,
  );
}

function logsOf(log: string): string[] {
  const logs: string[] = [];
  for (const entry of log.split(/\n(?=\[[a-z]+\]\[[a-z_0-9]+\] |access-log )/)) {
    const parts = /^\[([a-z]+)\]\[wasm\] (?:\[[^\]]*\] )?wasm log ?([^:]*): ([^]*?)\n?$/.exec(entry);
    if (parts !== null)
      logs.push(`${parts[1] === "warning" ? "warn" : parts[1]} ${parts[2]!.trim()}: ${parts[3]}`);
  }
  return logs;
}

async function metricsOf(envoy: Envoy): Promise<Record<string, string>> {
  const text = await envoy.admin("/stats?filter=wasmcustom");
  return Object.fromEntries([...text.matchAll(/^wasmcustom\.([^:]*): (\d+)$/gm)].map(([, k, v]) => [k!, v!]));
}
