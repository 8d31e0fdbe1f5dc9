/** A loop or a recursion without end costs one request: it ends within a second, and the worker goes on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { RawRequest } from "../support/http.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { processorTime } from "../support/processor-time.js";

const source = "tests/envoy/filters/contain-endless.ts";
const lines = readFileSync(join(root, source), "utf8").split("\n");
const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;

/** Each case, how often it goes around, and where the log says that it is. */
const endless: readonly (readonly [kind: string, n: number, at: string])[] = [
  ["while", 2, "while (this.count < n)"],
  ["for", -1, "for (;;)"],
  ["host", 2147483647, "while (this.request"],
  ["do", 10, "do {"],
  ["skipped", 5, "if (i == 5) i -= n"],
  ["bound", 1, "most += n"],
  ["squares", 1_000_000, "let j = 0"],
  ["sums", 1_000_000, "i < values.length; i++) sum +="],
  ["each", 1_000_000, "i < values.length; i++) sum +="],
  ["deep", -1, "return n == 0 ? 0"],
  ["odd", -1, ""],
  ["wide", 1, ""],
  ["mapped", 1, ""],
  ["list", 2, ""],
  ["list", 1, ""],
];

/** Those that have an end, and what comes of them. */
const ending: readonly (readonly [kind: string, n: number, result: string])[] = [
  ["for", 1_000_000, "1000000"],
  ["host", 10_000, "10000"],
  ["squares", 1000, "0"],
  ["each", 1000, "1000"],
  ["deep", 1000, "1000"],
  ["odd", 1001, "0"],
  ["fibonacci", 25, "75025"],
  ["unsigned", 255, "255"],
];

async function endsSoon(kind: string, envoy: Envoy, sent: RawRequest): Promise<void> {
  const before = processorTime(envoy.pid);
  const { status } = await request(envoy.port, sent);
  assert.equal(status, 500, kind);
  const took = processorTime(envoy.pid) - before;
  assert.ok(took < 1000, `${kind} took ${took} ms`);
}

for (const target of ["release", "debug"] as const)
  envoyTest(`loops and recursion without end cost one request (${target})`, async (t) => {
    const wasm = await compileFilter(source, { target });
    const upstream = await startUpstream(t);
    const envoy = await startEnvoy(t, { filters: [{ wasm, name: "mine" }], upstream: upstream.port });
    const critical = (): string[] =>
      envoy.wasmLogs.filter(({ level }) => level === "critical").map(({ message }) => message);
    for (const [kind, n, at] of endless) {
      await endsSoon(kind, envoy, {
        headers: [
          ["x-case", kind],
          ["x-n", String(n)],
        ],
      });
      const line = critical().at(-1);
      assert.match(line, /^abort: a (loop|recursion) without end /, kind);
      const place = at === "" ? `${source}:` : `${source}:${lineOf(at)}:`;
      assert.ok(line.includes(place), `${kind}: ${line}, not ${place}`);
      assert.equal((await request(envoy.port)).status, 200, `after ${kind}`);
    }
    const bugs = critical().length;
    for (const [kind, n, result] of ending) {
      const headers = [
        ["x-case", kind],
        ["x-n", String(n)],
      ] as const;
      const response = await request(envoy.port, { headers });
      assert.equal(response.status, 200, kind);
      assert.equal(Object.fromEntries(upstream.requests.at(-1).headers)["x-result"], result, kind);
    }
    assert.equal(critical().length, bugs);
  });

envoyTest("loops and recursion of flows end, after a wait as before it", async (t) => {
  const file = "tests/envoy/filters/contain-endless-flow.ts";
  const wasm = await compileFilter(file);
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm, name: "mine" }], upstream: upstream.port });
  for (const path of ["/loop", "/recursion", "/late-loop", "/late-recursion"]) {
    await endsSoon(path, envoy, { path });
    const last = envoy.wasmLogs.filter(({ level }) => level === "critical").at(-1);
    const what = path.endsWith("loop") ? "loop" : "recursion";
    assert.match(last.message, new RegExp(`^abort: a ${what} without end at ${file}:`), path);
    assert.equal((await request(envoy.port)).status, 200, `after ${path}`);
  }
});
