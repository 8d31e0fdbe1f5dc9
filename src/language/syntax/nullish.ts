/**
 * `a ?? b`.
 *
 * @module
 */
import type { LogicalExpression } from "@babel/types";
import { addRule } from "./lowering.js";

addRule<LogicalExpression>("LogicalExpression", (node, lowering) => {
  if (node.operator !== "??") return undefined;
  const { left, right } = node;
  return lowering.make(node, "__language_nullish(", lowering.lower(left), ", ", lowering.lower(right), ")");
});
