/** A local proxy and an Envoy with the same filter and upstreams: what clients, filters and access logs see of each. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { ServedRequest } from "../../src/host/server/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compilePuppet } from "../parity/puppet.js";
import { envoyVersion, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { until } from "../support/wait.js";

export interface Case {
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
    add(headers);
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

export interface Upstream {
  readonly host: string;
  readonly port: number;
  readonly http2?: boolean;
}

/** Sends all cases to an Envoy and to a local proxy with the same upstream, and compares what comes. */
export async function compare(
  t: TestContext,
  upstream: Upstream,
  cases: readonly Case[],
  clusters: Readonly<Record<string, Upstream>> = { auth: upstream },
): Promise<void> {
  const wasm = await compilePuppet();
  const folder = mkdtempSync(join(tmpdir(), "protocols-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, "access.log");
  const filters = [{ wasm, name: "script", configuration: "script|" }];
  const envoy = await startEnvoy(t, {
    filters,
    upstream,
    clusters,
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
    envoy: envoyVersion,
    filters,
    upstream,
    clusters,
    onRequest: (one) => served.push(one),
    onLog: ({ ofModule, message }) => void (ofModule && logs.push(message)),
  });
  t.after(() => server.close());
  const differences: string[] = [];
  for (const one of cases) {
    const before = envoy.wasmLogs.length;
    const [wanted, is] = [await see(envoy.port, one), await see(server.port, one)];
    await until(() => served.length > 0);
    await until(() => readLines(log).length > cases.indexOf(one));
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
  // Whole, which assert's own messages are not.
  if (differences.length > 0)
    assert.fail(`${differences.length} of ${cases.length}\n${differences.join("\n")}`);
}

/** Envoy writes its access log every second by itself. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

export const both = (path: string, script?: string, body?: string): Case[] =>
  (["HTTP/1.1", "HTTP/2"] as const).map((protocol) => ({
    protocol,
    path,
    ...(script !== undefined && { script }),
    ...(body !== undefined && { body }),
  }));
