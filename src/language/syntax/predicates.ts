/**
 * Functions whose result is a condition: `xs.filter((x) => x)` keeps what is true in TypeScript.
 *
 * @module
 */
import type { ReturnStatement } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { maybe, scopeOf } from "./maybe.js";
import type { Piece } from "./pieces.js";
import { bare, methodCall, type Syntax } from "./tree.js";

/** The methods of lists that ask a function about each element. */
export const PREDICATES = /^(filter|some|every|find|findIndex|findLast|findLastIndex)$/;

const FUNCTION = /^(ArrowFunctionExpression|FunctionExpression)$/;

/** Tells whether a function is given to a method of that name: a form decides by types what its result means. */
export function isPredicate(node: Syntax, l: Lowering): boolean {
  if (!FUNCTION.test(node.type)) return false;
  const call = l.parent(node);
  const method = call?.type === "CallExpression" ? methodCall(call) : undefined;
  return method !== undefined && PREDICATES.test(method.method) && method.args[0] === node;
}

/** Tells whether an expression shows that it is a boolean. */
function isBoolean(node: Syntax): boolean {
  const expression = bare(node);
  switch (expression.type) {
    case "BooleanLiteral":
      return true;
    case "UnaryExpression":
      return expression.operator === "!";
    case "BinaryExpression":
      return /^([<>]=?|[=!]==?|in|instanceof)$/.test(expression.operator);
    case "LogicalExpression":
      return isBoolean(expression.left as Syntax) && isBoolean(expression.right as Syntax);
    default:
      return false;
  }
}

/** The result of a predicate; undefined where it shows that it is a boolean. */
export function truthOf(node: Syntax, l: Lowering): Piece[] | undefined {
  return isBoolean(node) ? undefined : l.make(node, "__language_truth(", maybe(node, l), ")");
}

addRule<ReturnStatement & Syntax>(
  "ReturnStatement",
  (node, l) => {
    const value = node.argument as Syntax | null | undefined;
    if (!value || !isPredicate(scopeOf(node, l), l)) return undefined;
    const truth = truthOf(value, l);
    return truth && l.make(node, "return ", truth, ";");
  },
  true,
);
