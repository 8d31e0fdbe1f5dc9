/**
 * A callback that reads several headers asks for all of them at once. What it then answers is what the host answers to each
 * read by itself: the same filter, built both ways, is given the same random reads and writes.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Envoy } from "../../src/envoy/index.js";
import { CountingHost } from "../../src/count/index.js";
import { createHost } from "../../src/testing/index.js";
import { randomFrom } from "../fuzz/random.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { pass } from "../support/wait.js";

const text = readFileSync(join(root, "tests/envoy/filters/headers.ts"), "utf8");
const together = (): Promise<string> => compileFilterText(text);
/** A filter that seems to call the host by itself reads one by one. */
const oneByOne = (): Promise<string> => compileFilterText(`${text}\n// @external\n`);

type Pairs = [name: string, value: string][];

const names = [
  ...[
    "x-empty",
    "X-Empty",
    "x-two",
    "x-one",
    "x-absent",
    "x-new",
    "cookie",
    "accept",
    "ACCEPT",
    "user-agent",
  ],
  ...[
    ":path",
    ":authority",
    "host",
    "Host",
    ":method",
    ":scheme",
    ":status",
    "content-type",
    "server",
    "set-cookie",
  ],
  ...["x-request-id", "connection", "content-length", "x-Mixed-Case", "%c3%a9", "", "x^y", "x~y"],
];
const sent: Pairs = [
  ["x-empty", ""],
  ["x-two", "first"],
  ["accept", "text/html"],
  ["x-two", "second"],
  ["X-Mixed-Case", "Kept"],
  ["accept", "text/plain"],
  ["cookie", "a=1"],
  ["cookie", "b=2"],
  ["user-agent", "a browser"],
  ["x~y", "tilde"],
  ["x-one", "\xe9"],
];

function commands(seed: number): string {
  const random = randomFrom(seed);
  const name = (): string => names[random(names.length)]!;
  const value = (): string => ["", "v", "first", "/p?q=1", "203", "example.com"][random(6)]!;
  return Array.from({ length: 4 + random(20) }, () => {
    switch (random(14)) {
      case 0:
        return `set|${name()}|${value()}`;
      case 1:
        return `add|${name()}|${value()}`;
      case 2:
        return `remove|${name()}`;
      case 3:
        return random(4) === 0 ? `replaceAll|:path|/all|x-new|1|x-new|2` : `getAll|${name()}`;
      case 4:
        return "entries";
      case 5:
        return `getBytes|${name()}`;
      case 6:
        return `equals|${name()}|${value()}`;
      case 7:
        return `has|${name()}`;
      case 8:
        return `requestGet|${name()}`;
      default:
        return `get|${name()}`;
    }
  }).join(";");
}

/** What differs between two runs of the same request. */
const steady = (line: string): string =>
  line
    .replace(/x-envoy-upstream-service-time=\d+/g, "x-envoy-upstream-service-time=N")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/^(getBytes x-request-id) <[0-9a-f]*>/, "$1 ID");

const SEEDS = 250;

test("embedded host: reads from a copy of all headers are those of the host, with writes between them", async () => {
  const seen: string[][] = [];
  for (const wasm of [await together(), await oneByOne()]) {
    const logs: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const host = await createHost({ wasm });
      const headers: Pairs = [
        ...sent,
        ["x-request-id", "same"],
        ["x-do", commands(seed)],
        ["x-do-response", commands(seed + 100_000)],
      ];
      await host.request({ headers });
      logs.push(...host.logs.map(({ message }) => message));
    }
    seen.push(logs);
  }
  assert.ok(seen[0]!.length > SEEDS * 10);
  assert.deepEqual(seen[0], seen[1]);
});

envoyTest(
  "Envoy: reads from a copy of all headers are those of Envoy, with writes between them",
  async (t) => {
    const upstream = await startUpstream(t, (_, response) => {
      response.writeHead(200, [
        "x-two",
        "first",
        "x-two",
        "second",
        "set-cookie",
        "a=1",
        "set-cookie",
        "b=2",
        "server",
        "other",
        "date",
        "now",
      ]);
      response.end("fine");
    });
    const seen: string[][] = [];
    const send = async (envoy: Envoy): Promise<void> => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        await request(envoy.port, {
          headers: [...sent, ["x-do", commands(seed)], ["x-do-response", commands(seed + 100_000)]],
        });
      }
    };
    for (const wasm of [await together(), await oneByOne()]) {
      const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
      await send(envoy);
      await envoy.waitForLog(() => envoy.wasmLogs.length > SEEDS * 10);
      await pass(500, "no more may come");
      seen.push(envoy.wasmLogs.map(({ message }) => steady(message)));
    }
    assert.deepEqual(seen[0], seen[1]);
  },
);

const reads = (list: string): string => `
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Reads extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    let size = 0;
    for (let i = 0; i < 1; i++) {
      ${list
        .split(" ")
        .map(
          (name) =>
            `const ${name.replace(/\W/g, "_")} = this.request.headers.get("${name}"); if (${name.replace(/\W/g, "_")} !== null) size += ${name.replace(/\W/g, "_")}.length;`,
        )
        .join("\n      ")}
    }
    this.request.headers.set("x-size", size.toString());
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Reads>();
`;

const workOf = async (list: string, requests: number): Promise<CountingHost["work"]> => {
  const host = await CountingHost.start({ wasm: readFileSync(await compileFilterText(reads(list))) });
  for (let i = 0; i < requests; i++) host.request({});
  return host.work;
};

test("five headers that are there cost one allocation, those that are not none for long", async () => {
  const there = "user-agent accept accept-encoding authorization x-request-id";
  const one = await workOf(there, 1);
  assert.equal(one.allocations, 1);
  assert.equal((await workOf(there, 50)).allocations, 50);
  const absent = await workOf("x-a x-b x-c", 50);
  assert.ok(absent.allocations <= 2, `${absent.allocations}`);
});

const importsOf = async (wasm: string): Promise<string[]> =>
  WebAssembly.Module.imports(await WebAssembly.compile(readFileSync(wasm))).map(({ name }) => name);

test("what comes with a gRPC stream is asked for at once, too", async () => {
  const reading = (list: string): string => `
    import { GrpcStream, Headers, log, registerPlugin, PluginContext } from "proxy-wasm-as";
    class Reading extends GrpcStream {
      onInitialMetadata(metadata: Headers): void {
        ${list.replace(/\S+/g, (name) => `log.info(metadata.get("${name}") ?? "");`)}
      }
    }
    class Watching extends PluginContext {
      onConfigure(configuration: string): bool {
        this.grpcStream("service", "a.B", "Watch", new Reading());
        return true;
      }
    }
    registerPlugin<Watching>();`;
  for (const [list, expected] of [
    ["x-a", false],
    ["x-a x-b x-c x-d x-e", true],
  ] as const) {
    const imports = await importsOf(await compileFilterText(reading(list)));
    assert.equal(imports.includes("proxy_get_header_map_pairs"), expected, list);
  }
});

test("a filter that reads one header in a callback carries nothing of it", async () => {
  for (const [entry, expected] of [
    ["bench/filters/as/hdr.ts", false],
    ["bench/filters/as/headers60.ts", true],
  ] as const) {
    const imports = await importsOf(await compileFilter(entry));
    assert.equal(imports.includes("proxy_get_header_map_pairs"), expected, entry);
  }
});
