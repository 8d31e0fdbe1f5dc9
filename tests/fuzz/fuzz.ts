/**
 * Random calls of the public API in a real Envoy: whatever they are, it must stay alive, answer, end each stream, and pass
 * on nothing that splits a message. `npm run fuzz -- MINUTES [SEED] [KIND]` runs it for longer; with `FUZZ_TRACE=FILE` it
 * keeps the trace of a round that failed.
 */
import { writeFileSync } from "node:fs";
import type { Bootstrap, EnvoyOptions } from "../../src/envoy/index.js";
import { Envoy, cluster } from "../../src/envoy/index.js";
import { passTrailers } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { freePort } from "../support/ports.js";
import type { Kind } from "./plugins.js";
import { pluginsOf } from "./plugins.js";
import { randomFrom } from "./random.js";
import { exchangeHttp2, message } from "./requests.js";
import { type Surroundings, surround } from "./surroundings.js";
import { startGrpc, startMetadata, startTunnels, startUpstream } from "./upstreams.js";

/** What went wrong, with the seed of the round that it happened in. */
export class FuzzFailure extends Error {}

/**
 * What the filter holds it lets go on every 25 ms, and calls end within 300 ms. An exchange in which nothing comes for 15
 * seconds is over: a stream that takes longer than this hangs. On a busy machine, `FUZZ_SECONDS` says more.
 */
const SILENCE = Number(process.env["FUZZ_SECONDS"] ?? 15) * 1000;
const PATIENCE = SILENCE - 100;

/** How often a kind's requests come by HTTP/2 with METADATA: one of so many; never when it is 0. */
const metadataEvery: Record<Kind, number> = {
  ...{ classes: 0, flow: 5, metadata: 1 },
  ...{ abort: 8, throws: 0, "flow-throws": 5 },
  ...{ chains: 0, "flow-chains": 0 },
};

/** The log has it of each bug that the filter does not have on purpose. */
const UNWANTED = /abort: .* at (?!tests\/envoy\/filters\/fuzz\/thrower\.ts:).*/;

function edit(config: Bootstrap, metadataPort: number, tunnelPort: number): void {
  // Those that are called have METADATA as well.
  config.static_resources.clusters.push(
    cluster("grpc-metadata", metadataPort),
    cluster("tunnels", tunnelPort),
  );
  for (const { typed_extension_protocol_options: options } of config.static_resources.clusters)
    for (const { explicit_http_config: http } of Object.values<Bootstrap>(options ?? {}))
      http.http2_protocol_options = { allow_metadata: true };
  passTrailers(config);
  const [manager, tcp] = config.static_resources.listeners.map(
    (listener: Bootstrap) => listener.filter_chains[0].filters,
  );
  manager[0].typed_config.route_config.virtual_hosts[0].routes.unshift(
    { match: { prefix: "/metadata" }, route: { cluster: "grpc-metadata" } },
    { match: { prefix: "/tunnel" }, route: { cluster: "tunnels" } },
  );
  // A VM that was aborted is there again before the next requests come.
  for (const { typed_config: filter } of manager[0].typed_config.http_filters)
    if (filter.config?.failure_policy === "FAIL_RELOAD")
      filter.config.reload_config = { backoff: { base_interval: "0.05s" } };
  if (tcp !== undefined) tcp.at(-1).typed_config.cluster = "raw";
  config.stats_flush_interval = "0.25s";
  config.static_resources.clusters.push({ name: "empty", type: "STATIC" });
}

/** Sends `count` random requests, 16 at a time; throws `FuzzFailure` at the first thing that is wrong. */
export async function fuzz(envoyPath: string, kind: Kind, seed: number, count: number): Promise<void> {
  const random = randomFrom(seed);
  const upstream = await startUpstream();
  const side = await startUpstream();
  const raw = await startUpstream();
  const grpc = await startGrpc(randomFrom(seed + 1));
  const metadata = await startMetadata(randomFrom(seed + 2));
  const tunnels = await startTunnels();
  const servers = [upstream, side, raw, grpc, metadata, tunnels];
  const plugins = await pluginsOf(kind, random);
  let around: Surroundings = { text: "", keepsEnds: true, tunnels: true };
  const options: EnvoyOptions = {
    envoy: envoyPath,
    ...plugins,
    upstream: upstream.port,
    clusters: {
      side: side.port,
      closed: await freePort(),
      "grpc-side": grpc.port,
      users: side.port,
      raw: raw.port,
    },
    // One worker thread, so that context numbers in the trace are unique.
    ...(process.env["FUZZ_TRACE"] !== undefined && { concurrency: 1 }),
    wasmLogLevel: process.env["FUZZ_TRACE"] === undefined ? "critical" : "trace",
    connectionManager: {
      delayed_close_timeout: "0.02s",
      http2_protocol_options: { allow_metadata: true },
      // What waits in a VM that was aborted, nobody else ends.
      ...(kind === "abort" && { stream_idle_timeout: "2s" }),
    },
    edit: (config) => {
      edit(config, metadata.port, tunnels.port);
      if (kind.endsWith("chains")) around = surround(config, random, plugins.accessLoggers![0]!);
    },
  };
  const envoy = await Envoy.start(options);
  try {
    let sent = 0;
    const check = (where: string): void => {
      if (!envoy.isAlive)
        throw new FuzzFailure(
          `Envoy died. ${where}${envoy.lastLog(Number(process.env["FUZZ_LINES"] ?? 60))}`,
        );
      const traps = envoy.log.match(/Function: \S+ failed: /g)?.length ?? 0;
      const aborts = envoy.log.match(/fuzz: on purpose/g)?.length ?? 0;
      if (traps > aborts) throw new FuzzFailure(`The VM died. ${where}${envoy.lastLog(60)}`);
      const bug = UNWANTED.exec(envoy.log);
      if (bug !== null) throw new FuzzFailure(`A bug. ${where}${bug[0]}`);
      if (/wrong: /.test(envoy.log))
        throw new FuzzFailure(`The filter says so. ${where}${/wrong: .*/.exec(envoy.log)![0]}`);
      for (const request of [...upstream.requests.splice(0), ...side.requests.splice(0)]) {
        const evil = request.path === "/smuggled" || request.headers.some(([name]) => name === "x-evil");
        if (evil)
          throw new FuzzFailure(`A smuggled request. ${where}${JSON.stringify(request).slice(0, 800)}`);
      }
    };
    /** One request by HTTP/1; some are cut. */
    const one = async (number: number): Promise<void> => {
      const bytes = message(random, random(0xffffffff), around.text !== "", around.tunnels);
      // Some go through the network filter, which may make anything of them: to an upstream of its own.
      const port = random(6) === 0 && envoy.tcpPort !== 0 ? envoy.tcpPort : envoy.port;
      const cut = random(5) === 0 || port === envoy.tcpPort ? random(60) : undefined;
      const started = Date.now();
      const response = await exchange(port, bytes, cut, undefined, SILENCE);
      const where = `${kind}, seed ${seed}, request ${number}, ${around.text}:\n${bytes.slice(0, 400)}\n`;
      check(where);
      if (port === envoy.port && /[\r\n]x-evil/i.test(response.split("\r\n\r\n")[0]!))
        throw new FuzzFailure(`A split response. ${where}${response.slice(0, 800)}`);
      if (cut === undefined && Date.now() - started > PATIENCE && around.keepsEnds)
        throw new FuzzFailure(
          `A stream takes ${Date.now() - started} ms. ${where}\n--- came: ${response.slice(0, 800)}`,
        );
    };
    /** Some requests by HTTP/2. */
    const several = async (number: number): Promise<void> => {
      const cut = random(5) === 0 ? random(60) : undefined;
      const started = Date.now();
      // Flows answer in callbacks of the response, which the upstream's METADATA forbids: see `Caller.someOfResponse`.
      await exchangeHttp2(envoy.port, random, kind === "metadata" ? "/metadata" : "", cut);
      const where = `${kind}, seed ${seed}, by HTTP/2, ${number}\n`;
      check(where);
      if (cut === undefined && Date.now() - started > PATIENCE)
        throw new FuzzFailure(`A stream takes ${Date.now() - started} ms. ${where}`);
    };
    const every = metadataEvery[kind];
    const worker = async (): Promise<void> => {
      while (sent < count) {
        const number = sent++;
        await (every > 0 && random(every) === 0 ? several(number) : one(number));
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    check(`${kind}, seed ${seed}, after the last request\n`);
    const active = (): Promise<number | undefined> =>
      envoy.stat("http.http.downstream_rq_active").catch((error: unknown) => {
        throw new FuzzFailure(
          `Envoy died. ${kind}, seed ${seed}, at the end: ${String(error)}${envoy.lastLog(60)}`,
        );
      });
    const deadline = Date.now() + SILENCE / 3;
    let left = await active();
    for (; left !== 0 && Date.now() < deadline; left = await active())
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (left !== 0) throw new FuzzFailure(`${left} streams never end. ${kind}, seed ${seed}, ${around.text}`);
  } catch (error) {
    const trace = process.env["FUZZ_TRACE"];
    if (trace !== undefined) writeFileSync(trace, envoy.log);
    throw error;
  } finally {
    await envoy.stop();
    for (const server of servers) await server.close();
  }
}
