/**
 * The meaning of operators between numbers, where the compiler would give them another one than TypeScript. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { BinaryExpression, Expression, Flow, Resolver, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { Token } from "./compiler.js";
import { constantIn } from "./constants.js";
import { LARGE } from "./conversions.js";
import { isNumberLiteral, isShifted, isUnsignedShift } from "./operator-syntax.js";
import { SWALLOW } from "./tables.js";
import { isUnsigned } from "./written-types.js";

const { Type: Types } = assemblyscript;

/** Binaryen's operations on whole numbers, by operator. */
export const bitwise = new Map<number, string>([
  [Token["Ampersand"]!, "AndI32"],
  [Token["Bar"]!, "OrI32"],
  [Token["Caret"]!, "XorI32"],
  [Token["LessThan_LessThan"]!, "ShlI32"],
  [Token["GreaterThan_GreaterThan"]!, "ShrI32"],
  [Token["GreaterThan_GreaterThan_GreaterThan"]!, "ShrU32"],
]);

/** Binaryen's comparisons of numbers, by operator. */
export const comparisons = new Map<number, string>([
  [Token["LessThan"]!, "LtF64"],
  [Token["LessThan_Equals"]!, "LeF64"],
  [Token["GreaterThan"]!, "GtF64"],
  [Token["GreaterThan_Equals"]!, "GeF64"],
  [Token["Equals_Equals"]!, "EqF64"],
  [Token["Equals_Equals_Equals"]!, "EqF64"],
  [Token["Exclamation_Equals"]!, "NeF64"],
  [Token["Exclamation_Equals_Equals"]!, "NeF64"],
]);

/** The meaning of an operator with numbers in TypeScript, if the compiler would give it another one. */
export type Meaning =
  "division" | "product" | "sum" | "difference" | "constant" | "bitwise" | "unsigned" | "comparison";

/** The meaning of an operator that stands between numbers; undefined where the compiler has it. */
export function meaningOf(
  resolver: Resolver,
  flow: Flow,
  node: BinaryExpression,
  context: Type,
): Meaning | undefined {
  const { operator, left, right } = node;
  if (comparisons.has(operator)) return isMixed(resolver, flow, left, right) ? "comparison" : undefined;
  const wantsWhole = context.isIntegerValue && context !== Types.auto && context !== Types.bool;
  const isBitwise = bitwise.has(operator);
  const arithmetic = [Token["Plus"], Token["Minus"], Token["Asterisk"], Token["Slash"]].includes(operator);
  if ((!isBitwise && !arithmetic) || (arithmetic && wantsWhole)) return undefined;
  if (arithmetic && operator !== Token["Slash"]) {
    const value = constantIn(resolver, flow, node);
    if (value !== undefined) return value > 2147483647 || value < -2147483648 ? "constant" : undefined;
    const isLargeConstant = (side: Expression): boolean =>
      Math.abs(constantIn(resolver, flow, side) ?? 0) > LARGE;
    // The difference of a number without a sign from another can be less than 0, and such numbers can be twice as large.
    const unsigned = [left, right].filter((side) => isUnsigned(resolver, flow, side));
    const others = [left, right].filter((side) => !isLargeConstant(side));
    if (unsigned.length > 0 && areSmall(resolver, flow, ...others)) {
      if (operator === Token["Minus"]) return "difference";
      if (operator === Token["Asterisk"]) return "product";
      if (unsigned.length === 2 || others.length < 2 || unsigned.some(isUnsignedShift)) return "sum";
    }
    if (operator === Token["Asterisk"])
      return isLargeProduct(resolver, flow, left, right) ? "product" : undefined;
    const isLarge = (side: Expression): boolean => isShifted(side) || isLargeConstant(side);
    if (![left, right].some(isLarge) || !areWhole(resolver, flow, left, right)) return undefined;
    return operator === Token["Plus"] ? "sum" : "difference";
  }
  const typed = (side: Expression): Type | null =>
    resolver.resolveExpression(side, flow, wantsWhole ? context : Types.auto, SWALLOW);
  const [a, b] = [typed(left), typed(right)];
  if (a === null || b === null || !a.isNumericValue || !b.isNumericValue) return undefined;
  if (operator === Token["Slash"]) {
    const isWhole = (type: Type, side: Expression): boolean =>
      isNumberLiteral(side) || (type.isIntegerValue && type.size <= 32);
    if (!isWhole(a, left) || !isWhole(b, right)) return undefined;
    const [x, y] = [constantIn(resolver, flow, left), constantIn(resolver, flow, right)];
    return x !== undefined && y !== undefined && y !== 0 && x % y === 0 ? undefined : "division";
  }
  const isNumber = context.isFloatValue && a.size <= 32 && b.size <= 32;
  if (a.isFloatValue || b.isFloatValue || isNumber) return "bitwise";
  const unsigned = operator === Token["GreaterThan_GreaterThan_GreaterThan"];
  // JavaScript's have a sign, whatever they are given.
  if (!unsigned && !wantsWhole && a.size <= 32 && b.size <= 32)
    if ([left, right].some((side) => isUnsigned(resolver, flow, side))) return "bitwise";
  return unsigned && !wantsWhole && a === Types.i32 && b.size <= 32 ? "unsigned" : undefined;
}

/** Tells whether a number of `>>>` stands beside one with a sign: neither holds the other. */
function isMixed(resolver: Resolver, flow: Flow, left: Expression, right: Expression): boolean {
  const [a, b] = [left, right].map((side) => resolver.resolveExpression(side, flow, Types.auto, SWALLOW));
  return (a === Types.u32 && b === Types.i32) || (a === Types.i32 && b === Types.u32);
}

/** Tells whether a product of whole numbers may be large: only one with a small constant is taken not to be. */
function isLargeProduct(resolver: Resolver, flow: Flow, left: Expression, right: Expression): boolean {
  const isSmall = (side: Expression): boolean => {
    const value = constantIn(resolver, flow, side);
    return value !== undefined && Math.abs(value) <= 0xff;
  };
  return ![left, right].some(isSmall) && areWhole(resolver, flow, left, right);
}

function areWhole(resolver: Resolver, flow: Flow, ...sides: Expression[]): boolean {
  return sides.every((side) => {
    if (constantIn(resolver, flow, side) !== undefined) return true;
    const type = resolver.resolveExpression(side, flow, Types.auto, SWALLOW);
    return type !== null && type.isIntegerValue && type.isSignedIntegerValue && type.size <= 32;
  });
}

function areSmall(resolver: Resolver, flow: Flow, ...sides: Expression[]): boolean {
  return sides.every((side) => {
    const type = resolver.resolveExpression(side, flow, Types.auto, SWALLOW);
    return type !== null && type.isNumericValue && type.isIntegerValue && type.size <= 32;
  });
}

/** The type of what an operator with a meaning answers. */
export function typeOfMeaning(meaning: Meaning, operator: number): Type {
  if (meaning === "comparison") return Types.bool;
  if (meaning === "unsigned") return Types.u32;
  if (meaning !== "bitwise") return Types.f64;
  return operator === Token["GreaterThan_GreaterThan_GreaterThan"] ? Types.u32 : Types.i32;
}
