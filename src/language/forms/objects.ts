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
import { isNumberLiteral } from "../../transform/compiler/operator-syntax.js";
import { around } from "../../transform/compiler/patches.js";
import {
  Builds,
  compilerMethods,
  resolverMethods,
  SWALLOW,
  tables,
} from "../../transform/compiler/tables.js";
import { sentences } from "../sentences/table.js";
import { isMadeOfInterface, literalClass, madeOfInterfaces } from "../types/interfaces.js";
import {
  fieldsOf,
  isInterface,
  mayHaveMore,
  partsOf,
  RECORD,
  shapes,
  tableValue,
  type Part,
} from "./fields.js";
import { compiled } from "../../transform/compiler/nodes.js";
import { callHelper, helperClass, newHelper, refuse } from "./helpers.js";
import { compileFields } from "./spreads.js";
import { Types } from "./types.js";

const builds = new Builds(install);

/** Has a program's object literals compiled. */
export function compileObjects(program: Program): void {
  builds.add(program);
}

const SHAPE = "__Shape";

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

/**
 * The class of objects with fields of these names; each has the type that its parameter says. An object that is `open` may have
 * more in TypeScript, so that nothing can list its fields.
 */
function shapeClass(
  program: Program,
  names: readonly string[],
  isOpen: boolean,
  place: Node,
): ClassPrototype {
  const insides = program as unknown as Insides;
  const file = insides.filesByName.get("~lib/proxy-wasm-as/assembly/language/record")!;
  const name = `${SHAPE}${isOpen ? "Open" : ""}_${names.join("$")}`;
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
  if (!isOpen) shapes.set(made, names);
  return made;
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
  let isOpen = false;
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
      isOpen ||= mayHaveMore(from);
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
  const prototype = shapeClass(resolver.program, [...fields.keys()], isOpen, place);
  const first = parts.find(({ kind }) => kind === "spread");
  if (first !== undefined) {
    const type = resolver.resolveExpression(first.value, flow, Types.auto, SWALLOW);
    const own = type?.getClass();
    const from = own && isInterface(own) ? literalClassOf(resolver, own) : own;
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
  return isInterface(wanted) ? literalClassOf(resolver, wanted) : wanted;
}

/** The class beside an interface that its literals become. */
function literalClassOf(resolver: Resolver, { prototype }: Class): Class | undefined {
  const beside = prototype.parent.getMember(literalClass(prototype.name));
  return beside === null ? undefined : (resolver.resolveClass(beside as ClassPrototype, null) ?? undefined);
}

function isCompiled(node: Expression): node is Expression & { type: Type } {
  return node.kind === NodeKind["Compiled"];
}

function install(): void {
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
        return compileFields(this, literal, classOf, (full) => {
          refuseMissing(this, full, classOf);
          return original.call(this, withAbsent(full, classOf), classOf.type);
        });
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

/** A number or boolean that an interface requires would be 0 or false where a literal leaves it out. */
function refuseMissing(compiler: Compiler, literal: ObjectLiteralExpression, classOf: Class): void {
  const { prototype } = classOf;
  if (!isMadeOfInterface(prototype.name, prototype.declaration)) return;
  const given = new Set(literal.names.map(({ text }) => text));
  const left = fieldsOf(classOf).find(
    ({ name, type, optional }) => !optional && type.isNumericValue && !given.has(name),
  );
  if (left === undefined) return;
  const code = tables["DiagnosticCode"]!["Property_0_is_missing_in_type_1_but_required_in_type_2"];
  compiler.error(code as never, literal.range, left.name, "<object>", classOf.type.toString());
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
