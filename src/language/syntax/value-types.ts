/**
 * Tells of a type, by its text or as it is written, whether it is one of numbers or booleans.
 *
 * @module
 */
import type { Lowering } from "./lowering.js";
import type { Syntax } from "./tree.js";

const valueTypes =
  /^(number|boolean|bool|[iu](8|16|32|64|size)|f32|f64|[iu]size|TSNumberKeyword|TSBooleanKeyword)$/;

/** Tells whether a type is one of numbers or booleans, which have no null. */
export function isValueType(type: string | Syntax, l: Lowering): boolean {
  const text = typeof type === "string" ? type : l.textOf(type);
  return valueTypes.test(text) || l.isNumericName(text);
}

/** Tells whether a type is boolean. */
export function isBooleanType(type: string | Syntax, l: Lowering): boolean {
  const text = typeof type === "string" ? type : l.textOf(type);
  return /^(boolean|bool|TSBooleanKeyword)$/.test(text) || l.isBooleanAlias(text);
}

/** Tells whether a type is the number of TypeScript, which may be undefined here, too. */
export function isNumberType(type: string | Syntax, l: Lowering): boolean {
  const text = typeof type === "string" ? type : l.textOf(type);
  return /^(number|f64|TSNumberKeyword)$/.test(text) || l.isNumberAlias(text);
}
