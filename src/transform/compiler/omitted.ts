/**
 * Finds the types that a source leaves out: those of functions' results, of variables and of fields. Tried with AssemblyScript
 * 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  Class,
  ClassPrototype,
  Compiler,
  Element,
  Expression,
  Flow,
  Function as CompiledFunction,
  FunctionDeclaration,
  FunctionPrototype,
  Node,
  Program,
  Resolver,
  Source,
  Type,
  TypeNode,
  VariableDeclaration,
  VariableStatement,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { sentences } from "../../language/sentences/table.js";
import { walk } from "../source/syntax.js";
import { CommonFlags, NodeKind } from "./compiler.js";
import { foundType, scopeIn, standFor } from "./found-types.js";
import { assignedType, isGivenFloat, returnTypeOf } from "./inference.js";
import { isOmitted } from "./nodes.js";
import { isNumberLiteral } from "./operator-syntax.js";
import { elementGiven, isEmptyList, isGivenNumbers, isWholeList, numberList } from "./lists.js";
import { around } from "./patches.js";
import { say } from "./say.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods, tables } from "./tables.js";
import { isUnsigned } from "./written-types.js";

const { Type: Types } = assemblyscript;
const builds = new Builds(install);

/** The statements behind a declaration without a type and a value. */
const behind = new WeakMap<VariableDeclaration, readonly Node[]>();

/** Has a program's types found that its sources leave out. */
export function findTypes(program: Program, sources: readonly Source[]): void {
  builds.add(program);
  for (const source of sources) {
    const note = (statements: readonly Node[]): void => {
      for (const [index, statement] of statements.entries()) {
        if (statement.kind !== NodeKind["Variable"]) continue;
        for (const declaration of (statement as VariableStatement).declarations)
          behind.set(declaration, statements.slice(index + 1));
      }
    };
    walk(source.statements, (node) => {
      const { statements } = node as unknown as { statements?: Node[] };
      if (Array.isArray(statements)) note(statements);
    });
  }
}

/** The functions whose types are being looked for. */
const pending = new WeakSet<FunctionPrototype>();

interface Prototype {
  readonly functionTypeNode: { returnType: TypeNode; parameters: { type: TypeNode }[] };
  readonly typeParameterNodes: { name: { text: string } }[] | null;
  readonly parent: Element;
  readonly declaration: FunctionDeclaration;
  getBoundClassOrInterface(): Class | null;
  getResolvedInstance(key: string): CompiledFunction | null;
  is(flag: number): boolean;
}

function typeOfFunction(
  resolver: Resolver,
  prototype: Prototype,
  typeArguments: readonly Type[] | null,
  contextual: ReadonlyMap<string, Type>,
): Type | null {
  const types = new Map(contextual);
  const owner = prototype.is(CommonFlags["Instance"]!) ? prototype.getBoundClassOrInterface() : null;
  const { typeParameterNodes } = owner?.prototype ?? {};
  for (const [index, type] of (owner?.typeArguments ?? []).entries())
    types.set(typeParameterNodes![index]!.name.text, type);
  for (const [index, type] of (typeArguments ?? []).entries())
    types.set(prototype.typeParameterNodes![index]!.name.text, type);
  if (owner !== null) types.set("this", owner.type);
  const flow = scopeIn(resolver.program, prototype.parent, owner?.type ?? null, types);
  return returnTypeOf(resolver, flow, prototype.declaration, [], false);
}

/** Tells whether a type is the name of an enum of texts, which is a namespace of constants. */
function isTextEnum(resolver: Resolver, node: TypeNode, context: Element): boolean {
  if (node.kind !== NodeKind["NamedType"] || !builds.has(resolver, node)) return false;
  const { name } = node as unknown as { name: { identifier: { text: string }; next: unknown } };
  if (name.next !== null || name.identifier.text === "") return false;
  const element = context.lookup(name.identifier.text, true);
  return element !== null && (element.kind as number) === tables["ElementKind"]!["Namespace"];
}

function install(): void {
  around<
    (
      this: Resolver,
      node: TypeNode,
      flow: Flow | null,
      context: Element,
      types: unknown,
      mode: number,
    ) => Type | null
  >(
    resolverMethods,
    "resolveType",
    (original) =>
      function (node, ...rest) {
        const known = foundType(node);
        if (known !== undefined) return known;
        return isTextEnum(this, node, rest[1])
          ? this.program.stringInstance.type
          : original.call(this, node, ...rest);
      },
  );
  around<
    (
      this: Resolver,
      prototype: Prototype & FunctionPrototype,
      typeArguments: Type[] | null,
      contextual?: Map<string, Type>,
      mode?: number,
    ) => CompiledFunction | null
  >(
    resolverMethods,
    "resolveFunction",
    (original) =>
      function (prototype, typeArguments, contextual = new Map(), mode = 0) {
        const { functionTypeNode: signature, declaration } = prototype;
        const omitted = signature.returnType;
        const isSpecial = prototype.is(CommonFlags["Set"]!) || prototype.is(CommonFlags["Constructor"]!);
        if (isSpecial || !isOmitted(omitted) || !builds.has(this, declaration))
          return original.call(this, prototype, typeArguments, contextual, mode);
        if (pending.has(prototype)) return null;
        pending.add(prototype);
        const type = typeOfFunction(this, prototype, typeArguments, contextual);
        pending.delete(prototype);
        if (type === null) {
          if (mode === 0) say(this, declaration.name, sentences.returnUnknown);
          return null;
        }
        signature.returnType = standFor(type, omitted);
        const instance = original.call(this, prototype, typeArguments, contextual, mode);
        signature.returnType = omitted;
        return instance;
      },
  );
  around<
    (
      this: Resolver,
      node: { declaration: FunctionDeclaration } & Node,
      flow: Flow,
      type: Type,
      mode: number,
    ) => Type | null
  >(
    resolverMethods,
    "resolveFunctionExpression",
    (original) =>
      function (node, flow, type, mode) {
        const signature = node.declaration.signature as unknown as { returnType: TypeNode };
        const omitted = signature.returnType;
        if (!isOmitted(omitted) || !builds.has(this, node))
          return original.call(this, node, flow, type, mode);
        const given = type.getSignature()?.parameterTypes ?? [];
        const returned = returnTypeOf(this, flow, node.declaration, given);
        if (returned === null) return original.call(this, node, flow, type, mode);
        signature.returnType = standFor(returned, omitted);
        const found = original.call(this, node, flow, type, mode);
        signature.returnType = omitted;
        return found;
      },
  );
  around<(this: Resolver, prototype: ClassPrototype, ...rest: never[]) => Class | null>(
    resolverMethods,
    "resolveClass",
    (original) =>
      function (prototype, ...rest) {
        if (builds.has(this, prototype.declaration)) typeFields(this, prototype);
        return original.call(this, prototype, ...rest);
      },
  );
  around<(this: Compiler, statement: VariableStatement) => number>(
    compilerMethods,
    "compileVariableStatement",
    (original) =>
      function (statement) {
        if (builds.has(this, statement))
          for (const declaration of statement.declarations) typeVariable(this, declaration);
        return original.call(this, statement);
      },
  );
}

/** Finds the type of a variable that gets its value later. */
function typeVariable(compiler: Compiler, declaration: VariableDeclaration): void {
  const { initializer } = declaration;
  const isNull = initializer !== null && (initializer.kind as number) === NodeKind["Null"];
  if (declaration.type === null && initializer !== null && !isNull)
    typeNumber(compiler, declaration, initializer);
  if (declaration.type !== null || (initializer !== null && !isNull)) return;
  const { resolver, currentFlow } = compiler;
  const type = assignedType(resolver, currentFlow, behind.get(declaration) ?? [], declaration.name.text);
  if (type !== null && (!isNull || type.isReference))
    declaration.type = standFor(isNull ? type.asNullable() : type, declaration);
  else {
    say(compiler, declaration.name, sentences.variableUnknown);
    declaration.type = standFor(
      isNull ? compiler.program.stringInstance.type.asNullable() : Types.i32,
      declaration,
    );
  }
}

/** A variable that begins with a whole number is a number if it is given others. */
function typeNumber(compiler: Compiler, declaration: VariableDeclaration, initializer: Expression): void {
  const statements = behind.get(declaration);
  const { resolver, currentFlow } = compiler;
  if (isUnsigned(resolver, currentFlow, initializer)) {
    declaration.type = standFor(Types.f64, declaration);
    return;
  }
  if (statements === undefined) return;
  if (isEmptyList(initializer)) {
    const element = elementGiven(resolver, currentFlow, statements, declaration.name.text);
    const list = element && resolver.resolveClass(resolver.program.arrayPrototype, [element]);
    if (list) declaration.type = standFor(list.type, declaration);
    return;
  }
  if (isWholeList(initializer)) {
    const { text } = declaration.name;
    const type = resolver.resolveExpression(initializer, currentFlow, Types.auto, SWALLOW);
    if (type !== null && isGivenNumbers(resolver, currentFlow, statements, text, type, declaration))
      declaration.type = standFor(numberList(resolver), declaration);
  }
  if (declaration.is(CommonFlags["Const"]!)) return;
  if (resolver.resolveExpression(initializer, currentFlow, Types.auto, SWALLOW) !== Types.i32) return;
  if (isGivenFloat(resolver, currentFlow, statements, declaration))
    declaration.type = standFor(Types.f64, declaration);
}

const typed = new WeakSet<ClassPrototype>();

/** Finds the types of fields that begin with a value. */
function typeFields(resolver: Resolver, prototype: ClassPrototype): void {
  if (typed.has(prototype)) return;
  typed.add(prototype);
  const members = (prototype.instanceMembers as ReadonlyMap<string, unknown> | null)?.values() ?? [];
  for (const member of members) {
    const { fieldDeclaration, getterPrototype, setterPrototype } = member as {
      fieldDeclaration?: (VariableDeclaration & { initializer: Expression | null }) | null;
      getterPrototype: Prototype | null;
      setterPrototype: Prototype | null;
    };
    if (!fieldDeclaration || fieldDeclaration.type !== null || fieldDeclaration.initializer === null)
      continue;
    const flow = scopeIn(resolver.program, prototype, null, new Map());
    const { initializer } = fieldDeclaration;
    const type = isNumberLiteral(initializer)
      ? Types.f64
      : resolver.resolveExpression(initializer, flow, Types.auto, SWALLOW);
    if (type === null || type === Types.void) {
      say(resolver, fieldDeclaration.name, sentences.fieldUnknown);
      continue;
    }
    const node = standFor(type, fieldDeclaration);
    fieldDeclaration.type = node;
    if (getterPrototype) getterPrototype.functionTypeNode.returnType = node;
    if (setterPrototype) setterPrototype.functionTypeNode.parameters[0]!.type = node;
  }
}
