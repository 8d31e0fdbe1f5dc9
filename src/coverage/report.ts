/**
 * Counts in Istanbul's form, which its libraries and others merge and show.
 *
 * @module
 */
import type { CoverageMapData, FileCoverageData } from "istanbul-lib-coverage";
import type { Offsets, SourcePlan } from "./plan.js";

/** The coverage of sources; `pathOf` names a source's file, `countAt` tells how often an offset was come by. */
export function coverageOf(
  plans: readonly SourcePlan[],
  pathOf: (source: string) => string,
  countAt: (offset: number) => number,
): CoverageMapData {
  const sum = (at: Offsets): number => at.reduce((total, offset) => total + countAt(offset), 0);
  return Object.fromEntries(
    plans.map((plan) => [pathOf(plan.source), fileOf(plan, pathOf(plan.source), sum)]),
  );
}

function fileOf(
  { statements, functions, branches }: SourcePlan,
  path: string,
  sum: (at: Offsets) => number,
): FileCoverageData {
  const file: FileCoverageData = { path, statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {} };
  statements.forEach(({ loc, at }, i) => {
    file.statementMap[i] = loc;
    file.s[i] = sum(at);
  });
  functions.forEach(({ name, loc, at }, i) => {
    file.fnMap[i] = { name, decl: loc, loc, line: loc.start.line };
    file.f[i] = sum(at);
  });
  branches.forEach(({ type, loc: { start, end }, at, arms }, i) => {
    const loc = { start, end };
    // Istanbul puts the `else` that is not written where its `if` is.
    file.branchMap[i] = { type, loc, line: start.line, locations: arms.map((arm) => arm?.loc ?? loc) };
    const counts = arms.map((arm) => (arm === undefined ? 0 : sum(arm.at)));
    const known = counts.reduce((total, count) => total + count, 0);
    file.b[i] = arms.map((arm, j) => (arm === undefined ? Math.max(0, sum(at) - known) : counts[j]!));
  });
  return file;
}
