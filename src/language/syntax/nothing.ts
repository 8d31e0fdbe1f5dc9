/**
 * `null` and `undefined` as they are written.
 *
 * @module
 */
import type { Lowering } from "./lowering.js";
import { bare, type Syntax } from "./tree.js";

/** Tells whether an expression is null or undefined as it is written. */
export function isNothing(node: Syntax, l: Lowering): boolean {
  const expression = bare(node);
  if (expression.type === "NullLiteral") return true;
  return expression.type === "Identifier" && expression.name === "undefined" && l.isGlobal("undefined");
}
