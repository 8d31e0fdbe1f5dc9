/**
 * Figures of a module that need no clock: they are the same on every machine.
 *
 * @module
 */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { outline } from "../inspect/index.js";
import type { CountingHost } from "./counting-host.js";
import type { Work } from "./counting-options.js";

/** The size of a module, and its imports. */
export interface Shape {
  readonly bytes: number;
  readonly gzip: number;
  readonly brotli: number;
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

export function shapeOf(binary: Uint8Array): Shape {
  const module = new WebAssembly.Module(binary as BufferSource);
  return {
    bytes: binary.length,
    gzip: gzipSync(binary, { level: 9 }).length,
    brotli: brotliCompressSync(binary).length,
    imports: WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`),
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
  };
}

/** The cost of one request. */
export interface Cost {
  /** Operators, the mean of the measured requests. */
  readonly operators: number;
  /** Bytes moved by bulk operators. */
  readonly bulkBytes: number;
  readonly hostCalls: Readonly<Record<string, number>>;
  readonly callbacks: Readonly<Record<string, number>>;
  readonly allocations: number;
  /** Pages of memory after the measured requests. */
  readonly pages: number;
}

export const perRequest = (after: number, before: number, count: number): number =>
  Math.round(((after - before) / count) * 1000) / 1000;

function differences(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
  count: number,
): Record<string, number> {
  const entries = Object.entries(after)
    .map(([name, value]): [string, number] => [name, perRequest(value, before[name] ?? 0, count)])
    .filter(([, value]) => value !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

export function costBetween(before: Work, after: Work, count: number, pages: number): Cost {
  return {
    operators: perRequest(after.operators, before.operators, count),
    bulkBytes: perRequest(after.bulkBytes, before.bulkBytes, count),
    hostCalls: differences(after.hostCalls, before.hostCalls, count),
    callbacks: differences(after.callbacks, before.callbacks, count),
    allocations: perRequest(after.allocations, before.allocations, count),
    pages,
  };
}

/** How many requests are measured, and how many come before. */
export interface Amount {
  readonly requests: number;
  readonly warmUp: number;
}

/** How operators spread over requests: what the collector does comes in pauses. */
export interface Spread {
  readonly requests: number;
  readonly median: number;
  readonly mean: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly pages: number;
  /** How many requests took up to so many operators: the bounds double. */
  readonly histogram: readonly (readonly [upTo: number, requests: number])[];
}

export function spread(counts: ReadonlyMap<number, number>, requests: number): Omit<Spread, "pages"> {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const quantile = (part: number): number => {
    let rest = Math.ceil(part * requests);
    for (const [operators, count] of sorted) if ((rest -= count) <= 0) return operators;
    return sorted.at(-1)[0];
  };
  const histogram = new Map<number, number>();
  let sum = 0;
  for (const [operators, count] of sorted) {
    const bound = 2 ** Math.ceil(Math.log2(Math.max(1, operators)));
    histogram.set(bound, (histogram.get(bound) ?? 0) + count);
    sum += operators * count;
  }
  return {
    requests,
    median: quantile(0.5),
    mean: Math.round((sum / requests) * 10) / 10,
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: sorted.at(-1)[0],
    histogram: [...histogram],
  };
}

/**
 * Operators per request of each function that is executed, by its name in the module; most first. The host counts for
 * each function, so it was made with `perFunction`.
 */
export function profile(
  host: CountingHost,
  wasm: Uint8Array,
  requests: number,
  request: () => void,
  nameOf: (index: number) => string | undefined = () => undefined,
): [name: string, operators: number][] {
  const before = host.operatorsByFunction;
  for (let i = 0; i < requests; i++) request();
  const names = new Map(outline(wasm).functions.map(({ index, name }) => [index, name]));
  return [...host.operatorsByFunction]
    .map(([index, after]): [string, number] => [
      nameOf(index) ?? names.get(index)!,
      perRequest(after, before.get(index)!, requests),
    ])
    .filter(([, operators]) => operators > 0)
    .sort(([, a], [, b]) => b - a);
}
