/**
 * Values as TypeScript means them, where the running compiler means something else: which texts are true, how numbers are
 * written, text `+` anything, whole numbers that are divided or grow too large. For users' sources only. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Expression,
  Flow,
  Node,
  Program,
  PropertyAccessExpression,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { sentences } from "../../language/sentences/table.js";
import { NodeKind, Token } from "./compiler.js";
import { constantOfAll } from "./constants.js";
import { callLibrary, libraryFunction } from "./library.js";
import { callOfNumber, numberCall, numberOfText } from "./number-calls.js";
import { around } from "./patches.js";
import { say } from "./say.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";
import { choiceOf } from "./templates.js";
import { isText, typeOf, type Inside } from "./texts.js";

const { TypeRef, BinaryOp } = tables as Record<"TypeRef" | "BinaryOp", Record<string, number>>;

const builds = new Builds(install);

/** The sources, by path, in which something may be undefined and not only null. */
export const undefinedSources = new Set<string>();

/** Has a program's user sources compiled as TypeScript means their values. */
export function compileValues(program: Program): void {
  builds.add(program);
}

function install(): void {
  around<(this: Inside, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeIsTrueish",
    (original) =>
      function (value, type, place) {
        return isText(this.program, type) && builds.has(this, place)
          ? hasCharacters(this, value, type)
          : original.call(this, value, type, place);
      },
  );
  around<(this: Inside, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeToString",
    (original) =>
      function (value, type, place) {
        if (!builds.has(this, place)) return original.call(this, value, type, place);
        if (type.isFloatValue) return textOfNumber(this, value, type, place);
        if (
          type.isNullableReference &&
          undefinedSources.has(place.range.source.normalizedPath) &&
          !this.currentFlow.isNonnull(value, type)
        )
          say(this, place, sentences.undefinedText);
        return original.call(this, value, type, place);
      },
  );
  around<(this: Inside, expression: BinaryExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileBinaryExpression",
    (original) =>
      function (expression, type, constraints) {
        if (!builds.has(this, expression)) return original.call(this, expression, type, constraints);
        const text = asTemplate(this, expression);
        if (text !== undefined) return this.compileExpression(text, type, constraints);
        const value = original.call(this, expression, type, constraints);
        checkWhole(this, expression);
        return value;
      },
  );
  around<(this: Inside, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        const value = builds.has(this, call) ? callOfNumber(this, call) : undefined;
        return value ?? original.call(this, call, type, constraints);
      },
  );
  around<(this: Inside, expression: UnaryPrefixExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileUnaryPrefixExpression",
    (original) =>
      function (expression, type, constraints) {
        const { operand, operator } = expression;
        if (
          operator === Token["Plus"] &&
          builds.has(this, expression) &&
          isText(this.program, typeOf(this, operand))
        )
          return numberOfText(this, operand, expression);
        if (
          operator === Token["Plus"] &&
          builds.has(this, expression) &&
          typeOf(this, operand) === assemblyscript.Type.bool
        ) {
          const value = this.compileExpression(operand, assemblyscript.Type.bool);
          this.currentType = assemblyscript.Type.i32;
          return value;
        }
        return original.call(this, expression, type, constraints);
      },
  );
  around<(this: Resolver, node: BinaryExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveBinaryExpression",
    (original) =>
      function (node, flow, type, mode) {
        if (node.operator === Token["Plus"] && builds.has(this, node) && joinsText(this, node, flow))
          return this.program.stringInstance.type;
        return original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Resolver, node: UnaryPrefixExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveUnaryPrefixExpression",
    (original) =>
      function (node, flow, type, mode) {
        if (node.operator === Token["Plus"] && builds.has(this, node)) {
          const operand = this.resolveExpression(node.operand, flow, assemblyscript.Type.auto, SWALLOW);
          if (isText(this.program, operand)) return assemblyscript.Type.f64;
          if (operand === assemblyscript.Type.bool) return assemblyscript.Type.i32;
        }
        return original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Resolver, node: CallExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveCallExpression",
    (original) =>
      function (node, flow, type, mode) {
        const known = builds.has(this, node) ? numberCall(this, node, flow) : undefined;
        if (known === undefined) return original.call(this, node, flow, type, mode);
        return known.name === "Number" ? assemblyscript.Type.f64 : this.program.stringInstance.type;
      },
  );
}

/** Tells whether a text is there and not empty, in a form by which the compiler sees that it is not null. */
function hasCharacters({ module, currentFlow }: Inside, value: number, type: Type): number {
  const i32 = TypeRef["I32"]!;
  const lengthOf = (text: number): number =>
    module.load(4, false, module.binary(BinaryOp["SubI32"]!, text, module.i32(4)), i32);
  if (!type.isNullableReference) return lengthOf(value);
  const local = currentFlow.getTempLocal(type);
  return module.if(
    module.local_tee(local.index, value, true),
    lengthOf(module.local_get(local.index, i32)),
    module.i32(0),
  );
}

function textOfNumber(compiler: Inside, value: number, type: Type, place: Node): number {
  const instance = libraryFunction(compiler, "number", "numberText");
  const double = compiler.convertExpression(value, type, assemblyscript.Type.f64, true, place);
  return callLibrary(compiler, instance, [double], place);
}

function isVoid(type: Type): boolean {
  return type === assemblyscript.Type.void;
}

/** Tells whether a class has a `+` of its own. */
function hasPlus(type: Type): boolean {
  const plus = tables["OperatorKind"]?.["Add"];
  return plus !== undefined && type.getClass()?.lookupOverload(plus) !== null && type.isReference;
}

/** Tells whether `+` joins a text and something that is none. */
function joinsText(resolver: Resolver, { left, right }: BinaryExpression, flow: Flow): boolean {
  const { program } = resolver;
  const leftType = resolver.resolveExpression(left, flow, assemblyscript.Type.auto, SWALLOW);
  if (leftType === null) return false;
  if (isText(program, leftType) && choiceOf(resolver, flow, right) !== undefined) return true;
  const rightType = resolver.resolveExpression(right, flow, assemblyscript.Type.auto, SWALLOW);
  if (rightType === null) return false;
  const isPlain = (type: Type): boolean => isText(program, type) && !type.isNullableReference;
  if (isPlain(leftType) && isPlain(rightType)) return false;
  if (isText(program, leftType)) return !isVoid(rightType);
  return isText(program, rightType) && !isVoid(leftType) && !hasPlus(leftType);
}

/** `text + number` as the template that means the same. */
function asTemplate(compiler: Inside, expression: BinaryExpression): Expression | undefined {
  const { left, right, operator, range } = expression;
  const compound = operator === Token["Plus_Equals"];
  if (operator !== Token["Plus"] && !compound) return undefined;
  if (!joinsText(compiler.resolver, expression, compiler.currentFlow)) return undefined;
  const make = assemblyscript.Node;
  const empty = ["", "", ""];
  const text = make.createTemplateLiteralExpression(null, empty, empty, [left, right], range);
  if (!compound) return text;
  if (!isText(compiler.program, typeOf(compiler, left)) || !isPlace(left)) return undefined;
  return make.createBinaryExpression(Token["Equals"]!, left, text, range);
}

/** Tells whether reading an expression twice does no more than reading it once. */
function isPlace(node: Node): boolean {
  if (node.kind === NodeKind["PropertyAccess"]) return isPlace((node as PropertyAccessExpression).expression);
  return node.kind === NodeKind["Identifier"] || node.kind === NodeKind["This"];
}

/** Refuses a constant that is more than its type of whole numbers holds. */
function checkWhole(compiler: Inside, expression: BinaryExpression): void {
  const { currentType: type } = compiler;
  // Wider ones are what TypeScript has as BigInt.
  if (!type.isIntegerValue || type.size > 32) return;
  if (![Token["Plus"], Token["Minus"], Token["Asterisk"]].includes(expression.operator)) return;
  const value = constantOfAll(compiler.resolver, compiler.currentFlow, expression);
  const most = type.isUnsignedIntegerValue ? 4294967295 : 2147483647;
  if (value === undefined || (value >= -2147483648 && value <= most)) return;
  say(compiler, expression, `${sentences.wholeOverflow} (${value} as ${type.toString()})`);
}
