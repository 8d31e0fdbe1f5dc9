/**
 * `Color[color]`: the name of an enum's value, which the compiler takes for a number where it resolves types, and null where the
 * code asks whether a member has the value.
 *
 * @module
 */
import type {
  Compiler,
  ElementAccessExpression,
  Expression,
  Flow,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import { addNames, type Enum, type EnumCompiler } from "../../transform/contain/enum-names.js";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { bareOf, markedCall } from "../../transform/compiler/nodes.js";
import { around } from "../../transform/compiler/patches.js";
import {
  Builds,
  SWALLOW,
  compilerMethods,
  resolverMethods,
  tables,
} from "../../transform/compiler/tables.js";
import { callHelper } from "./helpers.js";
import { Types } from "./types.js";

const builds = new Builds(install);

/** Has the names of a program's enums compiled so. */
export function compileEnumNames(program: Program): void {
  builds.add(program);
}

/** The enum of which an access takes a name; undefined where it takes none. */
function enumOf(resolver: Resolver, node: Expression, flow: Flow): Enum | undefined {
  const access = bareOf(node) as ElementAccessExpression;
  if (access.kind !== NodeKind["ElementAccess"] || !builds.has(resolver, access)) return undefined;
  const { expression } = access;
  if (expression.kind !== NodeKind["Identifier"] && expression.kind !== NodeKind["PropertyAccess"])
    return undefined;
  const found = resolver.lookupExpression(expression, flow, Types.auto, SWALLOW) as unknown as Enum | null;
  return found !== null && found.kind === tables["ElementKind"]!["Enum"] ? found : undefined;
}

/** Tells whether an expression is the name of an enum's value. */
export function isEnumName(resolver: Resolver, node: Expression, flow: Flow): boolean {
  return enumOf(resolver, node, flow) !== undefined;
}

/** A value with a fraction is no member's. */
function takeWhole(compiler: Compiler, access: ElementAccessExpression): void {
  const { elementExpression: key } = access;
  const type = compiler.resolver.resolveExpression(key, compiler.currentFlow, Types.auto, SWALLOW);
  if (type?.isFloatValue === true)
    access.elementExpression = markedCall("__language_member_value", [key], key);
}

defineForm("__language_member_value", {
  compile: (compiler, call) => callHelper(compiler, "number/memberValue", [], call.args, call),
  resolve: () => Types.i32,
});

/** The enums that have a function which answers null. */
const asked = new WeakSet<Enum>();

/** `Color[color]` of which the code asks whether it is there: null where no member has the value. */
export function compileEnumNameOrNull(compiler: Compiler, node: Expression): number {
  const access = bareOf(node) as ElementAccessExpression;
  const element = enumOf(compiler.resolver, access, compiler.currentFlow)!;
  const { module } = compiler;
  takeWhole(compiler, access);
  const value = compiler.compileExpression(access.elementExpression, Types.i32, 1);
  const type = compiler.program.stringInstance.type.asNullable();
  const whole = (compiler as unknown as EnumCompiler).ensureEnumToString(element, access);
  const name = `${whole}|null`;
  if (whole !== null && !asked.has(element)) {
    asked.add(element);
    addNames(compiler, element, name, compiler.makeZero(type));
  }
  compiler.currentType = type;
  if (whole === null) return module.unreachable();
  return module.call(name, [value], Types.i32.toRef());
}

function install(): void {
  around<(this: Compiler, node: ElementAccessExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileElementAccessExpression",
    (original) =>
      function (node, type, constraints) {
        if (isEnumName(this.resolver, node, this.currentFlow)) takeWhole(this, node);
        return original.call(this, node, type, constraints);
      },
  );
  for (const [method, find] of [
    ["resolveElementAccessExpression", ({ stringInstance }: Program) => stringInstance.type],
    ["lookupElementAccessExpression", ({ stringInstance }: Program) => stringInstance],
  ] as const)
    around<(this: Resolver, node: ElementAccessExpression, flow: Flow, type: Type, mode: number) => unknown>(
      resolverMethods,
      method,
      (original) =>
        function (node, flow, type, mode) {
          return isEnumName(this, node, flow)
            ? find(this.program)
            : original.call(this, node, flow, type, mode);
        },
    );
}
