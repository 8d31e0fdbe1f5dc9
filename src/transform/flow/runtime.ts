/**
 * The runtime that flow needs: one that collects between callbacks only, when all that suspended functions need is where
 * flow can find it.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import { BuildError } from "../build-error.js";
import { usesHeap } from "../module/heap.js";

/** Fails the build when it uses another runtime. */
export function checkFlowRuntime(program: Program): void {
  if (usesHeap(program)) return;
  throw new BuildError(
    'flow needs the runtime "minimal", whose collector can be shown what waits; remove "runtime" from asconfig.json.',
  );
}
