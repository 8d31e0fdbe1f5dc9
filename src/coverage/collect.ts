/**
 * Coverage of a process: its modules count, and what they have counted is written when the process ends.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import type { PlaceMap } from "../places/index.js";
import { COUNTERS, bordersOf, makeCounters, withCounters } from "./counters.js";
import { planCoverage } from "./plan.js";
import { coverageOf } from "./report.js";

/** Set by `proxy-wasm-as test --coverage`: the folder that each process writes its counts into. */
export const COVERAGE_VARIABLE = "PROXY_WASM_AS_COVERAGE";

/** A module that counts, and what it imports for that. */
export interface Counting {
  readonly wasm: Uint8Array;
  readonly imports: Record<string, Record<string, WebAssembly.Global>>;
}

let files = 0;

/** Makes a module count; `file` is where it comes from, and `folder` gets the counts, as Istanbul's JSON, at the process's end. */
export function countCoverage(wasm: Uint8Array, map: PlaceMap, file: string, folder: string): Counting {
  const root = resolve(dirname(file), map.file.sourceRoot ?? ".");
  const pathOf = (source: string): string => resolve(root, source);
  const borders = bordersOf(wasm);
  const hasBorder = (from: number, to: number): boolean => borders.some((at) => at >= from && at < to);
  const plans = planCoverage(map, hasBorder, (source) => {
    try {
      return readFileSync(pathOf(source), "utf8");
    } catch {
      return undefined; // gone since the build
    }
  });
  const parts = plans.flatMap(({ statements, functions, branches }) => [
    ...[...statements, ...functions, ...branches].flatMap(({ at }) => at),
    ...branches.flatMap(({ arms }) => arms.flatMap((arm) => arm?.at ?? [])),
  ]);
  const offsets = [...new Set(parts)].sort((a, b) => a - b);
  const counters = makeCounters(offsets.length);
  const numbers = new Map(offsets.map((offset, i) => [offset, counters[i]!]));
  const out = join(resolve(folder), `${process.pid}-${threadId}-${files++}.json`);
  process.once("exit", () => {
    // A counter is a number without sign.
    const coverage = coverageOf(plans, pathOf, (offset) => Number(numbers.get(offset)!.value) >>> 0);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, JSON.stringify(coverage));
  });
  return { wasm: withCounters(wasm, offsets), imports: { [COUNTERS]: counters } };
}
