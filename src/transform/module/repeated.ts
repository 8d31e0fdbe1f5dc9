/**
 * Finds the code that a module may run again and again within one callback: code in a loop, in a function that is called in one,
 * or in a function that calls itself.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { PACKAGE } from "../source/syntax.js";
import { infoOf, partsOf } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

/** In place of a name: a function that is called by its place in the table. */
const ANY = "";

/** Answers what tells whether an expression of a function may be evaluated several times within a callback. */
export function repeatedIn(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  functions: readonly binaryenTypes.FunctionInfo[],
): (caller: string, expression: number) => boolean {
  const callees = new Map<string, Set<string>>();
  const inLoops = new Set<number>();
  const repeated = new Set<string>();
  for (const { name, body } of functions) {
    const called = new Set<string>();
    // The SDK's own loops run over what has come from the host, and call one callback for all of it.
    const counts = !name.startsWith(PACKAGE);
    const waiting: [expression: number, inLoop: boolean][] = [[body, false]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [expression, inLoop] = next;
      const { id, target } = infoOf(binaryen, expression);
      if (inLoop) inLoops.add(expression);
      if (id === binaryen.CallId || id === binaryen.CallIndirectId) {
        const callee = id === binaryen.CallId ? (target as string) : ANY;
        called.add(callee);
        if (inLoop && counts) repeated.add(callee);
      }
      for (const part of partsOf(binaryen, expression))
        waiting.push([part, inLoop || id === binaryen.LoopId]);
    }
    callees.set(name, called);
  }
  callees.set(ANY, tableOf(module, binaryen));
  const all = reached(callees, repeated);
  const isRecursive = (name: string): boolean => reached(callees, callees.get(name) ?? []).has(name);
  return (caller, expression) => inLoops.has(expression) || all.has(caller) || isRecursive(caller);
}

/** The functions `names`, and those that they call at any depth. */
function reached(callees: ReadonlyMap<string, ReadonlySet<string>>, names: Iterable<string>): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const callee of callees.get(name) ?? []) found.add(callee);
  return found;
}

/** The functions that can be called by their place. */
function tableOf(module: binaryenTypes.Module, binaryen: Binaryen): Set<string> {
  const names = new Set<string>();
  for (let index = 0; index < module.getNumElementSegments(); index++) {
    const segment = binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index));
    for (const name of segment.data) names.add(name);
  }
  return names;
}
