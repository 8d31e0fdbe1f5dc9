import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { UncountedError, withCounters } from "../../src/count/index.js";
import { assemble } from "../support/assemble.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { cli, newProject, temporaryFolder } from "./support.js";

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
  const pieces = measure(await buildExample("body-chunking"), "--response-body", bodyFile).cost;
  assert.equal(pieces.callbacks["proxy_on_response_body"], 4);
  const auth = await buildExample("flow-auth-request");
  assert.equal(measure(auth, "--answer", "auth=200").status, 200);
  const { stdout } = cli(["bench", await buildExample("tcp-metrics"), "--requests", "50"]);
  assert.match(stdout, /^.*tcp-metrics\.wasm {2}[\d,]+ bytes, [\d,]+ bytes by gzip\n {2}connections 50\n/);
  assert.match(stdout, /\n {2}operators {3}[\d,.]+ per connection\n/);
  assert.match(stdout, /\n {2}memory {6}64 KiB at the beginning, 64 KiB at the end\n/);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80 || line.includes("tcp-metrics.wasm")));
});

test("bench measures modules of other SDKs, with exceptions, too, and says so where operators cannot be counted", (t) => {
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

  const plugin = `(memory (export "memory") 2) (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 0))`;
  const headers = '(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)';
  const throws = `(tag $t (param i32)) (tag $u) (func $deep (drop (i32.const 1)) (throw $t (i32.const 7)))`;
  const counts: readonly (readonly [body: string, operators: number])[] = [
    // i32.const, throw; i32.const
    ["(try (do (throw $t (i32.const 1))) (catch $t (drop (pop i32)))) (i32.const 0)", 4],
    // What stands behind the call does not run: call, i32.const, drop, i32.const, throw; drop; i32.const
    ["(try (do (call $deep) (drop (i32.const 2))) (catch $u) (catch_all (nop))) (i32.const 0)", 6],
    ["(try $o (do (try (do (call $deep)) (catch_all (rethrow 0)))) (catch_all)) (i32.const 0)", 7],
    ["(try $o (do (try (do (call $deep)) (delegate 0))) (catch_all)) (i32.const 0)", 6],
    ["(try (do (drop (i32.const 2))) (catch_all (drop (i32.const 3)))) (i32.const 0)", 3],
  ];
  for (const [body, operators] of counts) {
    writeFileSync(file, assemble(`${throws} ${plugin} ${headers} ${body})`));
    const measured = measure(file);
    assert.deepEqual([measured.status, measured.cost.operators], [200, operators], body);
  }

  const collected = `(type $s (struct (field i32))) ${plugin}
    ${headers} (drop (struct.new_default $s)) (i32.const 0))`;
  assert.throws(() => withCounters(assemble(collected)), UncountedError);
});

test("bench gives a flow that holds headers what it needs, as its manifest does", async (t) => {
  const body = join(temporaryFolder(t), "body");
  writeFileSync(body, "abc");
  const wasm = await compileFilter("tests/deploy/filters/holds-headers.ts");
  assert.equal(measure(wasm, "--body", body).status, 200);
});

test("bench says why nothing can be measured", async () => {
  const { status, stderr } = cli(["bench", await buildExample("grpc-auth")]);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /does not start: Failed to configure base Wasm plugin\. .*It logged: the configuration is.*\n$/,
  );
});

interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    hitCount: number;
    children: number[];
    positionTicks?: { line: number; ticks: number }[];
  }[];
  startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

test("bench --profile writes which function has spent how many operators for whom, by line, and the calls of the host", (t) => {
  const folder = newProject(t, "http");
  const source = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Sums extends HttpContext {
  private text: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path !== null) this.text = path;
    let sum: f64 = 0;
    for (let i = 0; i < 100; i++) {
      sum += Math.sqrt(<f64>(i + this.text.length));
    }
    this.request.headers.set("x-sum", sum.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Sums>();
`;
  writeFileSync(join(folder, "assembly", "index.ts"), source);
  const { status, stdout, stderr } = cli(["bench", "-r", "50", "--json", "--profile", "out.cpuprofile"], {
    cwd: folder,
    timeout: 400_000,
  });
  assert.equal(status, 0, stderr);
  const { cost } = JSON.parse(stdout) as Measured;
  const profile = JSON.parse(readFileSync(join(folder, "out.cpuprofile"), "utf8")) as Profile;

  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const operators = sum(profile.nodes.map(({ hitCount }) => hitCount));
  assert.ok(
    Math.abs(operators / 100 - cost.operators) < 0.1 * cost.operators,
    `${operators} of ${cost.operators}`,
  );
  assert.equal(profile.endTime - profile.startTime, operators);
  assert.equal(sum(profile.timeDeltas), operators);
  assert.equal(profile.samples.length, profile.timeDeltas.length);

  // Each node but the first is the child of one other, and the samples are of nodes.
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const children = profile.nodes.flatMap((node) => node.children);
  assert.equal(new Set(children).size, children.length);
  assert.deepEqual(
    [...children, profile.nodes[0]!.id].sort((a, b) => a - b),
    [...byId.keys()].sort((a, b) => a - b),
  );
  assert.ok(profile.samples.every((id) => byId.has(id)));

  const line = source.split("\n").findIndex((text) => text.includes("Math.sqrt")) + 1;
  const own = profile.nodes.filter(({ callFrame }) => callFrame.url.endsWith("/assembly/index.ts"));
  const ticks = own.flatMap(({ positionTicks = [] }) => positionTicks);
  const spent = sum(ticks.filter((tick) => tick.line === line).map((tick) => tick.ticks));
  assert.ok(spent >= 100 * 100 * 5, `${spent} operators in line ${line}`);
  assert.ok(ticks.every((tick) => tick.line >= 1 && tick.line <= source.split("\n").length));
  const calls = profile.nodes.filter(
    ({ callFrame }) => callFrame.functionName === "proxy_get_header_map_value",
  );
  assert.ok(calls.length >= 1);
  assert.equal(
    sum(calls.map(({ hitCount }) => hitCount)) % 100,
    0,
    "a call of the host is one operator, each request has the same",
  );
  assert.ok(profile.nodes.some(({ callFrame }) => callFrame.functionName === "→ proxy_on_request_headers"));
});
