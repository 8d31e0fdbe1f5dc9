/**
 * Has loops that the build cannot see to end, and functions of the user's that call themselves, count, so that a callback ends
 * in any case (assembly/runtime/budget.ts).
 *
 * @module
 */
import type { Program, Range } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { CallGraph } from "../flow/calls.js";
import { waitingFunctions } from "../flow/asyncify.js";
import type { ExpressionInfo } from "../module/expressions.js";
import { infoOf, setGlobal, walkExpressions } from "../module/expressions.js";
import { PACKAGE } from "../source/syntax.js";
import { endsBySight } from "./bounded.js";
import type { Entries } from "./entries.js";
import { BUDGET } from "./names.js";
import type { PlacedFunction } from "./places.js";
import { encodePlace, placedFunctions, walkPlaced } from "./places.js";

type Binaryen = CompilerHooks["binaryen"];

/** The option with which a build sets a limit of its own (`--use PROXY_WASM_BUDGET=5000000`), or 0 for none. */
const OPTION = "PROXY_WASM_BUDGET";

/** Some tens of milliseconds of a loop in which little is done. */
const DEFAULT = 16_000_000;

/** The cost of a turn of a loop that calls something, and of one that may call the host or catch something. */
const CALLING = 8;
const ASKING = 512;

const LOOP = "a loop without end";
const RECURSION = "a recursion without end";

/** Functions that call the host, which takes its time. Functions for bugs do so, too, but run only once. */
const HOST = new RegExp(
  `^${PACKAGE}assembly/(?!std/|language/|memory/|runtime/(?:abort|bug|guards|budget)/)`,
);

/** The function that stands before a `catch`, which takes its time, too. */
const CATCHING = `${PACKAGE}assembly/language/exceptions/isCaught`;

/** Recursion through the package itself would be its own bug; what helps the user's code is like the compiler's library. */
const INNER = new RegExp(`^${PACKAGE}(?!assembly/(?:std|language)/)`);

/** Functions without a name, which others are given. */
const GIVEN = /~anonymous\|\d+$/;

/** The budget of a callback; 0 for no limit. */
export function budgetOf(program: Program): number {
  const text = program.options.globalAliases?.get(OPTION);
  if (text === undefined) return DEFAULT;
  const budget = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(budget < 2 ** 31))
    throw new BuildError(
      `${OPTION} is ${text}; it must be a whole number below 2147483648, or 0 for no limit.`,
    );
  return budget;
}

/** Has loops count; whether there are any that do. */
export function spendOnLoops(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  graph: CallGraph,
  entries: Entries,
  budget: number,
): boolean {
  if (budget === 0) return false;
  const users = usersOf(module, binaryen, program);
  const repeated = repeatedFunctions(module, binaryen, users, graph);
  let found = false;
  for (const user of users)
    if (countLoops(module, binaryen, user, graph, entries, repeated.has(user.name))) found = true;
  if (found) setGlobal(module, binaryen, BUDGET.limit, budget);
  return found;
}

/** Has functions that call themselves count, once the places in them are noted; whether there are any. */
export function spendOnRecursion(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  graph: CallGraph,
  entries: Entries,
  budget: number,
): boolean {
  if (budget === 0) return false;
  const found = countRecursion(module, binaryen, usersOf(module, binaryen, program), graph, entries);
  if (found) setGlobal(module, binaryen, BUDGET.limit, budget);
  return found;
}

/** The functions of the user's that the module has. */
function usersOf(module: binaryenTypes.Module, binaryen: Binaryen, program: Program): PlacedFunction[] {
  return [...placedFunctions(program).values()].filter(
    ({ name, isUser }) => isUser && module.getFunction(name) !== 0 && !isImported(module, binaryen, name),
  );
}

function isImported(module: binaryenTypes.Module, binaryen: Binaryen, name: string): boolean {
  return Boolean(binaryen.getFunctionInfo(module.getFunction(name)).base);
}

function countLoops(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  placed: PlacedFunction,
  graph: CallGraph,
  entries: Entries,
  isRepeated: boolean,
): boolean {
  const { body: whole, params } = binaryen.getFunctionInfo(module.getFunction(placed.name));
  const count = binaryen.expandType(params).length;
  const loops: [loop: number, range: Range | undefined][] = [];
  const inner = innerLoops(binaryen, whole);
  walkPlaced(binaryen, whole, placed, (expression, range) => {
    if (binaryen.getExpressionId(expression) !== binaryen.LoopId) return;
    const isInner = isRepeated || inner.has(expression);
    if (isInner || !endsBySight(binaryen, expression, whole, count))
      loops.push([expression, range ?? firstRange(binaryen, expression, placed)]);
  });
  for (const [loop, range] of loops) {
    const body = infoOf(binaryen, loop)["body"] as number;
    const spend = module.call(
      BUDGET.spend,
      [module.i32.const(costOf(binaryen, body, graph)), ...said(module, entries, LOOP, range)],
      binaryen.none,
    );
    const { Loop } = binaryen as unknown as { Loop: { setBody(loop: number, body: number): void } };
    Loop.setBody(loop, module.block(null, [spend, body], binaryen.getExpressionType(body)));
  }
  return loops.length > 0;
}

/** The loops within loops: many turns of a loop that ends by sight may be too many all the same. */
function innerLoops(binaryen: Binaryen, whole: number): Set<number> {
  const found = new Set<number>();
  const visit = (_: number, { body }: ExpressionInfo): void =>
    void walkExpressions(binaryen, body as number, (inner) => void found.add(inner), binaryen.LoopId);
  walkExpressions(binaryen, whole, visit, binaryen.LoopId);
  return found;
}

/** The functions that a loop of the user's may call, and those that are given to loops of the library. */
function repeatedFunctions(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  users: readonly PlacedFunction[],
  graph: CallGraph,
): Set<string> {
  const found = new Set(users.map(({ name }) => name).filter((name) => GIVEN.test(name)));
  for (const { name } of users) {
    const { body: whole } = binaryen.getFunctionInfo(module.getFunction(name));
    const visit = (_: number, { body }: ExpressionInfo): void =>
      void walkExpressions(binaryen, body as number, (_, call) => {
        if (call.id === binaryen.CallId) found.add(call["target"] as string);
        // The called function is not known here: it may be any that this function can call.
        else if (call.id === binaryen.CallIndirectId)
          for (const callee of graph.calleesOf(name)) found.add(callee);
      });
    walkExpressions(binaryen, whole, visit, binaryen.LoopId);
  }
  for (const name of found)
    if (!INNER.test(name)) for (const callee of graph.calleesOf(name)) found.add(callee);
  return found;
}

/** The cost of a turn of a loop. */
function costOf(binaryen: Binaryen, body: number, graph: CallGraph): number {
  const called = new Set<string>();
  let isKnown = true;
  walkExpressions(binaryen, body, (_, { id, target }) => {
    if (id === binaryen.CallId) called.add(target as string);
    if (id === binaryen.CallIndirectId) isKnown = false;
  });
  if (!isKnown) return ASKING;
  if (called.size === 0) return 1;
  for (const name of called) {
    if (HOST.test(name) || name === CATCHING) return ASKING;
    if (!name.startsWith(PACKAGE)) for (const callee of graph.calleesOf(name)) called.add(callee);
  }
  return CALLING;
}

/** The first place within an expression: the compiler keeps none for loops themselves. */
function firstRange(binaryen: Binaryen, expression: number, placed: PlacedFunction): Range | undefined {
  let first: Range | undefined;
  walkPlaced(binaryen, expression, placed, (_, range) => {
    if (range !== undefined && (first === undefined || range.start < first.start)) first = range;
  });
  return first;
}

function countRecursion(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  users: readonly PlacedFunction[],
  graph: CallGraph,
  entries: Entries,
): boolean {
  const among = new Set<string>();
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (!base && !INNER.test(name)) among.add(name);
  }
  const recursive = users.filter(({ name }) => graph.reachableFrom(name, among).has(name));
  if (recursive.length === 0) return false;
  // One that waits is under way while it is not on the stack.
  const waiting = waitingFunctions(new CallGraph(module, binaryen));
  let found = false;
  for (const placed of recursive) {
    if (waiting.has(placed.name)) continue;
    found = true;
    const { name } = placed;
    const { params, results, vars, body } = binaryen.getFunctionInfo(module.getFunction(name));
    const types = binaryen.expandType(params);
    const size = module.i32.const(128 + 16 * (types.length + vars.length));
    const inner = `${name}|counted`;
    module.addFunction(inner, params, results, [...vars], body);
    const call = module.call(
      inner,
      types.map((type, index) => module.local.get(index, type)),
      results,
    );
    const place = said(module, entries, RECURSION, firstRange(binaryen, body, placed) ?? placed.declared);
    const before = module.call(BUDGET.descend, [size, ...place], binaryen.none);
    const after = module.call(BUDGET.ascend, [module.copyExpression(size)], binaryen.none);
    module.removeFunction(name);
    if (results === binaryen.none)
      module.addFunction(name, params, results, [], module.block(null, [before, call, after]));
    else {
      const kept = types.length;
      const parts = [before, module.local.set(kept, call), after, module.local.get(kept, results)];
      module.addFunction(name, params, results, [results], module.block(null, parts, results));
    }
  }
  return found;
}

/** The message and the place that a bug is told with. */
function said(
  module: binaryenTypes.Module,
  entries: Entries,
  message: string,
  range: Range | undefined,
): number[] {
  return [
    module.i32.const(entries.offsetOf(message)),
    module.i32.const(range === undefined ? 0 : encodePlace(range, entries)),
  ];
}
