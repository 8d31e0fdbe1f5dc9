import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { shapeOf } from "../../src/coverage/shape.js";
import { createHost } from "../../src/testing/index.js";
import { cli, newProject } from "../cli/support.js";
import { root } from "../support/paths.js";

/** What is expected of a source, counted by hand over three processes; see processes/. */
interface Expected {
  /** How often each line is executed. */
  readonly lines: Readonly<Record<number, number>>;
  /** How often each arm of the branches is taken, by line. */
  readonly branches: Readonly<Record<number, readonly number[]>>;
  readonly functions: Readonly<Record<string, number>>;
}

const expected: Readonly<Record<string, Expected>> = {
  "common.ts": {
    lines: { 2: 12, 4: 8, 6: 3, 8: 1, 13: 0, 14: 0 },
    branches: { 2: [8, 3, 1] },
    functions: { grade: 12, never: 0 },
  },
  "kinds.ts": {
    lines: {
      ...{ 5: 4, 6: 4, 7: 20, 8: 8, 10: 4, 11: 4, 12: 20, 14: 4 },
      ...{ 19: 6, 20: 12, 21: 6, 22: 0, 23: 6, 24: 4, 26: 6, 27: 6, 33: 4 },
    },
    branches: { 7: [12, 8], 19: [6, 0], 21: [0, 6], 23: [4, 2], 26: [2, 4] },
    functions: { sum: 4, "Kinds#onRequestHeaders": 6, words: 12, "Kinds#onLog": 6 },
  },
  "waits.ts": {
    lines: { 4: 4, 5: 5, 6: 5, 7: 1, 8: 1, 10: 4, 11: 4, 12: 4, 13: 4 },
    // That of line 10 chooses between two numbers, without a branch.
    branches: { 6: [1, 4], 12: [4, 0] },
    functions: { "(closure)": 5 },
  },
  "connections.ts": {
    lines: { 5: 1, 8: 2, 9: 2, 10: 0, 12: 2, 13: 2, 17: 2, 21: 4 },
    branches: { 9: [0, 2], 12: [1, 1] },
    functions: { "Connections#onDownstreamData": 2, "Connections#onUpstreamData": 2 },
  },
};

/** Reads lcov's form: what tools get. */
function readLcov(text: string): Record<string, Expected> {
  const files: Record<string, Expected> = {};
  for (const record of text.split("end_of_record\n")) {
    const file = /^SF:.*?([^/\n]+)$/m.exec(record)?.[1];
    if (file === undefined) continue;
    const branches: Record<number, number[]> = {};
    for (const [, line, count] of record.matchAll(/^BRDA:(\d+),\d+,\d+,(\d+)$/gm))
      (branches[Number(line)] ??= []).push(Number(count));
    files[file] = {
      lines: Object.fromEntries([...record.matchAll(/^DA:(\d+),(\d+)$/gm)].map((m) => [m[1], Number(m[2])])),
      branches,
      functions: Object.fromEntries(
        [...record.matchAll(/^FNDA:(\d+),(.*)$/gm)].map((m) => [m[2], Number(m[1])]),
      ),
    };
  }
  return files;
}

test("test --coverage counts lines, branches and functions of class, flow and TCP filters over three processes; at most twice the time", async (t) => {
  const folder = newProject(t, "http");
  const own = join(root, "tests", "coverage");
  for (const part of ["assembly", "test"]) rmSync(join(folder, part), { recursive: true });
  cpSync(join(own, "filters"), join(folder, "assembly"), { recursive: true });
  for (const name of ["kinds", "waits", "connections"])
    cpSync(join(own, "processes", `${name}.js`), join(folder, "test", `${name}.test.js`));
  const { status, stdout, stderr } = cli(["test", "--coverage"], { cwd: folder, timeout: 400_000 });
  assert.equal(status, 0, stdout + stderr);
  assert.deepEqual(readLcov(readFileSync(join(folder, "coverage", "lcov.info"), "utf8")), expected);
  assert.match(stdout, /kinds\.ts +\| +95 \| +80 \| +100 \| +94\.11 \| 22 /);
  assert.match(stdout, /\nFor tools: coverage\/lcov\.info, coverage\/coverage-final\.json\n/);
  const json = JSON.parse(readFileSync(join(folder, "coverage", "coverage-final.json"), "utf8")) as object;
  assert.deepEqual(
    Object.keys(json).sort(),
    Object.keys(expected)
      .map((name) => join(folder, "assembly", name))
      .sort(),
  );

  const wasm = join(folder, "build", "plugin.wasm");
  const common = { wasm, rootId: "kinds", upstream: {} };
  const hosts = [
    await createHost({ ...common, debug: true }),
    await createHost({ ...common, coverage: join(folder, "counts") }),
  ];
  const took = [Infinity, Infinity];
  for (let round = 0; round < 8; round++)
    for (const [i, host] of hosts.entries()) {
      const start = performance.now();
      for (let n = 0; n < 200; n++) await host.request({ path: "/" });
      took[i] = Math.min(took[i]!, performance.now() - start);
    }
  t.diagnostic(`without ${took[0]!.toFixed(1)} ms, with ${took[1]!.toFixed(1)} ms`);
  assert.ok(took[1]! < 2 * took[0]!, `${took[0]} ms without, ${took[1]} ms with coverage`);
});

test("without a host, and with suites, coverage says what is missing", async (t) => {
  const folder = newProject(t, "http");
  const none = cli(["test", "--coverage", "--debug"], { cwd: folder });
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^Give --debug or --coverage, not both\./);
  const suite = cli(["test", "--coverage", "--suite", "x.yaml"], { cwd: folder });
  assert.match(suite.stderr, /^--coverage is for the project's own tests, not for suites\./);
  mkdirSync(join(folder, "build"), { recursive: true });
  const wasm = join(folder, "build", "plugin.wasm");
  writeFileSync(wasm, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await assert.rejects(
    createHost({ wasm, coverage: join(folder, "counts") }),
    /There is nothing to cover: there is no \S+plugin\.debug\.wasm\. Run: npx proxy-wasm-as build --debug/,
  );
  assert.ok(existsSync(join(folder, ".github", "workflows", "test.yml")));
});

test("a source's statements, functions and branches are those that Istanbul counts", () => {
  const text = `
const limit: i32 = 5;
class A {
  private n: i32 = 1;
  get half(): i32 { return this.n / 2; }
  static of(): A { return new A(); }
  abstract none(): void;
}
declare function far(a: i32): void;
type T = i32;
export function f(a: string | null, b: bool): string {
  do { if (b) break; } while (a !== null);
  const g = (x: i32): i32 => x + 1;
  try { g(1); } catch (e) { throw e; } finally { g(2); }
  return a ?? (b && limit > 1 ? "x" : "y");
}
`;
  const { statements, functions, branches } = shapeOf(text)!;
  assert.deepEqual(
    functions.map(({ name, loc }) => `${name} ${loc.start.line}`),
    ["A#half 5", "A.of 6", "f 11", "g 13"],
  );
  assert.deepEqual(
    branches.map(({ type, loc }) => `${type} ${loc.start.line}`),
    ["if 12", "binary-expr 15", "cond-expr 15", "binary-expr 15"],
  );
  const lines = statements.map(({ start }) => start.line).sort((a, b) => a - b);
  assert.deepEqual(lines, [2, 4, 5, 6, 12, 12, 12, 13, 14, 14, 14, 14, 15]);
  assert.equal(shapeOf("class {"), undefined);
});
