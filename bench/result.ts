/**
 * The outcome of `npm run bench -- --json`.
 *
 * @module
 */
import type { Cost, Shape, Spread } from "../src/count/index.js";
import type { LoadResult } from "./envoy/load.js";

export interface FilterResult {
  readonly filter: string;
  readonly peer: string;
  readonly shape: Shape;
  /** With no other stream open. */
  readonly idle: Cost & { readonly pagesAtStart: number };
  /** With 1,000 streams open. */
  readonly busy: Cost;
  readonly spread?: Spread;
  envoy?: EnvoyCost;
  /** Instructions of V8 to compile the module. */
  compile?: number;
  /** Instructions of the machine per request, the module translated to C. */
  native?: number;
}

/** Instructions of Envoy's worker for a request. */
export interface EnvoyCost {
  /** With one copy of the filter. */
  readonly whole: number;
  /** What each further copy adds. */
  readonly perCopy: number;
  /** The largest difference between rounds of the same listener, as a part of it. */
  readonly noise: number;
  /** When it was measured, where the parts of a run are of several days. */
  readonly date?: string;
}

export interface BenchResult {
  /** The day, or those of the parts. */
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  envoyVersion: string | undefined;
  readonly peers: readonly { readonly id: string; readonly title: string; readonly missing?: string }[];
  readonly filters: FilterResult[];
  /** What Envoy costs without a filter, and with its own. */
  readonly builtIn: Record<string, EnvoyCost>;
  /** What depends on the clock, with `again`: ours a second time. */
  load: readonly LoadResult[];
  /** What could not be measured, and why. */
  readonly leftOut: string[];
}
