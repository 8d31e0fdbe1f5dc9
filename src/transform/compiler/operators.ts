/**
 * Operators on numbers as TypeScript means them, where the compiler has whole numbers: divisions keep their fraction, constants
 * and products their size, bitwise operators take any number, and what a condition compares are values. For users' sources only.
 * Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  Compiler,
  Expression,
  Flow,
  Program,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { Token } from "./compiler.js";
import { constantIn } from "./constants.js";
import { callLibrary, libraryFunction } from "./library.js";
import { bitwise, comparisons, meaningOf, typeOfMeaning, type Meaning } from "./operator-meaning.js";
import { isNumberLiteral, isPlace } from "./operator-syntax.js";
import { around } from "./patches.js";
import { Builds, CONVERT, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";
import { isUnsigned } from "./written-types.js";

const { BinaryOp, UnaryOp } = tables as Record<"BinaryOp" | "UnaryOp", Record<string, number>>;
const { Type: Types } = assemblyscript;

const builds = new Builds(install);

/** Has the operators of a program's user sources compiled as TypeScript means them. */
export function compileOperators(program: Program): void {
  builds.add(program);
}

const floatOperations: Readonly<Partial<Record<Meaning, string>>> = {
  division: "DivF64",
  product: "MulF64",
  sum: "AddF64",
  difference: "SubF64",
};

function install(): void {
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        const spread = builds.has(this, node) ? compoundOf(this, node) : undefined;
        if (spread !== undefined) return this.compileExpression(spread, type, constraints);
        const meaning = builds.has(this, node)
          ? meaningOf(this.resolver, this.currentFlow, node, type)
          : undefined;
        if (meaning !== undefined) return compileMeaning(this, node, meaning);
        return original.call(this, node, builds.has(this, node) ? wantedOf(node, type) : type, constraints);
      },
  );
  around<(this: Resolver, node: BinaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveBinaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        const meaning = builds.has(this, node) ? meaningOf(this, flow, node, type) : undefined;
        return meaning === undefined
          ? original.call(this, node, flow, type, mode)
          : typeOfMeaning(meaning, node.operator);
      },
  );
  around<(this: Compiler, node: UnaryPrefixExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileUnaryPrefixExpression",
    (original) =>
      function (node, type, constraints) {
        const isOurs = builds.has(this, node);
        if (isOurs && negatesWhole(this.resolver, this.currentFlow, node, type)) {
          const code = this.compileExpression(node.operand, Types.f64, CONVERT);
          this.currentType = Types.f64;
          return this.module.unary(UnaryOp["NegF64"]!, code);
        }
        const inverts = node.operator === Token["Tilde"] && isOurs;
        if (!inverts || !isInverted(this.resolver, this.currentFlow, node.operand, type)) {
          const isCondition = isOurs && type === Types.bool && node.operator !== Token["Exclamation"];
          return original.call(this, node, isCondition ? Types.auto : type, constraints);
        }
        const code = wholeOf(this, node.operand);
        this.currentType = Types.i32;
        return this.module.binary(BinaryOp["XorI32"]!, code, this.module.i32(-1));
      },
  );
  around<(this: Resolver, node: UnaryPrefixExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveUnaryPrefixExpression",
    (original) =>
      function (node, flow, type, mode) {
        const inverts = node.operator === Token["Tilde"] && builds.has(this, node);
        if (inverts && isInverted(this, flow, node.operand, type)) return Types.i32;
        if (builds.has(this, node) && negatesWhole(this, flow, node, type)) return Types.f64;
        return original.call(this, node, flow, type, mode);
      },
  );
}

/** Tells whether `~x` is that of JavaScript's numbers: `x` is one, or the literal of one where a number is wanted. */
function isInverted(resolver: Resolver, flow: Flow, operand: Expression, type: Type): boolean {
  return isFloat(resolver, flow, operand) || (type.isFloatValue && isNumberLiteral(operand));
}

/**
 * Tells whether an expression negates a whole number, and is itself none: `-(x >>> n)`, which is less than nothing, and, where a
 * number with a fraction is wanted, `-x`, which is -0 for 0.
 */
function negatesWhole(
  resolver: Resolver,
  flow: Flow,
  { operator, operand }: UnaryPrefixExpression,
  type: Type,
): boolean {
  if (operator !== Token["Minus"] || isNumberLiteral(operand)) return false;
  const wantsWhole = type.isIntegerValue && type !== Types.auto && type !== Types.bool;
  if (!wantsWhole && isUnsigned(resolver, flow, operand)) return true;
  return type.isFloatValue && resolver.resolveExpression(operand, flow, Types.auto, SWALLOW) === Types.i32;
}

/**
 * The type that an operator's sides are compiled for. Beside a text, the compiler would take whole numbers for ones without a
 * sign. In a condition it would want conditions of them: `(limit || 5) > 3` would compare `true` with 3.
 */
function wantedOf({ operator }: BinaryExpression, type: Type): Type {
  const isBeside = type.isReference && bitwise.has(operator);
  const joinsConditions = operator === Token["Ampersand_Ampersand"] || operator === Token["Bar_Bar"];
  return isBeside || (type === Types.bool && !joinsConditions) ? Types.auto : type;
}

const compounds = new Map<number, string>([
  [Token["Ampersand_Equals"]!, "Ampersand"],
  [Token["Bar_Equals"]!, "Bar"],
  [Token["Caret_Equals"]!, "Caret"],
  [Token["LessThan_LessThan_Equals"]!, "LessThan_LessThan"],
  [Token["GreaterThan_GreaterThan_Equals"]!, "GreaterThan_GreaterThan"],
  [Token["GreaterThan_GreaterThan_GreaterThan_Equals"]!, "GreaterThan_GreaterThan_GreaterThan"],
]);

/** `x |= y` of numbers as `x = x | y`; undefined for what the compiler does itself. */
function compoundOf(compiler: Compiler, node: BinaryExpression): Expression | undefined {
  const operator = compounds.get(node.operator);
  if (operator === undefined || !isPlace(node.left)) return undefined;
  const { resolver, currentFlow } = compiler;
  if (![node.left, node.right].some((side) => isFloat(resolver, currentFlow, side))) return undefined;
  const make = assemblyscript.Node;
  const value = make.createBinaryExpression(Token[operator]!, node.left, node.right, node.range);
  return make.createBinaryExpression(Token["Equals"]!, node.left, value, node.range);
}

function compileMeaning(compiler: Compiler, node: BinaryExpression, meaning: Meaning): number {
  const { module } = compiler;
  const { left, right, operator } = node;
  if (meaning === "constant") {
    compiler.currentType = Types.f64;
    return module.f64(constantIn(compiler.resolver, compiler.currentFlow, node)!);
  }
  const float = meaning === "comparison" ? comparisons.get(operator) : floatOperations[meaning];
  if (float !== undefined) {
    const [a, b] = [left, right].map((side) => compiler.compileExpression(side, Types.f64, CONVERT));
    compiler.currentType = meaning === "comparison" ? Types.bool : Types.f64;
    return module.binary(BinaryOp[float]!, a!, b!);
  }
  const [a, b] = [wholeOf(compiler, left), wholeOf(compiler, right)];
  compiler.currentType = typeOfMeaning(meaning, operator);
  return module.binary(BinaryOp[bitwise.get(operator)!]!, a, b);
}

function isFloat(resolver: Resolver, flow: Flow, node: Expression): boolean {
  return resolver.resolveExpression(node, flow, Types.auto, SWALLOW)?.isFloatValue === true;
}

/** A number as the bitwise operators of JavaScript take it. */
function wholeOf(compiler: Compiler, side: Expression): number {
  const code = compiler.compileExpression(side, Types.auto);
  const { currentType } = compiler;
  if (!currentType.isFloatValue) return compiler.convertExpression(code, currentType, Types.i32, true, side);
  const double = compiler.convertExpression(code, currentType, Types.f64, true, side);
  return callLibrary(compiler, libraryFunction(compiler, "number", "int32"), [double], side);
}
