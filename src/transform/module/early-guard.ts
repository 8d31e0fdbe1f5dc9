/**
 * The guard against filters that use a stream before it has begun, while its context is made: each read and write of a message asks it.
 * A module in which nothing that makes contexts can come to it goes without.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { CallGraph } from "../flow/calls.js";
import { PACKAGE } from "../source/syntax.js";
import { setBody } from "./expressions.js";

/** The function that has a plugin make the context of a stream. */
const CREATE = `${PACKAGE}assembly/callbacks/lifecycle/createStream`;

/** The guard, and the function that asks it about properties. */
const GUARD = `${PACKAGE}assembly/runtime/status/expectBegun`;
const GUARDS = [GUARD, `${PACKAGE}assembly/services/property/expectThere`];

/** Empties the guard in a module that does without, and has the graph know. A function in the table counts as called. */
export function dropEarlyGuard(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  graph: CallGraph,
): void {
  const reached = new Set([CREATE]);
  for (const name of reached) for (const callee of graph.calleesOf(name)) reached.add(callee);
  if (reached.has(GUARD)) return;
  for (const name of GUARDS) {
    if (!graph.has(name)) continue;
    setBody(binaryen, module.getFunction(name), module.nop());
    graph.forgetCalls(name);
  }
}
