/** How much of a filter's source its tests execute. */
export { COVERAGE_VARIABLE, countCoverage } from "./collect.js";
export type { Counting } from "./collect.js";
