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

/** Lets flow see the collector's list of objects. */
export function linkCollector(module: binaryenTypes.Module, binaryen: CompilerHooks["binaryen"]): void {
  const unmarked = module.getFunction(UNMARKED);
  if (unmarked === 0) return;
  if (module.getGlobal(LIST) === 0)
    throw new BuildError("flow does not know this compiler's collector; use AssemblyScript 0.28.20.");
  (binaryen as unknown as FunctionBody).Function.setBody(unmarked, module.global.get(LIST, binaryen.i32));
}
