/**
 * The runtime that flow needs: one that collects between callbacks only, when all that suspended functions need is where
 * flow can find it.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "./build-error.js";
import type { CompilerHooks } from "./compiler.js";
import { PACKAGE } from "./syntax.js";

/** The compiler's number for the runtime `minimal`. */
const MINIMAL = 1;

const UNMARKED = `${PACKAGE}assembly/flow/stack/unmarkedObjects`;
const ALLOCATE = "~lib/rt/tcms/__new";
const LIST = "~lib/rt/tcms/fromSpace";

/** Fails the build when it uses another runtime. */
export function checkFlowRuntime({ options }: Program): void {
  if ((options.runtime as number) === MINIMAL) return;
  throw new BuildError(
    'flow needs the runtime "minimal", whose collector can be shown what waits; remove "runtime" from asconfig.json.',
  );
}

/** A part of binaryen's interface that its types leave out. */
interface FunctionBody {
  Function: { setBody(reference: number, body: number): void };
}

/** Lets flow see the collector's list of objects, and the collector see objects that are still being made. */
export function linkCollector(module: binaryenTypes.Module, binaryen: CompilerHooks["binaryen"]): void {
  const unmarked = module.getFunction(UNMARKED);
  if (unmarked === 0) return;
  if (module.getGlobal(LIST) === 0 || module.getFunction(ALLOCATE) === 0)
    throw new BuildError("flow does not know this compiler's collector; use AssemblyScript 0.28.20.");
  (binaryen as unknown as FunctionBody).Function.setBody(unmarked, module.global.get(LIST, binaryen.i32));
  clearObjects(module, binaryen);
}

/**
 * Makes `__new` answer memory that is zero. The runtime leaves that to constructors and literals, which fill what they have
 * allocated before anything is collected; but `[fetch(a), fetch(b)]` waits in between.
 */
function clearObjects(module: binaryenTypes.Module, binaryen: CompilerHooks["binaryen"]): void {
  const allocate = module.getFunction(ALLOCATE);
  const { params, results, vars, body } = binaryen.getFunctionInfo(allocate);
  const raw = `${ALLOCATE}|raw`;
  module.addFunction(raw, params, results, vars, module.copyExpression(body));
  const { local, memory, i32 } = module;
  const size = local.get(0, binaryen.i32);
  const id = local.get(1, binaryen.i32);
  // The id's parameter is free by then.
  const cleared = module.block(
    null,
    [
      local.set(1, module.call(raw, [size, id], binaryen.i32)),
      memory.fill(local.get(1, binaryen.i32), i32.const(0), local.get(0, binaryen.i32)),
      local.get(1, binaryen.i32),
    ],
    results,
  );
  (binaryen as unknown as FunctionBody).Function.setBody(allocate, cleared);
}
