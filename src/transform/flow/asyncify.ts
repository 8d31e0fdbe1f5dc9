/**
 * Lets functions be left in their middle: binaryen's asyncify, over those functions that can wait and no others.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { tellsHost } from "../contain/names.js";
import { CallGraph } from "./calls.js";
import { checkWaiting } from "./checks.js";
import { checkTries } from "./tries.js";
import { setBody, setGlobal } from "../module/expressions.js";
import { PACKAGE } from "../source/syntax.js";

type Binaryen = CompilerHooks["binaryen"];

const STACK = `${PACKAGE}assembly/flow/stack`;

/** The function that begins to wait: it calls asyncify's own functions. */
const SUSPEND = `${STACK}/suspend`;
/** The function in which waiting ends: it receives what has suspended, so that its callers never see it. */
const ENTER = `${PACKAGE}assembly/flow/fiber/enter`;

/** There in each module that has flows. */
const STREAM = `${PACKAGE}assembly/flow/stream/FlowStream#onRequestHeaders`;

/** The functions that can wait. */
export function waitingFunctions(graph: CallGraph): Set<string> {
  // A flow need not wait; what asyncify offers is called all the same.
  if (!graph.has(SUSPEND)) return new Set();
  // Without the border all callers would be left in their middle, and requests would go on unseen.
  if (!graph.has(ENTER) && graph.has(STREAM))
    throw new BuildError(
      "flow's runtime is not the one that this build knows: proxy-wasm-as is of two versions; install it anew, or run npm run build in its checkout.",
    );
  return graph.callersOf(SUSPEND, ENTER);
}

/** Instruments the module; fails the build where something waits that cannot. */
export function instrumentFlow(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  parser: Parser,
): void {
  const graph = new CallGraph(module, binaryen);
  const waiting = waitingFunctions(graph);
  checkWaiting(graph, waiting, { target: SUSPEND, border: ENTER, module, binaryen, parser });
  checkTries(module, binaryen, program, waiting, parser);
  const recursion = graph.recursion(waiting);
  for (const name of recursion) waiting.add(countCalls(module, binaryen, name));
  runAsyncify(module, binaryen, program, waiting);
  // The bounds are for waits, of which a module may have none.
  if (graph.has(SUSPEND)) setBounds(module, binaryen, graph, waiting, recursion);
}

function runAsyncify(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  functions: ReadonlySet<string>,
): void {
  const { options } = program;
  const optimize = binaryen.getOptimizeLevel();
  const shrink = binaryen.getShrinkLevel();
  // Otherwise every intermediate value of an expression would be written out.
  binaryen.setOptimizeLevel(Math.max(options.optimizeLevelHint, 1));
  binaryen.setShrinkLevel(options.shrinkLevelHint);
  binaryen.setPassArgument("asyncify-ignore-imports", "true");
  if (functions.size > 0)
    binaryen.setPassArgument("asyncify-onlylist", [...functions].map(pattern).join("\n"));
  else binaryen.setPassArgument("asyncify-ignore-indirect", "true");
  module.runPasses(["asyncify"]);
  binaryen.setPassArgument("asyncify-ignore-imports", null);
  binaryen.setPassArgument("asyncify-onlylist", null);
  binaryen.setPassArgument("asyncify-ignore-indirect", null);
  binaryen.setOptimizeLevel(optimize);
  binaryen.setShrinkLevel(shrink);
  for (const name of ["start_unwind", "stop_unwind", "start_rewind", "stop_rewind", "get_state"])
    module.removeExport(`asyncify_${name}`);
  // Coverage does not count the code that a function runs again only to come back to the place where its flow waited.
  if (tellsHost(program)) module.addGlobalExport("__asyncify_state", "proxy-wasm-as/flow-state");
}

/** The pass takes names as they are written in text; what would be escaped there, or has a meaning in lists, matches by "*". */
function pattern(name: string): string {
  return name.replace(/[^A-Za-z0-9_~/#.:@|$=-]+/g, "*");
}

const RECURSION = `${STACK}/hasRecursion`;
const DEPTH = `${PACKAGE}assembly/runtime/depth/depth`;
const counted = (name: string): string => `${name}|counted`;

/** Counts how many calls of a recursive function are under way, in place of a bound for them; answers the new function. */
function countCalls(module: binaryenTypes.Module, binaryen: Binaryen, name: string): string {
  const reference = module.getFunction(name);
  const { params, results, vars, body } = binaryen.getFunctionInfo(reference);
  module.addFunction(counted(name), params, results, vars, module.copyExpression(body));
  const { i32, global, local } = module;
  const types = binaryen.expandType(params);
  const call = module.call(
    counted(name),
    types.map((type, index) => local.get(index, type)),
    results,
  );
  const change = (by: number): number =>
    global.set(DEPTH, i32.add(global.get(DEPTH, binaryen.i32), i32.const(by)));
  module.removeFunction(name);
  const statements =
    results === binaryen.none
      ? [change(1), call, change(-1)]
      : [change(1), local.set(types.length, call), change(-1), local.get(types.length, results)];
  const locals = results === binaryen.none ? [] : [results];
  module.addFunction(name, params, results, locals, module.block(null, statements, results));
  return counted(name);
}

/**
 * Tells the SDK how many bytes all functions under way can need: with each call that is counted, and besides. Those besides
 * are under way before the first such call, and after the last.
 */
function setBounds(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  graph: CallGraph,
  waiting: ReadonlySet<string>,
  recursion: ReadonlySet<string>,
): void {
  const frames = frameSizes(module, binaryen, waiting);
  const size = (name: string): number => (frames.get(name) ?? 0) + (frames.get(counted(name)) ?? 0);
  const most = (names: Iterable<string>, weight: (name: string) => number): number =>
    Math.max(0, ...[...names].map(weight));
  const others = new Set([...waiting].filter((name) => !recursion.has(name)));
  const before = new Set(
    [...others].filter((name) => [...graph.reachableFrom(name, waiting)].some((to) => recursion.has(to))),
  );
  const longest = graph.longestPaths(others, size);
  const longestBefore = graph.longestPaths(before, size);
  const after = most(recursion, (name) => longest(name) - size(name));
  const fixed = Math.max(most(others, longest), most(before, longestBefore) + after);
  setGlobal(module, binaryen, `${STACK}/fixedBytes`, fixed);
  setGlobal(module, binaryen, `${STACK}/bytesPerCall`, most(recursion, longestBefore));
  if (recursion.size === 0 && graph.has(RECURSION))
    setBody(binaryen, module.getFunction(RECURSION), module.i32.const(0));
}

/** The bytes that each function writes when it is left: by how much it moves asyncify's pointer. */
function frameSizes(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  functions: ReadonlySet<string>,
): Map<string, number> {
  const MOVE =
    /\(i32\.(add|sub)\s+\(i32\.load(?: \$\S+)?\s+\(global\.get \$__asyncify_data\)\s+\)\s+\(i32\.const (-?\d+)\)\s+\)/g;
  const sizes = new Map<string, number>();
  for (const name of functions) {
    const text = binaryen.emitText(binaryen.getFunctionInfo(module.getFunction(name)).body);
    let size = 0;
    let back = 0;
    for (const [, operator, bytes] of text.matchAll(MOVE)) {
      // 64 more is written as -64 less, which is shorter.
      const by = operator === "add" ? Number(bytes) : -Number(bytes);
      if (by > 0) size += by;
      else back -= by;
    }
    // Each writes at least where it was left, and reads it all back. Only the function that begins the wait does not.
    if (size !== back || (size === 0 && name !== SUSPEND))
      throw new BuildError("flow does not know this compiler's asyncify; use AssemblyScript 0.28.20.");
    sizes.set(name, size);
  }
  return sizes;
}
