/**
 * Constructors of classes that only others extend. The compiler lets each make its own object when it is called without
 * one, as `new` does; where nobody writes `new`, the constructor of the extending class has made it.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { callsOf, functionsOf, infoOf, setBlockChild } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

const CONSTRUCTOR = /#constructor$/;

/** Takes the allocation out of constructors that are called by those of extending classes alone. */
export function dropAllocations(module: binaryenTypes.Module, binaryen: Binaryen): void {
  const info = (expression: number) => infoOf(binaryen, expression);
  const isThis = ({ id, index }: ReturnType<typeof info>): boolean =>
    id === binaryen.LocalGetId && index === 0;
  const calls = callsOf(module, binaryen);
  if (calls === undefined) return;
  const made = new Set<string>();
  for (const { caller, callee, operands } of calls) {
    const isSuper = CONSTRUCTOR.test(caller) && operands.length > 0 && isThis(info(operands[0]!));
    if (!isSuper) made.add(callee);
  }
  for (const { name, body } of functionsOf(module, binaryen)) {
    if (!CONSTRUCTOR.test(name) || made.has(name)) continue;
    const block = info(body);
    if (block.id !== binaryen.BlockId) continue;
    const [first] = block["children"] as number[];
    const { id, condition, ifTrue, ifFalse } = info(first!);
    if (id !== binaryen.IfId || ifFalse !== 0) continue;
    const { id: unary, op, value } = info(condition as number);
    if (unary !== binaryen.UnaryId || op !== binaryen.EqZInt32 || !isThis(info(value as number))) continue;
    const { id: set, index } = info(ifTrue as number);
    if (set === binaryen.LocalSetId && index === 0) setBlockChild(binaryen, body, 0, module.nop());
  }
}
