/**
 * The parts of the compiler's resolved program that a transform reads in `afterInitialize`: elements by name, classes with
 * their bases, and what a name means in a file. The compiler's declarations leave most of them out.
 *
 * @module
 */
import type {
  ClassDeclaration,
  DeclarationStatement,
  Node,
  Program,
  PropertyAccessExpression,
  Source,
  TypeNode,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { BuildError } from "../build-error.js";
import { NodeKind } from "./compiler.js";

/** An element's kind by name, for example `ElementKind["ClassPrototype"]`. */
const ElementKind = (assemblyscript as unknown as { ElementKind: Record<string, number> }).ElementKind;

/** Anything that has a name in the program. */
export interface Element {
  readonly kind: number;
  readonly name: string;
  readonly internalName: string;
  readonly parent: Element;
  readonly declaration?: DeclarationStatement;
  lookup(name: string, isType?: boolean): Element | null;
  getMember(name: string): Element | null;
}

/** A class as it is declared; one that is generic stands for all of its kind. */
export interface ClassElement extends Element {
  readonly declaration: ClassDeclaration;
  readonly basePrototype: ClassElement | null;
  readonly instanceMembers: ReadonlyMap<string, Element> | null;
}

interface FileElement extends Element {
  readonly source: Source;
  readonly exports: Map<string, Element> | null;
}

interface ResolvedProgram {
  readonly elementsByName: Map<string, Element>;
  readonly filesByName: ReadonlyMap<string, FileElement>;
}

const resolved = (program: Program): ResolvedProgram => {
  const { elementsByName, filesByName } = program as unknown as Partial<ResolvedProgram>;
  const kinds = ["ClassPrototype", "FunctionPrototype", "TypeDefinition", "Global"];
  if (
    !(elementsByName instanceof Map) ||
    !(filesByName instanceof Map) ||
    kinds.some((k) => !(k in ElementKind))
  )
    throw new BuildError("proxy-wasm-as does not know this compiler's program; use AssemblyScript 0.28.20.");
  return { elementsByName, filesByName };
};

/** All classes, wherever they are declared. */
export function classElements(program: Program): ClassElement[] {
  const found = new Set<ClassElement>();
  for (const element of resolved(program).elementsByName.values())
    if (element.kind === ElementKind["ClassPrototype"]) found.add(element as ClassElement);
  for (const element of found) {
    if (!("basePrototype" in element) || !("instanceMembers" in element))
      throw new BuildError(
        "proxy-wasm-as does not know this compiler's classes; use AssemblyScript 0.28.20.",
      );
  }
  return [...found];
}

export function isClass(element: Element | null): element is ClassElement {
  return element !== null && element.kind === ElementKind["ClassPrototype"];
}

export function isMethod(element: Element): boolean {
  return element.kind === ElementKind["FunctionPrototype"];
}

export function isGlobal(element: Element | null): boolean {
  return element !== null && element.kind === ElementKind["Global"];
}

/** The type that an alias of the program's sources stands for; undefined for classes and for types like `i32`. */
export function aliasedType(element: Element): TypeNode | undefined {
  if (element.kind !== ElementKind["TypeDefinition"]) return undefined;
  const { type } = element.declaration as DeclarationStatement & { type?: TypeNode };
  return type === undefined || type.kind === NodeKind["Omitted"] || isNative(element) ? undefined : type;
}

/** Tells whether the compiler itself declares the element. */
function isNative({ declaration }: Element): boolean {
  return declaration?.range.source.normalizedPath.startsWith("~lib/native") ?? true;
}

/** The file that a source is in the program. */
export function fileOf(program: Program, source: Source): Element | undefined {
  return resolved(program).filesByName.get(source.internalPath);
}

/** A file's exports, by their names. */
export function exportsOfFile(program: Program, source: Source): Map<string, Element> {
  return resolved(program).filesByName.get(source.internalPath)?.exports ?? new Map<string, Element>();
}

/** Makes `name` known to the program wherever `isDefined` asks for it, as `other` is already. */
export function defineLike(program: Program, name: string, other: string): void {
  const { elementsByName } = resolved(program);
  const element = elementsByName.get(other);
  if (element === undefined)
    throw new BuildError(`this compiler does not define ${other}; use AssemblyScript 0.28.20.`);
  elementsByName.set(name, element);
}

/** The element that `a.b.c` names in `scope`; undefined when it is not made of names, or names nothing. */
export function meaningOf(scope: Element, expression: Node): Element | undefined {
  if (expression.kind === NodeKind["Identifier"])
    return scope.lookup((expression as Node & { text: string }).text) ?? undefined;
  if (expression.kind !== NodeKind["PropertyAccess"]) return undefined;
  const { expression: object, property } = expression as PropertyAccessExpression;
  return meaningOf(scope, object)?.getMember(property.text) ?? undefined;
}

/** The element that a type's name stands for in `scope`. Its parts are `["proxy", "HttpContext"]` for `proxy.HttpContext`. */
export function typeMeaning(scope: Element, [first, ...rest]: readonly string[]): Element | undefined {
  let element: Element | null = scope.lookup(first!, true);
  for (const name of rest) element = element?.getMember(name) ?? null;
  return element ?? undefined;
}
