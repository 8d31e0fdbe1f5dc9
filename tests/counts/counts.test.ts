/**
 * What the benchmark filters and the examples weigh and cost, exactly: the same on every machine. After a change that is
 * meant, `npm run counts` writes the files in golden/ anew; commit them with the reason.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { costOf } from "../../bench/count/measure.js";
import type { Cost } from "../../src/count/index.js";
import { workloads } from "../../bench/workloads.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { exampleCost } from "./examples.js";

interface Golden {
  bytes: number;
  imports: readonly string[];
  exports: readonly string[];
  pagesAtStart: number;
  /** Per request. */
  operators: number;
  bulkBytes: number;
  hostCalls: Readonly<Record<string, number>>;
  callbacks: Readonly<Record<string, number>>;
  allocations: number;
  pages: number;
  with1000Open?: { operators: number; pages: number };
}

const folder = join(root, "tests", "counts", "golden");
const write = process.env["GOLDEN"] === "write";
if (write) mkdirSync(folder, { recursive: true });

/** Operators above and below the golden figure, in words, before the whole difference. */
function headline(actual: Golden, golden: Golden): string {
  const changes = (["bytes", "operators", "allocations", "pages"] as const)
    .filter((key) => actual[key] !== golden[key])
    .map((key) => `${key} ${golden[key]} -> ${actual[key]}`);
  return changes.length > 0 ? changes.join(", ") : "imports, exports or calls have changed";
}

function compare(name: string, actual: Golden): void {
  const file = join(folder, `${name}.json`);
  if (write) writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  assert.ok(existsSync(file), `there is no ${file} yet: npm run counts`);
  const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
  try {
    assert.deepEqual(actual, golden);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${headline(actual, golden)} (if it is meant: npm run counts)\n${message}`);
  }
}

function golden(binary: Uint8Array, cost: Cost & { pagesAtStart: number }): Golden {
  const module = new WebAssembly.Module(binary as BufferSource);
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  const exports = WebAssembly.Module.exports(module).map(({ name }) => name);
  const { pagesAtStart, operators, bulkBytes, hostCalls, callbacks, allocations, pages } = cost;
  return {
    ...{ bytes: binary.length, imports: imports.toSorted(), exports: exports.toSorted(), pagesAtStart },
    ...{ operators, bulkBytes, hostCalls, callbacks, allocations, pages },
  };
}

for (const workload of workloads) {
  test(`counts: bench filter ${workload.name} costs what its golden file says`, async () => {
    const binary = readFileSync(
      await compileFilter(`bench/filters/as/${workload.name}.ts`, { optimized: true }),
    );
    const few = workload.request.body !== undefined;
    const amount = few ? { requests: 10, warmUp: 2 } : { requests: 1000, warmUp: 100 };
    const cost = await costOf(binary, workload, 0, amount);
    const busy = few ? undefined : await costOf(binary, workload, 1000, amount);
    compare(workload.name, {
      ...golden(binary, cost),
      ...(busy !== undefined && { with1000Open: { operators: busy.operators, pages: busy.pages } }),
    });
  });
}

for (const name of exampleNames()) {
  test(`counts: examples/${name} costs what its golden file says`, async () => {
    const binary = readFileSync(await buildExample(name));
    const cost = await exampleCost(name, binary);
    if (cost !== undefined) compare(`example-${name}`, golden(binary, cost));
  });
}
