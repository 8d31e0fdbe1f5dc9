/**
 * Object literals: of the class that is wanted, of a table, or of a class that is made of their own fields.
 *
 * @module
 */
import type {
  Class,
  ClassPrototype,
  Compiler,
  Expression,
  Flow,
  IdentifierExpression,
  LiteralExpression,
  Node,
  ObjectLiteralExpression,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isOpenType } from "../../transform/compiler/absent.js";
import { openBoolean } from "../../transform/compiler/booleans.js";
import { CommonFlags, LiteralKind, NodeKind } from "../../transform/compiler/compiler.js";
import { isNumberLiteral } from "../../transform/compiler/inference.js";
import { around } from "../../transform/compiler/patches.js";
import {
  Builds,
  compilerMethods,
  resolverMethods,
  SWALLOW,
  tables,
} from "../../transform/compiler/tables.js";
import { sentences } from "../sentences/table.js";
import { optionalFields } from "../syntax/optional-fields.js";
import { literalClass, madeOfInterfaces } from "../types/interfaces.js";
import { kindOf } from "./classes.js";
import { callHelper, compiled, helperClass, newHelper, refuse } from "./helpers.js";
import { Types } from "./types.js";

const builds = new Builds();

/** Has a program's object literals compiled. */
export function compileObjects(program: Program): void {
  install();
  builds.add(program);
}

const RECORD = "record/Record";
const SHAPE = "__Shape";

/** Tells whether a type is that of a table, and of which values. */
export function tableValue(type: Type | null): Type | undefined {
  const kind = type === null ? undefined : kindOf(type);
  return kind?.name === RECORD ? kind.types[0] : undefined;
}

/** The names of the fields of an object that a literal without a type has become, in their order. */
export function shapeNames(type: Type | null): readonly string[] | undefined {
  const prototype = type?.getClass()?.prototype;
  return prototype === undefined ? undefined : shapes.get(prototype);
}

const shapes = new WeakMap<ClassPrototype, readonly string[]>();

interface Insides {
  filesByName: Map<
    string,
    {
      members: Map<string, { declaration: Node; is(flag: number): boolean }> | null;
      getMember(name: string): unknown;
      add(name: string, element: unknown): void;
    }
  >;
  initializeClass(declaration: unknown, parent: unknown, extend: unknown[], implement: unknown[]): unknown;
}

/** The class of objects with fields of these names; each has the type that its parameter says. */
function shapeClass(program: Program, names: readonly string[], place: Node): ClassPrototype {
  const insides = program as unknown as Insides;
  const file = insides.filesByName.get("~lib/proxy-wasm-as/assembly/language/record")!;
  const name = `${SHAPE}_${names.join("$")}`;
  const known = file.getMember(name);
  if (known) return known as ClassPrototype;
  const make = assemblyscript.Node;
  const { range } = place;
  const typed = (text: string): never =>
    make.createNamedType(make.createSimpleTypeName(text, range), null, false, range) as never;
  const parameters = names.map((_, index) =>
    make.createTypeParameter(make.createIdentifierExpression(`T${index}`, range), null, null, range),
  );
  const fields = names.map((field, index) =>
    make.createFieldDeclaration(
      make.createIdentifierExpression(field, range),
      null,
      0,
      typed(`T${index}`),
      null,
      range,
    ),
  );
  const declaration = make.createClassDeclaration(
    make.createIdentifierExpression(name, range),
    null,
    0,
    parameters,
    null,
    null,
    fields,
    range,
  );
  const made = insides.initializeClass(declaration, file, [], []) as ClassPrototype;
  shapes.set(made, names);
  return made;
}

/** A part of a literal. */
type Part =
  | { readonly kind: "field"; readonly name: IdentifierExpression; readonly value: Expression }
  | { readonly kind: "computed"; readonly key: Expression; readonly value: Expression }
  | { readonly kind: "spread"; readonly value: Expression };

function partsOf({ names, values }: ObjectLiteralExpression): Part[] {
  const parts: Part[] = [];
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const value = values[index]!;
    if (name.text.startsWith("__spread")) parts.push({ kind: "spread", value });
    else if (name.text.startsWith("__computed"))
      parts.push({ kind: "computed", key: value, value: values[++index]! });
    else parts.push({ kind: "field", name, value });
  }
  return parts;
}

/** A field of a class. */
interface Field {
  readonly name: string;
  readonly type: Type;
  /** Tells whether an object may leave it out. */
  readonly optional: boolean;
}

/** The fields of a class, with those that it inherits. */
export function fieldsOf(classOf: Class): Field[] {
  const found: Field[] = [];
  for (const member of (classOf.members as ReadonlyMap<string, unknown> | null)?.values() ?? []) {
    const { instance } = member as {
      instance?: { isField?: boolean; name: string; type: Type; identifierNode: Node } | null;
    };
    if (instance?.isField !== true) continue;
    const { range } = instance.identifierNode;
    const optional = optionalFields.has(`${range.source.normalizedPath}:${range.start}`);
    found.push({ name: instance.name, type: instance.type, optional });
  }
  return found;
}

/** Numbers are such with a fraction, as in TypeScript: another literal of the same fields, or an assignment, may have one. */
function valueType(resolver: Resolver, flow: Flow, value: Expression): Type | null {
  const type = resolver.resolveExpression(value, flow, Types.auto, SWALLOW);
  if (type === null || (type as { kind: unknown }).kind === Types.void.kind) return null;
  const isWhole = type.isIntegerValue && type.size <= 32 && type !== Types.bool && type !== openBoolean;
  return isWhole || isNumberLiteral(value) ? Types.f64 : type;
}

/** The class of a literal of which nothing says what it shall be; undefined where none can be told. */
function classOfParts(
  resolver: Resolver,
  flow: Flow,
  parts: readonly Part[],
  place: Node,
): Class | undefined {
  const fields = new Map<string, Type>();
  // A table with more is a table.
  for (const part of parts) {
    const type =
      part.kind === "spread" ? resolver.resolveExpression(part.value, flow, Types.auto, SWALLOW) : null;
    if (tableValue(type) !== undefined) return type!.getClass() ?? undefined;
  }
  for (const part of parts) {
    if (part.kind === "computed") return undefined;
    if (part.kind === "spread") {
      const type = resolver.resolveExpression(part.value, flow, Types.auto, SWALLOW);
      const from = type?.getClass();
      if (!from) return undefined;
      for (const { name, type: own } of fieldsOf(from)) fields.set(name, own);
      continue;
    }
    const type = valueType(resolver, flow, part.value);
    if (type === null || !/^[A-Za-z_$][\w$]*$/.test(part.name.text)) return undefined;
    fields.set(part.name.text, fields.get(part.name.text) ?? type);
  }
  if (fields.size === 0) return undefined;
  const declared = parts.every(({ kind }) => kind === "field")
    ? declaredClass(resolver, fields, place)
    : undefined;
  if (declared !== undefined) return declared;
  // `{ ...defaults, more }` has the class of the defaults when it has the same fields.
  const prototype = shapeClass(resolver.program, [...fields.keys()], place);
  const first = parts.find(({ kind }) => kind === "spread");
  if (first !== undefined) {
    const type = resolver.resolveExpression(first.value, flow, Types.auto, SWALLOW);
    const from = type?.getClass();
    if (from && fieldsOf(from).length === fields.size && !from.prototype.constructorPrototype) return from;
  }
  return resolver.resolveClass(prototype, [...fields.values()]) ?? undefined;
}

/**
 * The only class of the source's interfaces that has just these fields, in this order: an object without a type is one of it, so
 * that a list of such objects can be returned as one of the interface.
 */
function declaredClass(
  resolver: Resolver,
  fields: ReadonlyMap<string, Type>,
  { range }: Node,
): Class | undefined {
  const { filesByName } = resolver.program as unknown as Insides;
  const file = filesByName.get(range.source.internalPath);
  const names = [...fields.keys()].join();
  const found: Class[] = [];
  for (const prototype of file?.members?.values() ?? []) {
    if (!madeOfInterfaces.has(prototype.declaration) || prototype.is(CommonFlags["Generic"]!)) continue;
    const classOf = resolver.resolveClass(prototype as never, null, undefined, SWALLOW);
    const own = classOf ? fieldsOf(classOf) : [];
    if (own.map(({ name }) => name).join() !== names) continue;
    if (own.every(({ name, type, optional }) => !optional && type === fields.get(name))) found.push(classOf!);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The class that a literal becomes. */
function classOfLiteral(
  resolver: Resolver,
  flow: Flow,
  literal: ObjectLiteralExpression,
  contextualType: Type,
): Class | undefined {
  const wanted = contextualType.getClass();
  if (wanted === null) return classOfParts(resolver, flow, partsOf(literal), literal);
  if ((wanted.kind as number) !== tables["ElementKind"]!["Interface"]) return wanted;
  const beside = wanted.prototype.parent.getMember(literalClass(wanted.prototype.name));
  return beside === null ? undefined : (resolver.resolveClass(beside as ClassPrototype, null) ?? undefined);
}

function isCompiled(node: Expression): node is Expression & { type: Type } {
  return node.kind === NodeKind["Compiled"];
}

let installed = false;

function install(): void {
  if (installed) return;
  installed = true;
  around<(this: Compiler, literal: ObjectLiteralExpression, type: Type) => number>(
    compilerMethods,
    "compileObjectLiteral",
    (original) =>
      function (literal, contextualType) {
        if (!builds.has(this, literal)) return original.call(this, literal, contextualType);
        const classOf = classOfLiteral(this.resolver, this.currentFlow, literal, contextualType);
        if (classOf === undefined) {
          this.currentType = contextualType;
          const what = literal.names.length === 0 ? "emptyObject" : "objectShape";
          return refuse(this, literal, sentences[what]);
        }
        const value = tableValue(classOf.type);
        if (value !== undefined) return compileTable(this, literal, value);
        return compileFields(this, literal, classOf, (full) =>
          original.call(this, withAbsent(full, classOf), classOf.type),
        );
      },
  );
  // Code that is compiled has its type with it.
  around<(this: Resolver, node: Expression, ...rest: never[]) => Type | null>(
    resolverMethods,
    "resolveExpression",
    (original) =>
      function (node, ...rest) {
        return isCompiled(node) ? node.type : original.call(this, node, ...rest);
      },
  );
  around<(this: Resolver, node: Expression, ...rest: never[]) => unknown>(
    resolverMethods,
    "lookupExpression",
    (original) =>
      function (node, ...rest) {
        return isCompiled(node) ? node.type.getClass() : original.call(this, node, ...rest);
      },
  );
  around<(this: Resolver, literal: LiteralExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveLiteralExpression",
    (original) =>
      function (literal, flow, contextualType, mode) {
        if (literal.literalKind !== LiteralKind["Object"] || !builds.has(this, literal))
          return original.call(this, literal, flow, contextualType, mode);
        const found = classOfLiteral(this, flow, literal as ObjectLiteralExpression, contextualType);
        return found?.type ?? null;
      },
  );
}

/** A literal with the numbers that it leaves out, which are undefined. */
function withAbsent(literal: ObjectLiteralExpression, classOf: Class): ObjectLiteralExpression {
  const given = new Set(literal.names.map(({ text }) => text));
  const left = fieldsOf(classOf).filter(
    ({ name, type, optional }) => optional && isOpenType(type) && !given.has(name),
  );
  if (left.length === 0) return literal;
  const make = assemblyscript.Node;
  const { range } = literal;
  const names = left.map(({ name }) => make.createIdentifierExpression(name, range));
  const values = left.map(() => make.createNullExpression(range));
  return make.createObjectLiteralExpression(
    [...literal.names, ...names],
    [...literal.values, ...values],
    range,
  );
}

/** A table: made empty, then each entry is set. */
function compileTable(compiler: Compiler, literal: ObjectLiteralExpression, value: Type): number {
  const make = assemblyscript.Node;
  let code = newHelper(compiler, RECORD, [value], [], literal);
  const type = helperClass(compiler.resolver, RECORD, [value])!.type;
  for (const part of partsOf(literal)) {
    const record = compiled(code, type, literal);
    if (part.kind === "spread")
      code = callHelper(compiler, "record/recordAssign", [value], [record, part.value], literal);
    else {
      const key =
        part.kind === "computed"
          ? textKey(part.key)
          : make.createStringLiteralExpression(part.name.text, part.name.range);
      code = callHelper(compiler, "record/recordWith", [value], [record, key, part.value], literal);
    }
  }
  compiler.currentType = type;
  return code;
}

/** A key as a text, whatever it is. */
export function textKey(key: Expression): Expression {
  const make = assemblyscript.Node;
  return make.createTemplateLiteralExpression(null, ["", ""], ["", ""], [key], key.range);
}

/** A class's object: what is spread is taken once, and each field has the last value that is given for it. */
function compileFields(
  compiler: Compiler,
  literal: ObjectLiteralExpression,
  classOf: Class,
  finish: (full: ObjectLiteralExpression) => number,
): number {
  const parts = partsOf(literal);
  if (parts.every(({ kind }) => kind === "field")) return finish(literal);
  const make = assemblyscript.Node;
  const { module, currentFlow: flow, resolver } = compiler;
  const wanted = new Map(fieldsOf(classOf).map(({ name, type }) => [name, type]));
  const before: number[] = [];
  const given = new Map<string, Expression>();
  /** Has an expression evaluated in its turn; answers what stands for its value afterwards. */
  const take = (value: Expression, type: Type): (() => Expression) => {
    const local = flow.getTempLocal(type);
    const code = compiler.compileExpression(value, type, 1);
    before.push(module.local_set(local.index, code, type.isManaged));
    return () => compiled(module.local_get(local.index, type.toRef()), type, value);
  };
  const last = parts.findLastIndex(({ kind }) => kind === "spread");
  for (const [index, part] of parts.entries()) {
    if (part.kind === "computed") return refuse(compiler, part.key, sentences.computedKey);
    if (part.kind === "field") {
      const { text } = part.name;
      const type = wanted.get(text);
      given.delete(text);
      given.set(text, index < last && type !== undefined ? take(part.value, type)() : part.value);
      continue;
    }
    const type = resolver.resolveExpression(part.value, flow, Types.auto, SWALLOW);
    const from = type?.getClass();
    if (!from || tableValue(type) !== undefined) return refuse(compiler, part.value, sentences.objectSpread);
    if (type!.isNullableReference) return refuse(compiler, part.value, sentences.spreadOfNothing);
    const object = take(part.value, type!);
    for (const { name, type: own, optional } of fieldsOf(from)) {
      if (!wanted.has(name)) continue;
      const read = (): Expression =>
        make.createPropertyAccessExpression(
          object(),
          make.createIdentifierExpression(name, literal.range),
          literal.range,
        );
      const earlier = given.get(name);
      // A field that is absent in a spread object leaves the value of before.
      given.set(
        name,
        earlier === undefined || !(own.isNullableReference || isOpenType(own)) || !optional
          ? read()
          : make.createCallExpression(
              make.createIdentifierExpression("__language_nullish", literal.range),
              null,
              [read(), earlier],
              literal.range,
            ),
      );
    }
  }
  const names = [...given.keys()].map((name) => make.createIdentifierExpression(name, literal.range));
  const code = finish(make.createObjectLiteralExpression(names, [...given.values()], literal.range));
  const type = compiler.currentType;
  const whole = module.block(null, [...before, code], type.toRef());
  compiler.currentType = type;
  return whole;
}
