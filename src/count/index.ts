/**
 * Counts what a module of any SDK does for a request, exactly and without a clock. For this package's own benchmarks,
 * tests and `proxy-wasm-as bench`.
 *
 * @module
 */
export type { Amount, Cost, Shape, Spread } from "./cost.js";
export { costBetween, profile, shapeOf, spread } from "./cost.js";
export type { CpuProfile, FrameName } from "./call-tree.js";
export { CallTree } from "./call-tree.js";
export { CountingHost } from "./counting-host.js";
export type { CountingOptions, Outcome, Place, Request, Work } from "./counting-options.js";
export { UncountedError } from "../wasm/instructions.js";
export type { MeasureOptions, Measured } from "./measure.js";
export { RequestHangs, driver, measure } from "./measure.js";
export { countersOf, withCounters } from "./operators.js";
