/**
 * `Color[color]`: the name of an enum's value. The compiler's own code for it ends the VM where no member has the value, and what
 * resolves types takes it for a number.
 *
 * @module
 */
import type {
  Compiler,
  ElementAccessExpression,
  Expression,
  Flow,
  Node,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
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

const make = assemblyscript.Node;
const { BinaryOp } = tables as Record<"BinaryOp", Record<string, number>>;

/** The parts of the compiler's own class that are needed here. */
interface Enum {
  readonly kind: number;
  readonly name: string;
  readonly members: ReadonlyMap<
    string,
    { kind: number; internalName: string; constantIntegerValue: unknown }
  >;
  readonly toStringFunctionName: string | null;
  hasDecorator(flag: number): boolean;
}

const builds = new Builds();
let installed = false;

/** Has the names of a program's enums compiled so. */
export function compileEnumNames(program: Program): void {
  builds.add(program);
  if (installed) return;
  installed = true;
  install();
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

interface Insides {
  ensureEnumToString(element: Enum, node: Node): string | null;
  ensureStaticString(text: string): number;
}

/** `Color[color]` of which the code asks whether it is there: null where no member has the value. */
export function compileEnumNameOrNull(compiler: Compiler, node: Expression): number {
  const access = bareOf(node) as ElementAccessExpression;
  const element = enumOf(compiler.resolver, access, compiler.currentFlow)!;
  const { module } = compiler;
  takeWhole(compiler, access);
  const value = compiler.compileExpression(access.elementExpression, Types.i32, 1);
  const type = compiler.program.stringInstance.type.asNullable();
  const whole = (compiler as unknown as Insides).ensureEnumToString(element, access);
  compiler.currentType = type;
  if (whole === null) return module.unreachable();
  const name = `${whole}|null`;
  if (!made.has(element)) {
    made.add(element);
    addFunction(compiler, element, name, compiler.makeZero(type));
  }
  compiler.currentType = type;
  return module.call(name, [value], Types.i32.toRef());
}

const made = new WeakSet<Enum>();

/** The last member that has a value gives it its name, as in TypeScript. */
function addFunction(compiler: Compiler, element: Enum, name: string, otherwise: number): void {
  const { module } = compiler;
  const i32 = Types.i32.toRef();
  const isConstant = element.hasDecorator(INLINE);
  const statements: number[] = [];
  for (const [member, value] of [...element.members].reverse()) {
    if (value.kind !== tables["ElementKind"]!["EnumValue"]) continue;
    const own = isConstant
      ? module.i32(Number(String(value.constantIntegerValue)))
      : module.global_get(value.internalName, i32);
    const text = (compiler as unknown as Insides).ensureStaticString(member);
    const is = module.binary(BinaryOp["EqI32"]!, own, module.local_get(0, i32));
    statements.push(module.if(is, module.return(text)));
  }
  module.addFunction(name, i32, i32, null, module.block(null, [...statements, otherwise], i32));
}

const INLINE = tables["DecoratorFlags"]!["Inline"]!;

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
  around<(this: Compiler, element: Enum, node: Node) => string | null>(
    compilerMethods,
    "ensureEnumToString",
    (original) =>
      function (element, node) {
        const isNew = element.toStringFunctionName === null;
        const name = original.call(this, element, node);
        if (name === null || !isNew || !builds.has(this, node)) return name;
        const text = make.createStringLiteralExpression(element.name, node.range);
        const none = callHelper(this, "record/noName", [], [text], node);
        this.module.removeFunction(name);
        addFunction(this, element, name, none);
        return name;
      },
  );
  around<
    (this: Resolver, node: ElementAccessExpression, flow: Flow, type: Type, mode: number) => Type | null
  >(
    resolverMethods,
    "resolveElementAccessExpression",
    (original) =>
      function (node, flow, type, mode) {
        return isEnumName(this, node, flow)
          ? this.program.stringInstance.type
          : original.call(this, node, flow, type, mode);
      },
  );
  around<(this: Resolver, node: ElementAccessExpression, flow: Flow, type: Type, mode: number) => unknown>(
    resolverMethods,
    "lookupElementAccessExpression",
    (original) =>
      function (node, flow, type, mode) {
        return isEnumName(this, node, flow)
          ? this.program.stringInstance
          : original.call(this, node, flow, type, mode);
      },
  );
}
