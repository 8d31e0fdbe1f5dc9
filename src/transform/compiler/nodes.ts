/**
 * Nodes of the compiler's syntax: those of our own, what stands in parentheses, types that are not written, and `this`.
 *
 * @module
 */
import type { Expression, Node, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";

const { Node: make } = assemblyscript;

interface Nodes {
  createCompiledExpression(code: number, type: Type, range: unknown): Expression;
}

/** A node for code that is compiled. */
export function compiled(code: number, type: Type, { range }: Node): Expression {
  return (make as unknown as Nodes).createCompiledExpression(code, type, range);
}

/** A call that a form compiles (see `forms-hook.ts`). */
export function markedCall(name: string, args: Expression[], { range }: Node): Expression {
  return make.createCallExpression(make.createIdentifierExpression(name, range), null, args, range);
}

/** The expression in all the parentheses around it. */
export function bareOf<T extends Node>(node: T): T {
  let bare = node;
  while (bare.kind === NodeKind["Parenthesized"]) bare = (bare as unknown as { expression: T }).expression;
  return bare;
}

/** Tells whether a type is not written. */
export function isOmitted(type: Node): boolean {
  const { name } = type as unknown as { name?: { identifier: { text: string } } };
  return type.kind === NodeKind["NamedType"] && name?.identifier.text === "";
}

/** The name that `this` has in functions within methods, where it is a variable of theirs. */
export const THIS = "$this";

/** Tells whether an expression is `this`, in a method or in a function within one. */
export function isThis(node: Node): boolean {
  const { kind, text } = node as Node & { text?: string };
  return kind === NodeKind["This"] || (kind === NodeKind["Identifier"] && text === THIS);
}
