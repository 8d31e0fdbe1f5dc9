/**
 * Lists that are spread into a rest parameter: `f(...values)`, marked as `f(__language_spread(values))`.
 *
 * @module
 */
import type { CallExpression, Compiler, Expression, Node, Signature } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineForm, formOf } from "../../transform/compiler/forms-hook.js";
import { around, once } from "../../transform/compiler/patches.js";
import { compilerMethods } from "../../transform/compiler/tables.js";
import { sentences } from "../sentences/table.js";
import { refuse } from "./helpers.js";

const make = assemblyscript.Node;
const SPREAD = "__language_spread";

defineForm(SPREAD, {
  compile: (compiler, call) => refuse(compiler, call, sentences.spreadCall),
  resolve: () => null,
});

/** The list that is spread; undefined for other arguments. */
function listOf(argument: Expression): Expression | undefined {
  if (formOf(argument) === undefined) return undefined;
  const { expression, args } = argument as CallExpression;
  return (expression as unknown as { text: string }).text === SPREAD ? args[0] : undefined;
}

function call(name: string, args: Expression[], { range }: Node): Expression {
  return make.createCallExpression(make.createIdentifierExpression(name, range), null, args, range);
}

/** One array of values and lists. */
function arrayOf(args: readonly Expression[], place: Node): Expression {
  const literal = make.createArrayLiteralExpression([], place.range);
  const values = args.flatMap((arg) => {
    const list = listOf(arg);
    return list?.kind === literal.kind && "elementExpressions" in list
      ? (list.elementExpressions as Expression[])
      : [arg];
  });
  let whole: Expression | undefined;
  for (let at = 0; at < values.length;) {
    const list = listOf(values[at]!);
    let part: Expression;
    if (list !== undefined) {
      part = call("__language_array", [list], place);
      at++;
    } else {
      const from = at;
      while (at < values.length && listOf(values[at]!) === undefined) at++;
      part = make.createArrayLiteralExpression(values.slice(from, at), place.range);
    }
    if (whole === undefined) whole = part;
    else {
      const isFirst = whole.kind === literal.kind;
      // The list has the type, and the values are converted to it.
      whole = isFirst
        ? call("__language_prepend", [part, whole], place)
        : call("__language_extend", [whole, part], place);
    }
  }
  return whole ?? literal;
}

/** Has lists taken by rest parameters. */
export const compileRest = once(() => {
  around<(this: Compiler, args: Expression[], signature: Signature, place: Node) => Expression[]>(
    compilerMethods,
    "adjustArgumentsForRestParams",
    (original) =>
      function (args, signature, place) {
        const fixed = signature.parameterTypes.length - 1;
        if (!signature.hasRest || !args.slice(fixed).some((arg) => listOf(arg) !== undefined))
          return original.call(this, args, signature, place);
        return [...args.slice(0, fixed), arrayOf(args.slice(fixed), place)];
      },
  );
});
