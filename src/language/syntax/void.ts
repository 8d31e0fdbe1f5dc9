/**
 * `void x`, by which TypeScript says that a value is not wanted.
 *
 * @module
 */
import type { ReturnStatement, UnaryExpression } from "@babel/types";
import { addRule } from "./lowering.js";
import { bare, type Syntax } from "./tree.js";

/** The expression behind `void`; undefined for any other expression. */
function unwanted(node: unknown): Syntax | undefined {
  const expression = bare(node);
  if (expression.type !== "UnaryExpression" || expression.operator !== "void") return undefined;
  return expression.argument as Syntax;
}

addRule<ReturnStatement>(
  "ReturnStatement",
  (node, l) => {
    const value = node.argument ? unwanted(node.argument) : undefined;
    return value && l.make(node, "{ ", l.lower(value), "; return; }");
  },
  true,
);

addRule<UnaryExpression & Syntax>(
  "UnaryExpression",
  (node, l) => {
    const value = unwanted(node);
    if (value === undefined) return undefined;
    const parent = l.parent(node);
    if (parent?.type === "ExpressionStatement") return l.lower(value);
    if (parent?.type === "ArrowFunctionExpression" && (parent.body as Syntax) === node)
      return l.make(node, "{ ", l.lower(value), "; }");
    // `void 0` is how some write undefined.
    return value.type === "NumericLiteral" ? l.make(node, "null") : l.refuse(node, "voidValue");
  },
  true,
);
