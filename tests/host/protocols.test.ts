/** The local proxy and Envoy, side by side, where the protocol matters: HTTP/2, trailers, and upstreams that break off. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerHttp2Stream } from "node:http2";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { createServer as createTcp } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServedRequest } from "../../src/host/server/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compilePuppet } from "../parity/puppet.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

/** What an upstream does, by the path. */
const http1Answers: Readonly<Record<string, string>> = {
  "/ok": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nserver: nginx\r\nx-b: \xc3\xa9\r\n\r\nok",
  "/trailers":
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-one: 1\r\nx-two: 2\r\nx-two: 3\r\n\r\n",
  "/short": "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
  "/short-chunks": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
  "/nothing": "",
};

const http2Answers: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  "/ok": (stream) => {
    stream.respond({ ":status": 200, "x-b": "1" });
    stream.end("ok");
  },
  "/cancel": (stream) => stream.close(8),
  "/refuse": (stream) => stream.close(7),
  "/internal": (stream) => stream.close(2),
  "/cancel-later": (stream) => {
    stream.respond({ ":status": 200 });
    stream.write("ok");
    setTimeout(() => stream.close(8), 50);
  },
  "/gone": (stream) => stream.session!.destroy(),
};

async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function startHttp1(t: TestContext): Promise<number> {
  const server = createTcp((socket) => {
    let seen = "";
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      seen += bytes.toString("latin1");
      const path = /^[A-Z]+ (\/\S*) HTTP/.exec(seen)?.[1];
      if (path === undefined || !seen.includes("\r\n\r\n")) return;
      seen = "";
      const text = http1Answers[path.split("?")[0]!] ?? http1Answers["/ok"]!;
      socket.write(text, "latin1");
      if (/^\/(short|nothing)/.test(path)) setTimeout(() => socket.end(), 50);
    });
  });
  return listen(t, server);
}

async function startHttp2(t: TestContext): Promise<number> {
  const server = createHttp2();
  server.on("session", (session) => {
    session.on("error", () => undefined);
    t.after(() => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    stream.resume();
    (http2Answers[headers[":path"]!.split("?")[0]!] ?? http2Answers["/ok"]!)(stream);
  });
  return listen(t, server as unknown as Server);
}

interface Case {
  readonly protocol: "HTTP/1.1" | "HTTP/2";
  readonly path: string;
  readonly script?: string;
  readonly body?: string;
}

interface Seen {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: string;
  /** "whole", or how it was cut. */
  readonly end: string;
  readonly details?: string;
  readonly logs?: readonly string[];
}

const plain = /^(x-(?!request-id|envoy)|server$|content-|grpc-)/;

async function overHttp1(port: number, { path, script, body }: Case): Promise<Seen> {
  const headers: [string, string][] = [["te", "trailers"]];
  if (script !== undefined) headers.push(["x-script", script]);
  const method = body === undefined ? "GET" : "POST";
  const response = await request(port, { method, path, headers, ...(body !== undefined && { body }) });
  const fields = response.headers.map(([name, value]) => `${name}: ${value}`);
  const trailers = /\r\n0\r\n([^]*)\r\n$/.exec(response.raw)?.[1] ?? "";
  return {
    status: response.status,
    fields: [...fields, ...trailers.split("\r\n")].filter((field) => plain.test(field.split(":")[0]!)),
    body: response.body,
    end: response.complete ? "whole" : "cut",
  };
}

async function overHttp2(port: number, { path, script, body }: Case): Promise<Seen> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on("error", () => undefined);
  const stream = session.request(
    {
      ":method": body === undefined ? "GET" : "POST",
      ":path": path,
      ":authority": "example.test",
      ...(script !== undefined && { "x-script": script }),
    },
    { endStream: body === undefined },
  );
  if (body !== undefined) stream.end(body);
  const fields: string[] = [];
  let status = 0;
  let text = "";
  const add = (headers: NodeJS.Dict<string | string[]>): void => {
    for (const [name, value] of Object.entries(headers))
      if (plain.test(name)) fields.push(...[value ?? []].flat().map((one) => `${name}: ${one}`));
  };
  stream.on("response", (headers) => {
    status = headers[":status"]!;
    add(headers as NodeJS.Dict<string | string[]>);
  });
  stream.on("trailers", (headers) => add(headers as NodeJS.Dict<string | string[]>));
  stream.setEncoding("utf8").on("data", (part) => (text += String(part)));
  stream.on("error", () => undefined);
  const timer = setTimeout(() => stream.close(8), 5000);
  await new Promise((resolve) => stream.on("close", resolve));
  clearTimeout(timer);
  session.close();
  const { rstCode } = stream;
  return { status, fields, body: text, end: rstCode === 0 && status > 0 ? "whole" : `reset ${rstCode}` };
}

const see = (port: number, one: Case): Promise<Seen> =>
  one.protocol === "HTTP/2" ? overHttp2(port, one) : overHttp1(port, one);

/** Sends all cases to an Envoy and to a local proxy with the same upstream, and compares what comes. */
async function compare(
  t: TestContext,
  upstream: { readonly host: string; readonly port: number; readonly http2?: boolean },
  cases: readonly Case[],
): Promise<void> {
  const wasm = await compilePuppet();
  const folder = mkdtempSync(join(tmpdir(), "protocols-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, "access.log");
  const filters = [{ wasm, name: "script", configuration: "script|" }];
  const envoy = await startEnvoy(t, {
    filters,
    upstream,
    clusters: { auth: upstream },
    connectionManager: {
      access_log: [
        {
          name: "file",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            path: log,
            log_format: { text_format_source: { inline_string: "%RESPONSE_CODE_DETAILS%\n" } },
          },
        },
      ],
    },
    edit: (config) => {
      const trailers = { enable_trailers: true };
      for (const cluster of config.static_resources.clusters)
        cluster.typed_extension_protocol_options ??= {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            explicit_http_config: { http_protocol_options: trailers },
          },
        };
    },
  });
  const served: ServedRequest[] = [];
  const logs: string[] = [];
  const server = await serveHost({
    filters,
    upstream,
    clusters: { auth: upstream },
    onRequest: (one) => served.push(one),
    onLog: ({ ofModule, message }) => void (ofModule && logs.push(message)),
  });
  t.after(() => server.close());
  const differences: string[] = [];
  for (const one of cases) {
    const before = envoy.wasmLogs.length;
    const [wanted, is] = [await see(envoy.port, one), await see(server.port, one)];
    for (let i = 0; i < 100 && served.length === 0; i++) await sleep(10);
    for (let i = 0; i < 300 && readLines(log).length < cases.indexOf(one) + 1; i++) await sleep(20);
    const expected = {
      ...wanted,
      details: readLines(log)[cases.indexOf(one)],
      logs: envoy.wasmLogs.slice(before).map(({ message }) => message),
    };
    const actual = { ...is, details: served.splice(0)[0]?.details, logs: logs.splice(0) };
    try {
      assert.deepEqual(actual, expected);
    } catch {
      differences.push(
        `${one.protocol} ${one.path} ${one.script ?? ""}\n  Envoy: ${JSON.stringify(expected)}\n  host:  ${JSON.stringify(actual)}`,
      );
    }
  }
  assert.equal(differences.join("\n"), "");
}

/** Envoy writes its access log every second by itself. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

const both = (path: string, script?: string, body?: string): Case[] =>
  (["HTTP/1.1", "HTTP/2"] as const).map((protocol) => ({
    protocol,
    path,
    ...(script !== undefined && { script }),
    ...(body !== undefined && { body }),
  }));

envoyTest("protocols: an HTTP/1 upstream, whole and cut, to clients of both protocols", async (t) => {
  await compare(t, { host: "127.0.0.1", port: await startHttp1(t) }, [
    ...both("/ok", "qh:get 0 :path|qb:bst 0|qe:bst 0|qt:size 1"),
    ...both("/ok", "qh:get 0 :path|qb:bst 0|qe:bst 0|qt:size 1", "abc"),
    ...both("/ok", "rh:get 2 server|rh:get 2 x-b"),
    ...both("/trailers", "rt:get 3 x-two"),
    ...both("/short"),
    ...both("/short-chunks"),
    ...both("/nothing"),
  ]);
});

envoyTest("protocols: a local response upon a local response", async (t) => {
  const bodies = ["401 first one", "401 first ~"];
  await compare(
    t,
    { host: "127.0.0.1", port: await startHttp1(t) },
    bodies.flatMap((first) => [
      ...both("/ok", `qh:local ${first}|rh:local 402 second two`),
      ...both("/ok", `qh:local ${first}|rb:local 402 second two`),
      ...both("/ok", `rh:local ${first}|rb:local 402 second two`),
      ...both("/ok", `qh:local ${first}|rh:local 402 second two`, "abc"),
    ]),
  );
});

envoyTest("protocols: an HTTP/2 upstream that resets", async (t) => {
  await compare(t, { host: "127.0.0.1", port: await startHttp2(t), http2: true }, [
    ...both("/ok", "qh:get 0 :path|qb:bst 0|rh:get 2 x-b"),
    ...both("/cancel"),
    ...both("/refuse"),
    ...both("/internal"),
    ...both("/cancel-later"),
    ...both("/gone"),
  ]);
});

envoyTest("protocols: nobody listens, by HTTP/1 and HTTP/2", async (t) => {
  const closed = createTcp();
  const dead = await new Promise<number>((resolve) =>
    closed.listen(0, "127.0.0.1", () => {
      const { port: free } = closed.address() as AddressInfo;
      closed.close(() => resolve(free));
    }),
  );
  for (const http2 of [false, true]) await compare(t, { host: "127.0.0.1", port: dead, http2 }, both("/ok"));
});
