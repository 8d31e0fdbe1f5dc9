/**
 * Lets functions be left in their middle: binaryen's asyncify, over those functions that can wait and no others.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";
import { CallGraph } from "./flow-calls.js";
import { PACKAGE } from "./syntax.js";

const STACK = `${PACKAGE}assembly/flow/stack`;

/** Where waiting begins: calls asyncify's own functions. */
const SUSPEND = `${STACK}/suspend`;
/** Where it ends: receives what has suspended, so that its callers never see it. */
const ENTER = `${STACK}/enter`;

/** Instruments the module. */
export function instrumentFlow(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  program: Program,
): void {
  const graph = new CallGraph(module);
  const waiting = graph.callersOf(SUSPEND, ENTER);
  if (process.env["FLOW_DEBUG"]) console.error([...waiting].join("\n"));
  runAsyncify(module, binaryen, program, waiting);
}

function runAsyncify(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  { options }: Program,
  functions: Iterable<string>,
): void {
  const optimize = binaryen.getOptimizeLevel();
  const shrink = binaryen.getShrinkLevel();
  // Otherwise every intermediate value of an expression would be written out.
  binaryen.setOptimizeLevel(Math.max(options.optimizeLevelHint, 1));
  binaryen.setShrinkLevel(options.shrinkLevelHint);
  binaryen.setPassArgument("asyncify-ignore-imports", "true");
  binaryen.setPassArgument("asyncify-onlylist", [...functions].map(pattern).join("\n"));
  module.runPasses(["asyncify"]);
  binaryen.setPassArgument("asyncify-ignore-imports", null);
  binaryen.setPassArgument("asyncify-onlylist", null);
  binaryen.setOptimizeLevel(optimize);
  binaryen.setShrinkLevel(shrink);
  for (const name of ["start_unwind", "stop_unwind", "start_rewind", "stop_rewind", "get_state"])
    module.removeExport(`asyncify_${name}`);
}

/** The pass takes names as they are written in text; what would be escaped there, or has a meaning in lists, matches by "*". */
function pattern(name: string): string {
  return name.replace(/[^A-Za-z0-9_~/#.:@|$=-]+/g, "*");
}
