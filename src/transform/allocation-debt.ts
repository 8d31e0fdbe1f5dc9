/**
 * Lets the SDK know how much has been allocated, so that it collects garbage when that is worth it and never otherwise.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";
import { PACKAGE } from "./syntax.js";

const DEBT = `${PACKAGE}assembly/runtime/collector/debt`;
const COLLECT = `${PACKAGE}assembly/runtime/collector/collectGarbage`;
const ALLOCATE = "~lib/rt/tcms/__new";

/** The header of an object, and what alignment adds to it on average. */
const OVERHEAD = 24;

/** A part of binaryen's interface that its types leave out. */
interface FunctionBody {
  Function: { setBody(reference: number, body: number): void };
}

/**
 * Makes the `minimal` runtime's `__new(size, id)` add its size to the SDK's debt. A module that never allocates needs no
 * collector either.
 */
export function countAllocations(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  optimized: boolean,
): void {
  const { setBody } = (binaryen as unknown as FunctionBody).Function;
  const allocate = module.getFunction(ALLOCATE);
  if (allocate !== 0) {
    const { body, results } = binaryen.getFunctionInfo(allocate);
    const { i32, local, global } = module;
    const debt = global.get(DEBT, binaryen.i32);
    const size = i32.add(local.get(0, binaryen.i32), i32.const(OVERHEAD));
    setBody(allocate, module.block(null, [global.set(DEBT, i32.add(debt, size)), body], results));
  }
  if (!optimized) return;
  // What remains once constants have been followed is what the module can reach.
  module.runPasses(["dae-optimizing", "simplify-globals-optimizing", "remove-unused-module-elements"]);
  const collect = module.getFunction(COLLECT);
  if (module.getFunction(ALLOCATE) === 0 && collect !== 0) setBody(collect, module.nop());
}
