/** The tests of `load.test.ts`, and, with more requests, of `load.long.test.ts`. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { HostServer } from "../../src/host/server/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import type { LoadOptions } from "./load.js";
import { load } from "./load.js";
import { becomes, pass } from "../support/wait.js";

const paths = ["examples/hello/assembly/index.ts", "tests/envoy/filters/body.ts"];

async function filters(): Promise<{ wasm: string }[]> {
  const modules: { wasm: string }[] = [];
  for (const path of paths) modules.push({ wasm: await compileFilter(path) });
  return modules;
}

/** An upstream that says the body back. */
async function startUpstream(t: TestContext): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", () => undefined);
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      outgoing.writeHead(body.length % 7 === 0 ? 203 : 200, { "content-length": body.length }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function settle(server: HostServer): Promise<void> {
  await becomes(() => server.openStreams, 0);
}

/** How often each kind of outcome occurs. */
function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const kind = outcome.split(" ")[0]!;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

export function testLoad(options: LoadOptions): void {
  const title = `server: ${options.requests} requests over ${options.connections} connections, a fifth of them cut`;
  envoyTest(`${title}: as in Envoy`, async (t) => {
    const upstream = await startUpstream(t);
    const modules = await filters();
    const server = await serveHost({ filters: modules, upstream });
    t.after(() => server.close());
    const envoy = await startEnvoy(t, { filters: modules, upstream });
    const began = performance.now();
    const own = await load(server.port, options);
    const between = performance.now();
    const others = await load(envoy.port, options);
    t.diagnostic(
      `${((between - began) / 1000).toFixed(1)} s, in Envoy ${((performance.now() - between) / 1000).toFixed(1)} s`,
    );
    t.diagnostic(JSON.stringify(tally(own)));
    const different = own.flatMap((outcome, i) =>
      outcome === others[i] ? [] : [`${i}: host ${outcome}, Envoy ${others[i]}`],
    );
    assert.deepEqual(different, []);
    const counts = tally(own);
    assert.equal(counts["cut"], options.requests / 5);
    assert.equal(counts["403"], options.requests / 10);
    assert.equal((counts["200"] ?? 0) + (counts["203"] ?? 0), (options.requests * 7) / 10);
    await settle(server);
  });
}

/** Bytes that are in use, when all that is garbage is gone. */
async function memory(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) {
    await pass(50, "handles are closed, which no event tells");
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Requests in two halves: the second must leave nothing that the first did not leave. */
export function testLeaks(options: LoadOptions): void {
  const title = `server: ${options.requests} requests leave neither streams nor memory behind`;
  test(title, async (t) => {
    const upstream = await startUpstream(t);
    const server = await serveHost({ filters: await filters(), upstream });
    t.after(() => server.close());
    const half = { ...options, requests: options.requests / 2 };
    const sizes: number[] = [];
    for (let i = 0; i < 2; i++) {
      const outcomes = await load(server.port, half);
      assert.equal(outcomes.filter((outcome) => /^(failed|broken)/.test(outcome)).length, 0);
      await settle(server);
      sizes.push(await memory());
    }
    const [first, second] = sizes as [number, number];
    const grown = second - first;
    t.diagnostic(`${(first / 2 ** 20).toFixed(1)} MiB in use, then ${(second / 2 ** 20).toFixed(1)} MiB`);
    // A stream kept, with its headers and contexts, is some kilobytes; what V8 learns of the code is not of requests.
    assert.ok(
      grown < 1 << 20 || grown / half.requests < 100,
      `${grown} bytes more after ${half.requests} requests`,
    );
  });
}
