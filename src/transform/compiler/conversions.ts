/**
 * Numbers that are given where the compiler wants whole ones, as TypeScript means them: calls of the library take any number,
 * long literals are no whole numbers, lists are indexed by any number, and `sort()` is by text. For users' sources only. Tried
 * with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Compiler,
  ElementAccessExpression,
  IntegerLiteralExpression,
  NewExpression,
  Node,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { callLibrary, libraryFunction } from "./library.js";
import { callOfLibrary, checked, lenient, signs } from "./library-calls.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";

const { Type: Types } = assemblyscript;

const builds = new Builds(install);

/** Has the numbers of a program's user sources converted as TypeScript means them. */
export function compileConversions(program: Program): void {
  builds.add(program);
}

/** Literals above are numbers and no whole ones, so that sums of them have room. */
export const LARGE = 0xffffff;

interface Literals extends Resolver {
  determineIntegerLiteralType(node: IntegerLiteralExpression, negate: boolean, type: Type): Type;
}

function install(): void {
  around<(this: Compiler, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        if (!builds.has(this, call)) return original.call(this, call, type, constraints);
        return callOfLibrary(this, call) ?? original.call(this, call, type, constraints);
      },
  );
  around<(this: Compiler, call: NewExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileNewExpression",
    (original) =>
      function (call, type, constraints) {
        if (builds.has(this, call)) for (const arg of call.args) (isDate(call) ? lenient : checked).add(arg);
        return original.call(this, call, type, constraints);
      },
  );
  around<(this: Literals, node: IntegerLiteralExpression, negate: boolean, type: Type) => Type>(
    resolverMethods,
    "determineIntegerLiteralType",
    (original) =>
      function (node, negate, type) {
        // Beside a text it would be taken for an address, which has no sign.
        if (type.isReference && builds.has(this, node))
          return this.determineIntegerLiteralType(node, negate, Types.auto);
        const found = original.call(this, node, negate, type);
        const isFree = type === Types.auto || type.isFloatValue || type === Types.void;
        if (!isFree || found.isFloatValue || !builds.has(this, node)) return found;
        return Number(node.value) > LARGE ? Types.f64 : found;
      },
  );
  around<(this: Compiler, value: number, from: Type, to: Type, explicit: boolean, place: Node) => number>(
    compilerMethods,
    "convertExpression",
    (original) =>
      function (value, from, to, explicit, place) {
        if (explicit || !from.isNumericValue || !to.isNumericValue || from.isAssignableTo(to))
          return original.call(this, value, from, to, explicit, place);
        if (from.isFloatValue && signs.has(place)) return signOf(this, value, from, place);
        if (from === Types.f64 && to.isIntegerValue && to.size <= 32 && checked.has(place))
          return wholeNumber(this, value, to, place);
        return original.call(this, value, from, to, lenient.has(place), place);
      },
  );
  around<(this: Compiler, node: ElementAccessExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileElementAccessExpression",
    (original) =>
      function (node, type, constraints) {
        if (builds.has(this, node)) takeIndex(this, node);
        return original.call(this, node, type, constraints);
      },
  );
  around<(this: Compiler, node: BinaryExpression, type: Type) => number>(
    compilerMethods,
    "compileAssignment",
    (original) =>
      function (node, ...rest) {
        const target = node as unknown as Node;
        if (target.kind === NodeKind["ElementAccess"] && builds.has(this, target))
          takeIndex(this, target as ElementAccessExpression);
        return original.call(this, node, ...rest);
      },
  );
}

/** `new Date(milliseconds)`: any number. */
function isDate({ typeName }: NewExpression): boolean {
  return typeName.identifier.text === "Date" && typeName.next === null;
}

/** A number as a whole one, which the library takes; one with a fraction ends the request. */
function wholeNumber(compiler: Compiler, value: number, to: Type, place: Node): number {
  const code = callLibrary(compiler, libraryFunction(compiler, "number", "wholeNumber"), [value], place);
  compiler.currentType = Types.i64;
  return compiler.convertExpression(code, Types.i64, to, true, place);
}

/** Less than, equal to or more than 0. */
function signOf(compiler: Compiler, value: number, from: Type, place: Node): number {
  const double = compiler.convertExpression(value, from, Types.f64, true, place);
  const code = callLibrary(compiler, libraryFunction(compiler, "number", "signOf"), [double], place);
  compiler.currentType = Types.i32;
  return code;
}

/** An index that is no whole number is beyond the end. */
function takeIndex(compiler: Compiler, node: ElementAccessExpression): void {
  const index = node.elementExpression;
  const { resolver, currentFlow } = compiler;
  const type = resolver.resolveExpression(index, currentFlow, Types.auto, SWALLOW);
  if (type === null || !type.isFloatValue) return;
  const make = assemblyscript.Node;
  const object = resolver.resolveExpression(node.expression, currentFlow, Types.auto, SWALLOW)?.getClass();
  const taker = object?.lookupOverload(tables["OperatorKind"]!["IndexedGet"]!)?.signature.parameterTypes[0];
  if (taker !== undefined && !taker.isIntegerValue) return;
  const name = make.createIdentifierExpression("__language_index", index.range);
  node.elementExpression = make.createCallExpression(name, null, [index], index.range);
}
