/**
 * Fields get their initial values after `super(…)`, as in TypeScript: the compiler gives them before it, where the constructor
 * of a base class overwrites them. For users' sources only. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Class,
  ClassDeclaration,
  Compiler,
  DeclarationStatement,
  Expression,
  Node,
  Program,
  PropertyAccessExpression,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { sentences } from "../../language/sentences/table.js";
import { walk } from "../source/syntax.js";
import { CommonFlags, NodeKind, Token } from "./compiler.js";
import { around } from "./patches.js";
import { say } from "./say.js";
import { Builds, compilerMethods } from "./tables.js";

/** A field of a class, as the compiler resolved it. */
interface Field {
  readonly name: string;
  readonly isField: boolean;
  readonly type: Type;
  readonly prototype: {
    readonly initializerNode: Expression | null;
    readonly parameterIndex: number;
    readonly fieldDeclaration: (Node & { name: Node; initializer: Expression | null }) | null;
  };
  readonly setterInstance: { readonly identifierNode: Node } | null;
  getBoundClassOrInterface(): Class | null;
}

type Calls = Compiler & {
  makeCallDirect(target: unknown, operands: number[], node: Node, immediatelyDropped: boolean): number;
};

const builds = new Builds(install);

/** Has a program's user sources compiled with fields that are set after `super(…)`. */
export function compileFieldOrder(program: Program): void {
  builds.add(program);
}

/** The fields that a class itself declares, in their order. */
function fieldsOf(element: Class): Field[] {
  const members = [...(element.members?.values() ?? [])] as unknown as { instance?: Field | null }[];
  const place = ({ prototype }: Field): number => prototype.fieldDeclaration?.range.start ?? 0;
  return members
    .flatMap(({ instance }) =>
      instance?.isField === true && instance.getBoundClassOrInterface() === element ? [instance] : [],
    )
    .sort((one, other) => place(one) - place(other));
}

/** The fields that a class itself declares with an initial value. */
function valuesOf(element: Class): Field[] {
  return fieldsOf(element).filter(({ prototype }) => prototype.initializerNode !== null);
}

const declarationOf = (element: Class): ClassDeclaration => element.prototype.declaration as ClassDeclaration;

/** The classes that a class extends. */
function basesOf(element: Class): Class[] {
  const found: Class[] = [];
  for (let at = element.base; at !== null; at = at.base) found.push(at);
  return found;
}

const isConstructor = (member: DeclarationStatement): boolean => member.is(CommonFlags["Constructor"]!);

/** Tells whether it shows when fields are set: a base class has values of its own for them, or a constructor that reads or calls. */
function isOrderSeen(compiler: Compiler, element: Class): boolean {
  const fields = valuesOf(element);
  if (fields.length === 0) return false;
  return basesOf(element).some((base) => {
    if (fields.some(({ name }) => base.members?.has(name) === true)) return true;
    const { members } = declarationOf(base);
    if (!builds.has(compiler, declarationOf(base))) return false;
    return members.some(
      (member) =>
        isConstructor(member) ||
        ((member as { initializer?: unknown }).initializer ?? undefined) !== undefined,
    );
  });
}

/** Tells whether the constructor of a base class lets others see the object before its own fields are set. */
function isSeenEarly(compiler: Compiler, element: Class): boolean {
  return basesOf(element).some((base) => {
    if (!builds.has(compiler, declarationOf(base))) return false;
    return declarationOf(base).members.some((member) => {
      const { body, initializer } = member as unknown as { body?: Node | null; initializer?: Node | null };
      const code = (isConstructor(member) ? body : initializer) ?? undefined;
      return code !== undefined && showsThis(code, base);
    });
  });
}

/** Tells whether code does more with `this` than to read and write fields of that class that are no functions. */
function showsThis(code: Node, element: Class): boolean {
  const plain = new Set<Node>();
  let found = false;
  keepFunction(code, plain);
  walk([code], (node) => {
    // A function that is only kept is called later, and to write a field calls nothing.
    if (node.kind === NodeKind["Binary"] && (node as BinaryExpression).operator === Token["Equals"]) {
      const { left, right } = node as BinaryExpression;
      keepFunction(right, plain);
      const field = fieldOfThis(left, element);
      if (field !== undefined) plain.add((left as PropertyAccessExpression).expression);
    }
    if (node.kind === NodeKind["PropertyAccess"]) {
      const { expression } = node as PropertyAccessExpression;
      const field = fieldOfThis(node, element);
      if (field !== undefined && field.type.getSignature() === null) plain.add(expression);
      if (expression.kind === NodeKind["Super"]) found = true;
    }
    if (node.kind === NodeKind["This"] && !plain.has(node)) found = true;
    if (node.kind === NodeKind["Function"] && !plain.has(node)) found ||= /\bthis\b/.test(textOf(node));
  });
  return found;
}

/** The field of which an expression is `this.name`; undefined for any other expression. */
function fieldOfThis(node: Node, element: Class): Field | undefined {
  if (node.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { expression, property } = node as PropertyAccessExpression;
  if (expression.kind !== NodeKind["This"]) return undefined;
  const member = element.getMember(property.text) as unknown as { instance?: Field | null } | null;
  return member?.instance?.isField === true ? member.instance : undefined;
}

function textOf({ range }: Node): string {
  return range.source.text.slice(range.start, range.end);
}

/** Takes each `this` of a function that stands for a value as one that shows nothing. */
function keepFunction(value: Node, plain: Set<Node>): void {
  if (value.kind !== NodeKind["Function"]) return;
  plain.add(value);
  walk([value], (node) => {
    if (node.kind === NodeKind["This"]) plain.add(node);
  });
}

/** The parts of initial values that may be made twice, because nothing else happens by them. */
const harmless = new Set(
  ["Literal", "Null", "True", "False", "Parenthesized", "Identifier", "NamedType", "TypeName"].map(
    (name) => NodeKind[name],
  ),
);
const signs = new Set(["Minus", "Plus", "Exclamation", "Tilde"].map((name) => Token[name]));

/** Tells whether an initial value may be made twice. */
function isPlain(node: Expression): boolean {
  let plain = true;
  walk([node], (inner) => {
    if (inner.kind === NodeKind["New"]) {
      const { typeName, args } = inner as unknown as {
        typeName: { identifier: { text: string } };
        args: unknown[];
      };
      plain &&= /^(Map|Set|Array)$/.test(typeName.identifier.text) && args.length === 0;
    } else if (inner.kind === NodeKind["UnaryPrefix"])
      plain &&= signs.has((inner as UnaryPrefixExpression).operator);
    else plain &&= harmless.has(inner.kind);
  });
  return plain;
}

/** Tells whether a field has no value of its type until `super(…)` is done: its value cannot be made before, or it has none. */
function isEmptyEarly({ prototype, type }: Field): boolean {
  if (prototype.parameterIndex >= 0) return false;
  if (prototype.initializerNode !== null) return !isPlain(prototype.initializerNode);
  return type.isReference && !type.isNullableReference;
}

/** The initial value of a field, or else its name. */
function placeOf({ prototype }: Field, declaration: Node): Node {
  return prototype.initializerNode ?? prototype.fieldDeclaration?.name ?? declaration;
}

/** Sets the fields of `this` that have initial values, and those that are parameters. */
function setFields(compiler: Calls, element: Class): number[] {
  const { module, currentFlow: flow, options } = compiler;
  const size = options.sizeTypeRef as never;
  const fields = fieldsOf(element);
  const isParameter = ({ prototype }: Field): boolean => prototype.parameterIndex >= 0;
  const set = (field: Field, value: number): number => {
    const { setterInstance: setter } = field;
    const code = compiler.makeCallDirect(
      setter,
      [module.local_get(0, size), value],
      setter!.identifierNode,
      true,
    );
    return compiler.currentType === assemblyscript.Type.void ? code : module.drop(code);
  };
  const given = fields
    .filter(isParameter)
    .map((field) =>
      set(
        field,
        module.local_get(
          flow.lookupLocal(field.name)?.index ?? 1 + field.prototype.parameterIndex,
          field.type.toRef(),
        ),
      ),
    );
  const initial = fields
    .filter((field) => !isParameter(field) && field.prototype.initializerNode !== null)
    .map((field) => set(field, compiler.compileExpression(field.prototype.initializerNode!, field.type, 1)));
  compiler.currentType = assemblyscript.Type.void;
  return [...given, ...initial];
}

/** The classes whose constructors set the fields behind their call of `super`. */
const behind = new WeakSet<Class>();

function install(): void {
  around<(this: Calls, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        const code = original.call(this, call, type, constraints);
        if (call.expression.kind !== NodeKind["Super"] || !builds.has(this, call)) return code;
        const element = this.currentFlow.sourceFunction.parent as unknown as Class;
        if (!isOrderSeen(this, element)) return code;
        behind.add(element);
        return this.module.block(null, [code, ...setFields(this, element)]);
      },
  );
  around<(this: Compiler, element: Class, codes?: number[]) => number[]>(
    compilerMethods,
    "makeFieldInitializationInConstructor",
    (original) =>
      function (element, codes = []) {
        const declaration = declarationOf(element);
        if (!builds.has(this, declaration) || element.base === null)
          return original.call(this, element, codes);
        const early = isSeenEarly(this, element);
        const wrong = early ? fieldsOf(element).find(isEmptyEarly) : undefined;
        if (wrong !== undefined) say(this, placeOf(wrong, declaration), sentences.fieldTooLate);
        if (!isOrderSeen(this, element)) return original.call(this, element, codes);
        const before = early
          ? original.call(this, element)
          : emptied(valuesOf(element), () => original.call(this, element));
        // Behind the allocation, which comes first.
        codes.splice(1, 0, ...before);
        if (!behind.has(element)) codes.push(...setFields(this, element));
        return codes;
      },
  );
}

/** The result of `make`, for which the fields have no initial values. */
function emptied<T>(fields: readonly Field[], make: () => T): T {
  const declared = fields.map(({ prototype }) => prototype.fieldDeclaration!);
  const values = declared.map(({ initializer }) => initializer);
  for (const field of declared) field.initializer = null;
  const made = make();
  declared.forEach((field, index) => (field.initializer = values[index]!));
  return made;
}
