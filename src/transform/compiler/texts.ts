/**
 * Texts among the compiler's types.
 *
 * @module
 */
import type { Compiler, Expression, Node, Program, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { SWALLOW } from "./tables.js";

/** The compiler's own methods that its types hide. */
export type Inside = Omit<Compiler, "currentType"> &
  Compiler & {
    makeToString(value: number, type: Type, place: Node): number;
  };

/** Tells whether a type is that of texts, null or not. */
export function isText(program: Program, type: Type | null): boolean {
  return type !== null && type.getClass() === program.stringInstance;
}

/** The type of an expression where the compiler is; null when it has none. */
export function typeOf({ resolver, currentFlow }: Compiler, node: Expression): Type | null {
  return resolver.resolveExpression(node, currentFlow, assemblyscript.Type.auto, SWALLOW);
}
