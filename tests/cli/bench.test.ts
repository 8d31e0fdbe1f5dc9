import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { assemble } from "../support/assemble.js";
import { root } from "../support/paths.js";
import { cli, temporaryFolder } from "./support.js";

interface Measured {
  shape: { bytes: number };
  status: number | null;
  cost: { operators: number; hostCalls: Record<string, number>; callbacks: Record<string, number> };
  operators: { median: number; max: number } | null;
  microseconds: number;
  functions: [string, number][];
}

function measure(...parameters: string[]): Measured {
  const { status, stdout, stderr } = cli(["bench", ...parameters, "--requests", "50", "--json"]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Measured;
}

test("bench counts what the benchmark counts, by function and all in all", async () => {
  const file = await buildExample("hello");
  const { shape, cost, operators, functions, microseconds, status } = measure(file, "--functions", "3");
  const golden = JSON.parse(
    readFileSync(join(root, "tests", "counts", "golden", "example-hello.json"), "utf8"),
  ) as { bytes: number; operators: number; hostCalls: Record<string, number> };
  assert.deepEqual([status, shape.bytes, cost.operators], [200, golden.bytes, golden.operators]);
  assert.deepEqual(
    Object.values(cost.hostCalls).reduce((sum, times) => sum + times),
    Object.values(golden.hostCalls).reduce((sum, times) => sum + times),
  );
  assert.equal(operators!.median, golden.operators);
  assert.equal(
    functions.reduce((sum, [, spent]) => sum + spent, 0),
    golden.operators,
  );
  assert.ok(microseconds > 0);
});

test("bench sends the request that is asked for, and prints a page of 80 columns", async (t) => {
  const file = await buildExample("hello");
  assert.equal(measure(file, "--path", "/denied").status, 403);
  const bodyFile = join(temporaryFolder(t), "body");
  writeFileSync(bodyFile, "a".repeat(40_000));
  const chunks = measure(await buildExample("body-chunking"), "--body", bodyFile, "--open", "5").cost;
  assert.equal(chunks.callbacks["proxy_on_request_body"], 4);
  const auth = await buildExample("flow-auth-request");
  assert.equal(measure(auth, "--answer", "auth=200").status, 200);
  const { stdout } = cli(["bench", await buildExample("tcp-metrics"), "--requests", "50"]);
  assert.match(stdout, /^.*tcp-metrics\.wasm {2}[\d,]+ bytes, [\d,]+ bytes by gzip\n {2}connections 50\n/);
  assert.match(stdout, /\n {2}operators {3}[\d,.]+ per connection\n/);
  assert.match(stdout, /\n {2}memory {6}64 KiB at the beginning, 64 KiB at the end\n/);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80 || line.includes("tcp-metrics.wasm")));
});

test("bench measures modules of other SDKs, and says so where operators cannot be counted", (t) => {
  const file = join(temporaryFolder(t), "other.wasm");
  const simd = `(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (memory (export "memory") 2) (func (export "proxy_abi_version_0_2_0"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (i64x2.add (v128.const i64x2 1 2) (v128.load (i32.const 16))))
      (call $log (i32.const 0) (i32.const 0) (i32.const 0)))`;
  writeFileSync(file, assemble(simd));
  const { cost, status } = measure(file);
  assert.deepEqual([status, cost.operators, cost.hostCalls], [200, 9, { "env.proxy_log": 1 }]);

  const exceptions = `(tag $t) (memory (export "memory") 2) (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 0))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (try (do (throw $t)) (catch $t)) (i32.const 0))`;
  writeFileSync(file, assemble(exceptions));
  const uncounted = cli(["bench", file, "--requests", "5"]);
  assert.equal(uncounted.status, 0, uncounted.stderr);
  assert.match(uncounted.stdout, /\n {2}operators {3}not counted: operator 0x/);
});

test("bench says why nothing can be measured", async () => {
  const { status, stderr } = cli(["bench", await buildExample("grpc-auth")]);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /does not start: Failed to configure base Wasm plugin\. .*It logged: the configuration is.*\n$/,
  );
});
