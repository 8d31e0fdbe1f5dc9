/**
 * Goes through statements before they are compiled, with the types of the variables that they declare.
 *
 * @module
 */
import type { Expression, Flow, Node, Resolver, Type, VariableDeclaration } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { isOmitted } from "./nodes.js";
import { SWALLOW } from "./tables.js";

const { Type: Types } = assemblyscript;

/** How an expression is used: it is returned, becomes a variable of a type, or is anything else. */
export type Use = "returned" | "other" | Type;

/** A function that is called for an expression. */
export type Each = (node: Expression, flow: Flow, use: Use) => void;

const blocks = new Set(
  ["Block", "For", "If", "While", "Do", "Switch", "SwitchCase", "Try"].map((name) => NodeKind[name]),
);

/** Calls `each` for the expressions of statements in their order, with a flow that knows the variables there. */
export function eachExpression(
  resolver: Resolver,
  flow: Flow,
  statements: readonly Node[],
  each: Each,
): void {
  for (const statement of statements) look(resolver, flow, statement, each);
}

function look(resolver: Resolver, flow: Flow, node: Node, each: Each): void {
  if (node.kind === NodeKind["Return"]) {
    const { value } = node as unknown as { value: Expression | null };
    if (value !== null) each(value, flow, "returned");
    return;
  }
  if (node.kind === NodeKind["Expression"])
    each((node as unknown as { expression: Expression }).expression, flow, "other");
  if (node.kind === NodeKind["Variable"]) {
    for (const declaration of (node as unknown as { declarations: VariableDeclaration[] }).declarations)
      lookAtVariable(resolver, flow, declaration, each);
    return;
  }
  if (!blocks.has(node.kind)) return;
  const inner = flow.fork();
  const { condition } = node as Node & { condition?: Expression | null };
  if (condition) each(condition, flow, "other");
  for (const [key, value] of Object.entries(node)) {
    if (key === "range") continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && "kind" in child)
        look(resolver, inner, child as Node, each);
  }
}

/** Calls `each` for what a variable begins with, and tells the flow its type. */
function lookAtVariable(resolver: Resolver, flow: Flow, declaration: VariableDeclaration, each: Each): void {
  const { type: written, initializer } = declaration as unknown as {
    type: Node | null;
    initializer: Expression | null;
  };
  const type =
    written !== null && !isOmitted(written)
      ? resolver.resolveType(
          written as never,
          flow,
          flow.sourceFunction.parent,
          flow.contextualTypeArguments,
          SWALLOW,
        )
      : initializer && resolver.resolveExpression(initializer, flow, Types.auto, SWALLOW);
  if (initializer) each(initializer, flow, written !== null && type ? type : "other");
  if (type) flow.addScopedDummyLocal(declaration.name.text, type, declaration);
}
