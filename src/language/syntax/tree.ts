/**
 * Walking a syntax tree.
 *
 * @module
 */
import type { CallExpression, Node } from "@babel/types";

/** A syntax node with its place. */
export type Syntax = Node & { start: number; end: number };

const children = new WeakMap<Syntax, readonly Syntax[]>();

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Syntax): readonly Syntax[] {
  const known = children.get(node) ?? findChildren(node);
  children.set(node, known);
  return known;
}

function findChildren(node: Syntax): Syntax[] {
  const found: Syntax[] = [];
  const add = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === "object" && value !== null && "type" in value && "start" in value)
      found.push(value as Syntax);
  };
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key === "extra" || key.endsWith("Comments") || key === "tokens" || key === "errors")
      continue;
    add(value);
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Calls `visit` for a node and all below it, outer ones first; not below one for which it answers false. */
export function walk(node: unknown, visit: (node: Syntax) => boolean | void): void {
  if (visit(node as Syntax) === false) return;
  for (const child of childrenOf(node as Syntax)) walk(child, visit);
}

/** An expression without the parentheses around it. */
export function bare(node: unknown): Syntax {
  let syntax = node as Syntax;
  while (syntax.type === "ParenthesizedExpression") syntax = syntax.expression as Syntax;
  return syntax;
}

/** Tells whether it does no harm to evaluate an expression twice. */
export function isRepeatable(node: Syntax): boolean {
  const expression = bare(node);
  if (expression.type === "Identifier" || expression.type === "ThisExpression") return true;
  if (expression.type === "StringLiteral" || expression.type === "NumericLiteral") return true;
  if (expression.type === "TSNonNullExpression") return isRepeatable(expression.expression as Syntax);
  if (expression.type !== "MemberExpression") return false;
  const { object, property, computed } = expression;
  return isRepeatable(object as Syntax) && (!computed || isRepeatable(property as Syntax));
}

/** A call of a method by its name. */
export interface MethodCall {
  readonly object: Syntax;
  readonly method: string;
  readonly args: readonly Syntax[];
}

/** `object.method(…)`; undefined for other calls. */
export function methodCall(node: CallExpression): MethodCall | undefined {
  const callee = node.callee as Syntax;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  const { object, property } = callee;
  if (property.type !== "Identifier") return undefined;
  return {
    object: object as Syntax,
    method: property.name,
    args: node.arguments as Syntax[],
  };
}
