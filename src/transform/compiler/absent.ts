/**
 * Numbers that may be undefined or null: `number | undefined` is an f64 whose undefined and null are two NaNs of their own.
 * They count as JavaScript's do: false, NaN in a sum, and less or more than nothing. For users' sources only. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  Compiler,
  Expression,
  Flow,
  IdentifierExpression,
  Node,
  Program,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { absentBoolean, isAbsentBoolean, openBoolean } from "./booleans.js";
import { NodeKind, Token } from "./compiler.js";
import { callLibrary, libraryFunction } from "./library.js";
import { resolveNames } from "./named-types.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";
import { bareOf } from "./nodes.js";

const { Type: Types } = assemblyscript;
const { BinaryOp, UnaryOp } = tables as Record<"BinaryOp" | "UnaryOp", Record<string, number>>;

/** The halves of the NaN that is undefined; null has the next. assembly/language/number.ts has them, too. */
const HIGH = 0x7ff80000;
const LOW = 0x756e6466;

const builds = new Builds(install);

/** Has a program's user sources compiled with numbers that may be undefined. */
export function compileAbsent(program: Program): void {
  builds.add(program);
}

/** Undefined, or null, as a number. */
export function absentNumber({ module }: Compiler, isNull = false): number {
  return module.unary(UnaryOp["ReinterpretI64ToF64"]!, module.i64(LOW + (isNull ? 1 : 0), HIGH));
}

/** Tells whether a type of numbers or booleans has undefined and null among its values. */
export function isOpenType(type: Type): boolean {
  return type === Types.f64 || type === openBoolean;
}

/** Tells whether a number, or a boolean, is undefined or null. */
export function isAbsent(compiler: Compiler, value: number, type: Type = Types.f64): number {
  if (type === openBoolean) return isAbsentBoolean(compiler, value);
  const { module } = compiler;
  const bits = module.unary(UnaryOp["ReinterpretF64ToI64"]!, value);
  const both = module.binary(BinaryOp["AndI64"]!, bits, module.i64(-2, -1));
  return module.binary(BinaryOp["EqI64"]!, both, module.i64(LOW, HIGH));
}

function isNull(node: Node): boolean {
  return bareOf(node).kind === NodeKind["Null"];
}

/** The side of a comparison with null or undefined that is not null; undefined for any other expression. */
function comparedWithNull({ operator, left, right }: BinaryExpression): Expression | undefined {
  const equal = [Token["Equals_Equals"], Token["Equals_Equals_Equals"]];
  const unequal = [Token["Exclamation_Equals"], Token["Exclamation_Equals_Equals"]];
  if (![...equal, ...unequal].includes(operator)) return undefined;
  if (isNull(right) && !isNull(left)) return left;
  return isNull(left) && !isNull(right) ? right : undefined;
}

/** The type of numbers or booleans that may be undefined, if an expression has it. */
function openType(resolver: Resolver, flow: Flow, node: Expression): Type | undefined {
  const type = resolver.resolveExpression(node, flow, Types.auto, SWALLOW);
  return type !== null && isOpenType(type) ? type : undefined;
}

/** Tells whether a number may be undefined or null by what stands there: what is calculated or written out never is. */
function isOpen(node: Expression): boolean {
  const bare = bareOf(node);
  if (bare.kind === NodeKind["Binary"]) return (bare as BinaryExpression).operator === Token["Equals"];
  return ![NodeKind["Literal"], NodeKind["UnaryPrefix"], NodeKind["UnaryPostfix"]].includes(bare.kind);
}

/** Two numbers that are undefined are equal; to others, and to itself, a NaN is not. */
function compareAbsent(): void {
  type Parts = [left: Expression, code: number, type: Type, right: Expression, code: number, type: Type];
  around<(this: Compiler, operator: number, ...parts: [...Parts, context: Type, place: Node]) => number>(
    compilerMethods,
    "compileCommutativeCompareBinaryExpressionFromParts",
    (original) =>
      function (operator, ...parts) {
        const [left, leftCode, leftType, right, rightCode, rightType, , place] = parts;
        const numbers = leftType === Types.f64 && rightType === Types.f64;
        if (!numbers || !builds.has(this, place) || !isOpen(left) || !isOpen(right))
          return original.call(this, operator, ...parts);
        const isLoose =
          place.kind === NodeKind["Binary"] &&
          [Token["Equals_Equals"], Token["Exclamation_Equals"]].includes(operator);
        const same = libraryFunction(this, "number", isLoose ? "looselyEqual" : "strictlyEqual");
        const equal = callLibrary(this, same, [leftCode, rightCode], place);
        return comparison(this, operator, equal);
      },
  );
}

/** The result of `===`, `!==` and their like, where `equal` says whether both sides are the same. */
function comparison(compiler: Compiler, operator: number, equal: number): number {
  compiler.currentType = Types.bool;
  const isEqual = [Token["Equals_Equals"], Token["Equals_Equals_Equals"]].includes(operator);
  return isEqual ? equal : compiler.module.unary(UnaryOp["EqzI32"]!, equal);
}

function install(): void {
  around<(this: Compiler, node: IdentifierExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileIdentifierExpression",
    (original) =>
      function (node, type, constraints) {
        if (!isNull(node) || (type !== Types.f64 && type !== openBoolean) || !builds.has(this, node))
          return original.call(this, node, type, constraints);
        this.currentType = type;
        const { range } = node;
        const isWritten = range.source.text.slice(range.start, range.end) === "null";
        return type === openBoolean ? absentBoolean(this, isWritten) : absentNumber(this, isWritten);
      },
  );
  around<(this: Compiler, node: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (node, type, constraints) {
        const operand = builds.has(this, node) ? comparedWithNull(node) : undefined;
        const own = operand && openType(this.resolver, this.currentFlow, operand);
        if (operand === undefined || own === undefined) return original.call(this, node, type, constraints);
        const code = isAbsent(this, this.compileExpression(operand, own), own);
        return comparison(this, node.operator, code);
      },
  );
  compareAbsent();
  around<(this: Compiler, node: UnaryPrefixExpression) => number>(
    compilerMethods,
    "compileTypeof",
    (original) =>
      function (node) {
        const text = original.call(this, node);
        if (!builds.has(this, node)) return text;
        const { operand } = node;
        const type = this.resolver.resolveExpression(operand, this.currentFlow, Types.auto, SWALLOW);
        if (type === null || !(isOpenType(type) || type.isNullableReference)) return text;
        const { module } = this;
        const stringType = this.currentType;
        const value = this.compileExpression(operand, type);
        const absent = isOpenType(type)
          ? isAbsent(this, value, type)
          : module.unary(UnaryOp["EqzI32"]!, value);
        const nothing = this.compileExpression(
          assemblyscript.Node.createStringLiteralExpression("undefined", node.range),
          stringType,
        );
        this.currentType = stringType;
        return module.if(absent, nothing, text);
      },
  );
  interface Ternary {
    readonly ifThen: Expression;
    readonly ifElse: Expression;
  }
  /** The type of the other side where one is null. */
  const besides = (resolver: Resolver, flow: Flow, { ifThen, ifElse }: Ternary, type: Type): Type => {
    if (type !== Types.auto) return type;
    const other = isNull(ifThen) ? ifElse : isNull(ifElse) ? ifThen : undefined;
    const found = other && resolver.resolveExpression(other, flow, Types.auto, SWALLOW);
    if (found === Types.bool || found === openBoolean) return openBoolean;
    return found && found.isNumericValue && found.size <= 64 ? Types.f64 : type;
  };
  around<(this: Compiler, node: Expression & Ternary, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileTernaryExpression",
    (original) =>
      function (node, type, constraints) {
        const wanted = builds.has(this, node) ? besides(this.resolver, this.currentFlow, node, type) : type;
        return original.call(this, node, wanted, constraints);
      },
  );
  around<(this: Resolver, node: Expression & Ternary, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveTernaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        const wanted = builds.has(this, node) ? besides(this, flow, node, type) : type;
        return wanted === type ? original.call(this, node, flow, type, mode) : wanted;
      },
  );
  // `T | undefined` where `T` is number.
  resolveNames(builds, (_, own, isNullable) => (isNullable && own === Types.f64 ? own : undefined));
}
