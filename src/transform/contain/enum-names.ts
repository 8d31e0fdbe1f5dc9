/**
 * `Color[color]` of a value that no member has: the compiler's own code for it ends the VM, here it is a bug of one request.
 *
 * @module
 */
import type { Compiler, Expression, Node, Program } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { around } from "../compiler/patches.js";
import { Builds, compilerMethods, tables } from "../compiler/tables.js";

const { BinaryOp, ElementKind, DecoratorFlags } = tables as Record<
  "BinaryOp" | "ElementKind" | "DecoratorFlags",
  Record<string, number>
>;

/** The parts of the compiler's class for enums that are needed here. */
export interface Enum {
  readonly kind: number;
  readonly name: string;
  readonly identifierNode: Node;
  readonly members: ReadonlyMap<
    string,
    { kind: number; internalName: string; constantIntegerValue: unknown }
  >;
  readonly toStringFunctionName: string | null;
  hasDecorator(flag: number): boolean;
}

/** Parts of the compiler that its types leave out. */
export interface EnumCompiler {
  ensureEnumToString(element: Enum, node: Node): string | null;
  ensureStaticString(text: string): number;
  makeAbort(message: Expression, place: Node): number;
}

/** Adds a function that gives an enum's values their names, and answers `otherwise` for any other value. */
export function addNames(compiler: Compiler, element: Enum, name: string, otherwise: number): void {
  const { module } = compiler;
  const i32 = assemblyscript.Type.i32.toRef();
  const isConstant = element.hasDecorator(DecoratorFlags["Inline"]!);
  const statements: number[] = [];
  // The last member that has a value gives it its name, as in TypeScript.
  for (const [member, value] of [...element.members].reverse()) {
    if (value.kind !== ElementKind["EnumValue"]) continue;
    const own = isConstant
      ? module.i32(Number(String(value.constantIntegerValue)))
      : module.global_get(value.internalName, i32);
    const text = (compiler as unknown as EnumCompiler).ensureStaticString(member);
    const is = module.binary(BinaryOp["EqI32"]!, own, module.local_get(0, i32));
    statements.push(module.if(is, module.return(text)));
  }
  module.addFunction(name, i32, i32, null, module.block(null, [...statements, otherwise], i32));
}

const builds = new Builds(install);

/** Has the names of a program's enums compiled so. The message has the place of the enum: many accesses share the function. */
export function containEnumNames(program: Program): void {
  builds.add(program);
}

function install(): void {
  around<(this: Compiler, element: Enum, node: Node) => string | null>(
    compilerMethods,
    "ensureEnumToString",
    (original) =>
      function (element, node) {
        const isNew = element.toStringFunctionName === null;
        const name = original.call(this, element, node);
        if (name === null || !isNew || !builds.has(this, node)) return name;
        const place = element.identifierNode;
        const text = `${element.name} has no member with this value: write \`?? other\` behind it`;
        const message = assemblyscript.Node.createStringLiteralExpression(text, place.range);
        const none = (this as unknown as EnumCompiler).makeAbort(message, place);
        this.module.removeFunction(name);
        addNames(this, element, name, none);
        return name;
      },
  );
}
