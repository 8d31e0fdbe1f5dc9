/**
 * Array literals whose elements are not constant. The compiler sets each element as `array[i] = …` does, which can grow the
 * array; a literal has the length that it needs, so that a filter which has no other arrays needs no code to grow any.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { Layout } from "../compiler/layout.js";
import type { ExpressionInfo } from "./expressions.js";
import { functionsOf, infoOf, setBlockChild, walkExpressions } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

const NEW_ARRAY = "~lib/rt/__newArray";
const SETTER = /^~lib\/array\/Array<.*>#__set$/;

/**
 * Stores the elements of array literals directly into the arrays. Only for 32-bit words, and for a heap that need not know of the
 * stores.
 */
export function storeArrayLiterals(module: binaryenTypes.Module, binaryen: Binaryen, layout: Layout): void {
  for (const { body } of functionsOf(module, binaryen)) {
    const visit = (block: number, { children }: ExpressionInfo): void =>
      storeElements(module, binaryen, layout, block, children as number[]);
    walkExpressions(binaryen, body, visit, binaryen.BlockId);
  }
}

/** In a block that begins with a new array in a local: stores for the calls that follow, each for the next element. */
function storeElements(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  layout: Layout,
  block: number,
  [first, ...elements]: readonly number[],
): void {
  if (first === undefined) return;
  const local = infoOf(binaryen, first);
  if (local.id !== binaryen.LocalSetId) return;
  const array = infoOf(binaryen, local["value"] as number);
  if (array.id !== binaryen.CallId || array["target"] !== NEW_ARRAY) return;
  const constant = (expression: number): unknown => infoOf(binaryen, expression)["value"];
  const [length, align] = (array["operands"] as number[]).map(constant);
  if (align !== layout.referenceAlign) return;
  for (const [index, element] of elements.entries()) {
    const call = infoOf(binaryen, element);
    if (call.id !== binaryen.CallId || !SETTER.test(call["target"] as string)) return;
    const [target, at, value] = call["operands"] as [number, number, number];
    if (infoOf(binaryen, target)["index"] !== local["index"]) return;
    if (constant(at) !== index || index >= (length as number)) return;
    // A float takes as many bytes, and is stored by another instruction.
    if (infoOf(binaryen, value).type !== binaryen.i32) return;
    const start = module.i32.load(layout.dataStart, 4, target);
    setBlockChild(
      binaryen,
      block,
      index + 1,
      module.i32.store(index << layout.referenceAlign, 4, start, value),
    );
  }
}
