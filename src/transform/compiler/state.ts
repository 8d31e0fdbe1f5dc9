/**
 * The same module from the same sources, whatever was compiled before in the process.
 *
 * @module
 */
import type { CompilerHooks } from "./compiler.js";

/**
 * Gives binaryen's settings the values of a process that has compiled nothing. They belong to the process, and asc sets
 * them only when it optimizes: until then those of the build before would hold, and change a few bytes.
 */
export function forgetEarlierBuilds(binaryen: CompilerHooks["binaryen"]): void {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(1);
  binaryen.setDebugInfo(false);
  binaryen.setTrapsNeverHappen(false);
  binaryen.setClosedWorld(false);
  binaryen.setLowMemoryUnused(false);
  binaryen.setZeroFilledMemory(false);
  binaryen.setFastMath(false);
  binaryen.setGenerateStackIR(false);
  binaryen.setOptimizeStackIR(false);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(20);
  binaryen.setOneCallerInlineMaxSize(-1);
  binaryen.setAllowInliningFunctionsWithLoops(false);
  binaryen.clearPassArguments();
}
