/**
 * Changes in a compiled module that binaryen's own interface does not have in one call.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";

type Binaryen = CompilerHooks["binaryen"];

/** Replaces a global variable's initial value, if the module has the variable. */
export function setGlobal(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  name: string,
  value: number,
): void {
  if (module.getGlobal(name) === 0) return;
  module.removeGlobal(name);
  module.addGlobal(name, binaryen.i32, true, module.i32.const(value));
}

/** A part of binaryen's interface that its types leave out. */
interface FunctionBody {
  Function: { setBody(reference: number, body: number): void };
}

/** Replaces what a function does. */
export function setBody(binaryen: Binaryen, reference: number, body: number): void {
  (binaryen as unknown as FunctionBody).Function.setBody(reference, body);
}
