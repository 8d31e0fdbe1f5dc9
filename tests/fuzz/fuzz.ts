/**
 * Random calls of the public API in a real Envoy: whatever they are, it must stay alive, answer, end each stream, and pass
 * on nothing that splits a message. `npm run fuzz -- MINUTES [SEED]` runs it for longer; with `FUZZ_TRACE=FILE` it keeps
 * the trace of a round that failed.
 */
import { writeFileSync } from "node:fs";
import type { WasmPlugin } from "../../src/envoy/index.js";
import { Envoy } from "../../src/envoy/index.js";
import type { EchoUpstream } from "../../src/echo.js";
import { startEcho } from "../../src/echo.js";
import { compileFilter } from "../support/compile.js";
import { passTrailers } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { freePort } from "../support/ports.js";

/** A repeatable source of numbers (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What went wrong, with the seed of the round that it happened in. */
export class FuzzFailure extends Error {}

/**
 * What the filter holds it lets go on every 25 ms, and calls end within 300 ms. An exchange in which nothing comes for 15
 * seconds is over: a stream that takes longer than this hangs.
 */
const PATIENCE = 14_900;

/** One request as bytes; the path says how the upstream answers. */
function message(random: (below: number) => number, seed: number): string {
  const method = ["GET", "POST", "HEAD", "PUT"][random(4)]!;
  const lines = [
    `${method} /fuzz/${random(6)} HTTP/1.1`,
    "host: example.test",
    "connection: close",
    `x-seed: ${seed}`,
    "x-a: 1",
    "x-a: 2",
  ];
  if (random(8) === 0) lines.push("content-type: application/grpc");
  if (method === "GET" || method === "HEAD") return `${lines.join("\r\n")}\r\n\r\n`;
  const body = "GET /smuggled HTTP/1.1\r\nhost: evil\r\n\r\n".repeat(1 + random(random(5) === 0 ? 3000 : 4));
  if (random(2) === 0) return `${[...lines, `content-length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`;
  const half = Math.floor(body.length / 2);
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  const trailers = random(2) === 0 ? "x-trailer: 1\r\n" : "";
  const head = [...lines, "transfer-encoding: chunked"].join("\r\n");
  return `${head}\r\n\r\n${chunk(body.slice(0, half))}${chunk(body.slice(half))}0\r\n${trailers}\r\n`;
}

function startUpstream(): Promise<EchoUpstream> {
  return startEcho((incoming, response) => {
    response.on("error", () => undefined);
    const kind = /^\/fuzz\/(\d)/.exec(incoming.path)?.[1];
    if (kind === "1") return void response.destroy();
    // Some of what the filter makes of a request lets Node send no chunks, and so no trailers.
    if (kind === "2" && incoming.method !== "HEAD" && response.useChunkedEncodingByDefault) {
      response.writeHead(200, { trailer: "x-trailer" });
      response.write("chunk ");
      response.addTrailers({ "x-trailer": "1" });
      return void setTimeout(() => response.end("end"), 5);
    }
    if (kind === "3") return void response.writeHead(204).end();
    if (kind === "4") return void setTimeout(() => response.end("late".repeat(20_000)), 10);
    response.setHeader("x-a", "1");
    response.end("fine");
  });
}

/** Sends `count` random requests, 16 at a time; throws `FuzzFailure` at the first thing that is wrong. */
export async function fuzz(envoyPath: string, seed: number, count: number): Promise<void> {
  const random = randomFrom(seed);
  const wasm = await compileFilter("tests/envoy/filters/fuzz.ts");
  const upstream = await startUpstream();
  const side = await startUpstream();
  const raw = await startUpstream();
  const plugin = (rootId: string): WasmPlugin => ({ wasm, rootId, vmId: "fuzz" });
  const envoy = await Envoy.start({
    envoy: envoyPath,
    filters: [
      {
        ...plugin(""),
        ...(random(2) === 0 && { allowOnHeadersStopIteration: true }),
      },
    ],
    tcpFilters: [plugin("connections")],
    accessLoggers: [plugin("log")],
    statsSinks: [plugin("sink")],
    upstream: upstream.port,
    clusters: {
      side: side.port,
      closed: await freePort(),
      "grpc-side": side.port,
      users: side.port,
      raw: raw.port,
    },
    // One worker thread, so that context numbers in the trace are unique.
    ...(process.env["FUZZ_TRACE"] !== undefined && { concurrency: 1 }),
    wasmLogLevel: process.env["FUZZ_TRACE"] === undefined ? "critical" : "trace",
    connectionManager: { delayed_close_timeout: "0.02s" },
    edit: (config) => {
      passTrailers(config);
      const [tcp] = config.static_resources.listeners[1].filter_chains;
      tcp.filters.at(-1).typed_config.cluster = "raw";
      config.stats_flush_interval = "0.25s";
      config.static_resources.clusters.push({ name: "empty", type: "STATIC" });
    },
  });
  try {
    let sent = 0;
    const worker = async (): Promise<void> => {
      while (sent < count) {
        const number = sent++;
        const bytes = message(random, random(0xffffffff));
        // Some go through the network filter, which may make anything of them: to an upstream of its own.
        const port = random(6) === 0 ? envoy.tcpPort : envoy.port;
        const cut = random(5) === 0 || port === envoy.tcpPort ? random(60) : undefined;
        const started = Date.now();
        const response = await exchange(port, bytes, cut);
        const where = `seed ${seed}, request ${number}:\n${bytes.slice(0, 400)}\n`;
        if (!envoy.isAlive)
          throw new FuzzFailure(
            `Envoy died. ${where}${envoy.lastLog(Number(process.env["FUZZ_LINES"] ?? 60))}`,
          );
        if (/ failed: /.test(envoy.log)) throw new FuzzFailure(`The VM died. ${where}${envoy.lastLog(60)}`);
        if (port === envoy.port && /[\r\n]x-evil/i.test(response.split("\r\n\r\n")[0]!))
          throw new FuzzFailure(`A split response. ${where}${response.slice(0, 800)}`);
        if (cut === undefined && Date.now() - started > PATIENCE)
          throw new FuzzFailure(
            `A stream takes ${Date.now() - started} ms. ${where}\n--- came: ${response.slice(0, 800)}`,
          );
        for (const request of [...upstream.requests.splice(0), ...side.requests.splice(0)]) {
          const evil = request.path === "/smuggled" || request.headers.some(([name]) => name === "x-evil");
          if (evil)
            throw new FuzzFailure(`A smuggled request. ${where}${JSON.stringify(request).slice(0, 800)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const active = await envoy.stat("http.http.downstream_rq_active");
    for (let i = 0; i < 100 && (await envoy.stat("http.http.downstream_rq_active")) !== 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if ((await envoy.stat("http.http.downstream_rq_active")) !== 0)
      throw new FuzzFailure(`${active} streams never end. seed ${seed}`);
  } catch (error) {
    const trace = process.env["FUZZ_TRACE"];
    if (trace !== undefined) writeFileSync(trace, envoy.log);
    throw error;
  } finally {
    await envoy.stop();
    await upstream.close();
    await side.close();
    await raw.close();
  }
}
