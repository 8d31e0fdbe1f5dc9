/**
 * `list.filter((x): x is T => …)`, marked as `__language_guarded(list.filter(…), changetype<T[]>(0))`: a list of what the function
 * says that is left.
 *
 * @module
 */
import type { CallExpression, Expression, Type } from "assemblyscript";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { kindOf } from "./classes.js";
import { typesIn } from "./maybe.js";
import { Types } from "./types.js";

type TypeOf = (expression: Expression) => Type | null;

/** The type of the list; undefined where the function cannot tell more than the list's own. */
function guarded(call: CallExpression, typeOf: TypeOf): Type | undefined {
  const [from, to] = call.args.map((arg) => typeOf(arg)) as [Type | null, Type | null];
  if (from === null || to === null) return undefined;
  const [all, some] = [kindOf(from), kindOf(to)];
  if (all?.name !== "array/Array" || some?.name !== "array/Array") return undefined;
  const [element, wanted] = [all.types[0]!, some.types[0]!];
  return element.isReference && wanted.isReference && wanted.isAssignableTo(element) ? to : undefined;
}

defineForm("__language_guarded", {
  compile(compiler, call, type, constraints) {
    const list = guarded(call, typesIn(compiler));
    const code = list
      ? compiler.compileExpression(call.args[0]!, Types.auto)
      : compiler.compileExpression(call.args[0]!, type, constraints);
    if (list !== undefined) compiler.currentType = list;
    return code;
  },
  resolve(resolver, call, flow, type, mode) {
    const list = guarded(call, (node) => resolver.resolveExpression(node, flow, Types.auto, mode));
    return list ?? resolver.resolveExpression(call.args[0]!, flow, type, mode);
  },
});
