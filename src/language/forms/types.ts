/**
 * The compiler's types, as forms need them.
 *
 * @module
 */
import type { Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";

interface TypeClass {
  readonly void: Type;
  readonly auto: Type;
  readonly bool: Type;
  readonly i32: Type;
  readonly f64: Type;
  commonType(left: Type, right: Type, contextualType: Type): Type | null;
}

/** The compiler's class of types. */
export const Types = (assemblyscript as unknown as { Type: TypeClass }).Type;

/** Constraints of the compiler: a small integer has to be wrapped; a value is dropped at once. */
export const MUST_WRAP = 4;

/** Tells whether nothing comes of it. */
export function isVoid(type: Type): boolean {
  return (type.kind as number) === (Types.void.kind as number);
}

/** The contextual type of a value that is needed although the whole is dropped. */
export function valueContext(type: Type): Type {
  return isVoid(type) ? Types.auto : type;
}

/** The common type into which both types fit; null when there is none. */
export function commonType(left: Type, right: Type, contextualType: Type): Type | null {
  return Types.commonType(left, right, contextualType);
}
