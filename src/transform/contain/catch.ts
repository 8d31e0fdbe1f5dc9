/**
 * Has `abort` throw, and callbacks catch.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { callbacks } from "../../abi.js";
import { THROWS } from "../../wasm/telling.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { CallGraph } from "../flow/calls.js";
import { addData } from "../module/static-data.js";
import { exportsOf, setBody, setGlobal } from "../module/expressions.js";
import type { Entries } from "./entries.js";
import { callbackName } from "./entries.js";
import {
  BUDGET,
  CONSULTED,
  CONTAIN_CALLBACK,
  DO_MORE,
  ENTRIES,
  FINISH,
  HAS_BUGS,
  HAS_MORE,
  LOG,
  RAISE,
  REPORT,
  TAG,
} from "./names.js";

type Binaryen = CompilerHooks["binaryen"];

/**
 * The function that callbacks call for a caught bug: it ends the request or connection, and goes on with other work that is due.
 */
const CATCHER = "proxy-wasm-as/catch";

const STACK_POINTER = "~lib/memory/__stack_pointer";

/** A callback that the host calls in the middle of its own calls. It answers 0 when there is no memory. */
const ALLOCATOR = "proxy_on_memory_allocate";

/** Wraps every callback in which something can be thrown. */
export function catchInCallbacks(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  entries: Entries,
  hasBugs: boolean,
  spends: boolean,
  tells: boolean,
): void {
  const graph = new CallGraph(module, binaryen, true);
  const catches = module.getTag(TAG) !== 0;
  if (!graph.has(RAISE)) return;
  const failing = graph.callersOf(RAISE, "");
  const exported = exportsOf(module, binaryen).filter(
    ({ name, kind, value }) =>
      kind === binaryen.ExternalFunction &&
      (callbacks.has(name) || name === "_initialize") &&
      failing.has(value),
  );
  if (exported.length === 0 && !catches) return;
  module.setFeatures(module.getFeatures() | binaryen.Features.ExceptionHandling);
  if (!catches) module.addTag(TAG, binaryen.none, binaryen.none);
  const thrown = module.throw(TAG, []);
  setBody(
    binaryen,
    module.getFunction(RAISE),
    tells ? module.block(null, [tellOfThrow(module, binaryen), thrown]) : thrown,
  );
  if (!hasBugs) setGlobal(module, binaryen, HAS_BUGS, 0);
  addCatcher(module, binaryen);
  const entryOf = (callback: string): number => (hasBugs ? entries.offsetOf(callback) : 0);
  for (const { name, value } of exported)
    wrap(module, binaryen, name, value, name === ALLOCATOR ? 0 : entryOf(callbackName(name)), spends);
  for (const name of CONSULTED) {
    const reference = module.getFunction(name);
    if (reference === 0) continue;
    const report = module.call(REPORT, [module.i32.const(entryOf("onError"))], binaryen.none);
    const handler = module.block(null, [report, module.i32.const(0)], binaryen.i32);
    guard(module, binaryen, name, binaryen.getFunctionInfo(reference).body, handler);
  }
  if (hasBugs) setGlobal(module, binaryen, ENTRIES, addData(module, binaryen, entries.bytes));
}

/** Lets the embedded host see what is running, which an exception does not tell. */
function tellOfThrow(module: binaryenTypes.Module, { i32 }: Binaryen): number {
  const args = [module.i32.const(THROWS), module.i32.const(0), module.i32.const(0)];
  return module.drop(module.call(LOG, args, i32));
}

function addCatcher(module: binaryenTypes.Module, binaryen: Binaryen): void {
  const { i32, none } = binaryen;
  const contain = (): number => module.call(CONTAIN_CALLBACK, [module.local.get(0, i32)], i32);
  const more =
    module.getFunction(HAS_MORE) === 0
      ? module.nop()
      : module.loop(
          "more",
          module.if(
            module.call(HAS_MORE, [], i32),
            module.block(null, [
              module.try("", module.call(DO_MORE, [], none), [TAG], [module.drop(contain())]),
              module.br("more"),
            ]),
          ),
        );
  const body = [
    module.local.set(1, contain()),
    more,
    module.call(FINISH, [], none),
    module.local.get(1, i32),
  ];
  module.addFunction(CATCHER, i32, i32, [i32], module.block(null, body, i32));
}

/** Has a callback catch what is thrown in it. */
function wrap(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  name: string,
  value: string,
  entry: number,
  spends: boolean,
): void {
  const { none } = binaryen;
  const { results, body: own } = binaryen.getFunctionInfo(module.getFunction(value));
  const body =
    name === ALLOCATOR || !spends
      ? own
      : module.block(null, [module.call(BUDGET.begin, [], none), own], results);
  const caught = (): number => module.call(CATCHER, [module.i32.const(entry)], binaryen.i32);
  let handler: number;
  if (name === "_initialize")
    handler = module.block(null, [
      module.call(REPORT, [module.i32.const(entry)], none),
      module.unreachable(),
    ]);
  else if (name === ALLOCATOR) handler = module.i32.const(0);
  else handler = results === none ? module.drop(caught()) : caught();
  guard(module, binaryen, value, body, handler);
}

/** Puts a function's body into `try`, with a handler that has its result. */
function guard(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  value: string,
  body: number,
  handler: number,
): void {
  const { i32 } = binaryen;
  const reference = module.getFunction(value);
  const { params, results, vars } = binaryen.getFunctionInfo(reference);
  if (module.getGlobal(STACK_POINTER) === 0) {
    setBody(binaryen, reference, module.try("", body, [TAG], [handler]));
    return;
  }
  // The collector would look for objects where the stack ends.
  const saved = binaryen.expandType(params).length + vars.length;
  const inner = module.copyExpression(body);
  module.removeFunction(value);
  const restore = module.global.set(STACK_POINTER, module.local.get(saved, i32));
  const guarded = module.try("", inner, [TAG], [module.block(null, [restore, handler], results)]);
  const save = module.local.set(saved, module.global.get(STACK_POINTER, i32));
  module.addFunction(value, params, results, [...vars, i32], module.block(null, [save, guarded], results));
}
