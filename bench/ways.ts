/**
 * `npm run bench:ways`: other ways of doing in Envoy what the filter `hdr` does (403 to `/denied`, one response header), as time: Envoy's own
 * filters, Lua, and services on the same machine that Envoy asks, by `ext_authz` and `ext_proc`. Ours is in it twice: what differs by less
 * than these two means nothing.
 *
 * Options: `--rounds N` (7): each is started afresh in a round; `--requests N` (2,000) of one connection, one after the other. Prints a
 * table in Markdown.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import type { Bootstrap } from "../src/envoy/index.js";
import { cluster, findEnvoy } from "../src/envoy/index.js";
import { envoyCache } from "../tests/support/envoy.js";
import { builtIn } from "./envoy/callgrind.js";
import type { Candidate } from "./envoy/load.js";
import { rangeOf, runningTime, withEnvoy, workerOf } from "./envoy/load.js";
import { buildOurs, buildRust } from "./peers.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    requests: { type: "string", default: "2000" },
  },
});
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const progress = (line: string): void => console.error(`  ${line}`);
const TYPE = "type.googleapis.com/envoy.extensions.filters.http";

/** The parts of Envoy's external_processor.proto that are needed here. */
const protocol = protobuf.parse(
  `syntax = "proto3"; package envoy.service.ext_proc.v3;
  message HeaderValue { string key = 1; string value = 2; bytes raw_value = 3; }
  message HeaderMap { repeated HeaderValue headers = 1; }
  message HttpHeaders { HeaderMap headers = 1; bool end_of_stream = 3; }
  message ProcessingRequest { HttpHeaders request_headers = 2; HttpHeaders response_headers = 3; }
  message HeaderValueOption { HeaderValue header = 1; }
  message HeaderMutation { repeated HeaderValueOption set_headers = 1; }
  message CommonResponse { HeaderMutation header_mutation = 2; }
  message HeadersResponse { CommonResponse response = 1; }
  message HttpStatus { int32 code = 1; }
  message ImmediateResponse { HttpStatus status = 1; }
  message ProcessingResponse {
    HeadersResponse request_headers = 1; HeadersResponse response_headers = 2; ImmediateResponse immediate_response = 7;
  }`,
  { keepCase: true },
).root;
const asked = protocol.lookupType("envoy.service.ext_proc.v3.ProcessingRequest");
const answer = protocol.lookupType("envoy.service.ext_proc.v3.ProcessingResponse");

interface Headers {
  readonly headers: { readonly headers: readonly { key: string; value: string; raw_value: Uint8Array }[] };
}

interface Asked {
  readonly request_headers?: Headers;
  readonly response_headers?: Headers;
}

/** What the processor says to a message of Envoy. */
function processed(message: Asked): object {
  if (message.request_headers !== undefined) {
    const path = message.request_headers.headers.headers.find(({ key }) => key === ":path");
    const text = path === undefined ? "" : path.value || Buffer.from(path.raw_value).toString();
    return text === "/denied" ? { immediate_response: { status: { code: 403 } } } : { request_headers: {} };
  }
  const header = { key: "x-wasm", raw_value: Buffer.from("1") };
  return { response_headers: { response: { header_mutation: { set_headers: [{ header }] } } } };
}

/** A processor that Envoy asks about headers, by gRPC; answers its port. */
async function startProcessor(): Promise<{ port: number; stop(): void }> {
  const server = new Server();
  const definition = {
    Process: {
      path: "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
      ...{ requestStream: true, responseStream: true },
      requestSerialize: (message: object) => Buffer.from(asked.encode(message).finish()),
      requestDeserialize: (bytes: Buffer) => asked.toObject(asked.decode(bytes)),
      responseSerialize: (message: object) => Buffer.from(answer.encode(message).finish()),
      responseDeserialize: (bytes: Buffer) => answer.toObject(answer.decode(bytes)),
    },
  };
  server.addService(definition, {
    Process: (call: ServerDuplexStream<Asked, object>) => {
      call.on("data", (message: Asked) => call.write(processed(message)));
      call.on("end", () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
}

/** A service that Envoy asks whether a request may pass, by HTTP. */
async function startAuthorizer(): Promise<{ port: number; stop(): void }> {
  const server = createServer((incoming, response) => {
    response.writeHead(incoming.url === "/denied" ? 403 : 200, { "x-wasm": "1" }).end();
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => server.closeAllConnections() };
}

/** Puts a filter of Envoy's own in front of the others, and a cluster that it asks. */
const inFront =
  (typed_config: object, ...clusters: object[]) =>
  (config: Bootstrap): void => {
    const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    (manager.http_filters as unknown[]).unshift({ name: "own", typed_config });
    (config.static_resources.clusters as unknown[]).push(...clusters);
  };

/** Sends requests one after the other; answers the status and the header of the last. */
async function send(port: number, count: number, path = "/api/v1/items?id=42"): Promise<[number, unknown]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let last: [number, unknown] = [0, undefined];
  for (let i = 0; i < count; i++)
    last = await new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, agent }, (response) => {
        const { statusCode, headers } = response;
        response.resume().on("end", () => resolve([statusCode!, headers["x-wasm"]]));
      })
        .on("error", reject)
        .end();
    });
  agent.destroy();
  return last;
}

const envoy = findEnvoy(envoyCache);
if (envoy.path === undefined) throw new Error(envoy.reason);
const ours = (await buildOurs(["hdr"])).filters["hdr"]!;
const rust = buildRust(["hdr"], progress);
const authorizer = await startAuthorizer();
const processor = await startProcessor();

const authz = {
  "@type": `${TYPE}.ext_authz.v3.ExtAuthz`,
  http_service: {
    server_uri: { uri: `127.0.0.1:${authorizer.port}`, cluster: "authz", timeout: "5s" },
    authorization_response: { allowed_client_headers_on_success: { patterns: [{ exact: "x-wasm" }] } },
  },
};
const proc = {
  "@type": `${TYPE}.ext_proc.v3.ExternalProcessor`,
  grpc_service: { envoy_grpc: { cluster_name: "grpc-proc" }, timeout: "5s" },
  message_timeout: "5s",
  processing_mode: { request_header_mode: "SEND", response_header_mode: "SEND" },
};

interface Way extends Candidate {
  /** Whether it adds the header, and refuses. */
  readonly adds: boolean;
  readonly denies: boolean;
}

const ways: Way[] = [
  { name: "nothing", wasm: undefined, adds: false, denies: false },
  {
    name: "Envoy's header_mutation (the header only)",
    ...{ wasm: undefined, adds: true, denies: false, adapt: inFront(builtIn.native) },
  },
  { name: "Lua", wasm: undefined, adds: true, denies: true, adapt: inFront(builtIn.lua) },
  { name: "proxy-wasm-as", wasm: ours, adds: true, denies: true },
  { name: "proxy-wasm-as, again", wasm: ours, adds: true, denies: true },
  ...(rust.missing === undefined
    ? [{ name: "Rust, proxy-wasm 0.2.5", wasm: rust.filters["hdr"], adds: true, denies: true }]
    : []),
  {
    name: "ext_authz, HTTP, a Node service on loopback",
    ...{ wasm: undefined, adds: true, denies: true },
    adapt: inFront(authz, cluster("authz", authorizer.port)),
  },
  {
    name: "ext_proc, gRPC, a Node service on loopback",
    ...{ wasm: undefined, adds: true, denies: true },
    adapt: inFront(proc, cluster("grpc-proc", processor.port)),
  },
];

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-ways-"));
const taken = ways.map((): { clock: number[]; worker: number[] } => ({ clock: [], worker: [] }));
try {
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const [i, way] of ways.entries())
      await withEnvoy(way, { envoy: envoy.path }, folder, async (pid, port) => {
        const [status, header] = await send(port, Math.ceil(requests / 10)); // warms up
        assert.deepEqual([status, header], [200, way.adds ? "1" : undefined], way.name);
        if (way.denies) assert.equal((await send(port, 1, "/denied"))[0], 403, way.name);
        const worker = workerOf(pid);
        const before = runningTime(pid, worker);
        const began = performance.now();
        await send(port, requests);
        taken[i]!.clock.push(((performance.now() - began) * 1000) / requests);
        taken[i]!.worker.push(((runningTime(pid, worker) - before) * 1000) / requests);
      });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  processor.stop();
  authorizer.stop();
}

console.log(`Envoy ${envoy.version}, ${rounds} rounds of ${requests} requests, one after the other\n`);
console.log("| way | µs by the clock | µs of the worker |\n| --- | --: | --: |");
for (const [i, { name }] of ways.entries()) {
  const cells = [taken[i]!.clock, taken[i]!.worker].map((all) => {
    const { median, min, max } = rangeOf(all);
    return `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
  });
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
process.exit(0);
