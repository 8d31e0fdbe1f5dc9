/**
 * Variables that begin with a whole number and get others later: TypeScript's `number`.
 *
 * @module
 */
import type { VariableDeclarator } from "@babel/types";
import type { Lowering } from "./lowering.js";
import { scopeOf } from "./maybe.js";
import { bare, walk, type Syntax } from "./tree.js";

/** Whether a variable without a type that begins with a whole number is given what no i32 can hold. */
export function isNumberVariable(node: Syntax & VariableDeclarator, l: Lowering): boolean {
  const id = node.id as Syntax;
  if (id.type !== "Identifier" || id.typeAnnotation || !node.init || !isWhole(node.init as Syntax))
    return false;
  const { name } = id;
  let found = false;
  walk(scopeOf(node, l), (inner) => {
    if (found) return false;
    if (inner.type !== "AssignmentExpression") return true;
    const target = bare(inner.left);
    if (target.type !== "Identifier" || target.name !== name) return true;
    const { operator } = inner;
    if (/^(\*\*?|\/)=$/.test(operator)) found = true;
    else if (/^[-+]?=$/.test(operator)) found = hasFraction(inner.right as Syntax, l);
    return true;
  });
  return found;
}

function isWhole(node: Syntax): boolean {
  const value = bare(node);
  if (value.type === "UnaryExpression" && value.operator === "-") return isWhole(value.argument as Syntax);
  return value.type === "NumericLiteral" && Number.isInteger(value.value) && Math.abs(value.value) < 2 ** 31;
}

/** Whether a value may be more than a whole number of 32 bits, as it is written. */
function hasFraction(node: Syntax, l: Lowering): boolean {
  const value = bare(node);
  switch (value.type) {
    case "NumericLiteral":
      return !Number.isInteger(value.value) || value.value > 2147483647;
    case "BinaryExpression":
      if (/^(\*\*?|\/)$/.test(value.operator)) return true;
      return (
        /^[-+%]$/.test(value.operator) &&
        [value.left, value.right].some((side) => hasFraction(side as Syntax, l))
      );
    case "UnaryExpression":
      return /^[-+]$/.test(value.operator) && hasFraction(value.argument as Syntax, l);
    case "ConditionalExpression":
      return [value.consequent, value.alternate].some((side) => hasFraction(side as Syntax, l));
    case "CallExpression":
      return /^(Math\.\w+|parseFloat|parseInt|Number)$/.test(l.textOf(value.callee));
    default:
      return false;
  }
}
