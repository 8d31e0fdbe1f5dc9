/**
 * `new Date(x)`, marked as `__language_date(x, new Date(x))`: of a text, it is the date that the text says, and a number may be
 * none. And Dates beside `-`, and behind `+`, which are times.
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
import { Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { around } from "../../transform/compiler/patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods } from "../../transform/compiler/tables.js";
import { callHelper, helper } from "./helpers.js";
import { typesIn } from "./maybe.js";
import { Types } from "./types.js";

const make = assemblyscript.Node;

defineForm("__language_date", {
  compile(compiler, call, type, constraints) {
    const [value, whole] = call.args as [Expression, Expression];
    const given = typesIn(compiler)(value);
    const isText = given === compiler.program.stringInstance.type;
    if (isText || given?.isFloatValue)
      return callHelper(compiler, isText ? "dates/dateOf" : "dates/dateAt", [], [value], call);
    return compiler.compileExpression(whole, type, constraints);
  },
  resolve: (resolver) => helper(resolver, "dates/dateOf", [])?.signature.returnType ?? null,
});

/** The time of a Date, where an expression is one. */
function timeOf(value: Expression, typeOf: (value: Expression) => Type | null): Expression | undefined {
  const name = typeOf(value)?.getClass()?.internalName ?? "";
  if (!/(^~lib\/date|\/standard-date)\/Date$/.test(name)) return undefined;
  const { range } = value;
  const method = make.createPropertyAccessExpression(
    value,
    make.createIdentifierExpression("getTime", range),
    range,
  );
  return make.createCallExpression(method, null, [], range);
}

/** An operation with the times of Dates in the place of the Dates. */
function ofTimes(node: BinaryExpression, typeOf: (value: Expression) => Type | null): Expression | undefined {
  if (node.operator !== Token["Minus"]) return undefined;
  const [left, right] = [timeOf(node.left, typeOf), timeOf(node.right, typeOf)];
  if (left === undefined && right === undefined) return undefined;
  return make.createBinaryExpression(node.operator, left ?? node.left, right ?? node.right, node.range);
}

function plus(
  node: UnaryPrefixExpression,
  typeOf: (value: Expression) => Type | null,
): Expression | undefined {
  return node.operator === Token["Plus"] ? timeOf(node.operand, typeOf) : undefined;
}

const builds = new Builds(install);

/** Has a program's Dates taken for times where numbers are wanted. */
export function compileTimes(program: Program): void {
  builds.add(program);
}

function install(): void {
  for (const [name, change] of [
    ["BinaryExpression", ofTimes],
    ["UnaryPrefixExpression", plus],
  ] as const) {
    around<(this: Compiler, node: Expression, type: Type, constraints: number) => number>(
      compilerMethods,
      `compile${name}`,
      (original) =>
        function (node, type, constraints) {
          const other = builds.has(this, node) ? change(node as never, typesIn(this)) : undefined;
          return other === undefined
            ? original.call(this, node, type, constraints)
            : this.compileExpression(other, type, constraints);
        },
    );
    around<(this: Resolver, node: Expression, flow: Flow, type: Type, mode: number) => Type | null>(
      resolverMethods,
      `resolve${name}`,
      (original) =>
        function (node, flow, type, mode) {
          const typeOf = (value: Expression): Type | null =>
            this.resolveExpression(value, flow, Types.auto, SWALLOW);
          const other = builds.has(this, node) ? change(node as never, typeOf) : undefined;
          return other === undefined
            ? original.call(this, node, flow, type, mode)
            : this.resolveExpression(other, flow, type, mode);
        },
    );
  }
}
