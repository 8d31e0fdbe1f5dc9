/**
 * How a filter makes its contexts: the host's number of a stream is read by constructors, so that it matters where and when one
 * is made.
 *
 * @module
 */
import type {
  BlockStatement,
  CallExpression,
  FunctionDeclaration,
  NamedTypeNode,
  NewExpression,
  Node,
  Program,
  ReturnStatement,
  Source,
  TypeName,
} from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { Element } from "../compiler/resolved.js";
import { fileOf, isClass, typeMeaning } from "../compiler/resolved.js";
import { declaredName, identifierName, walk } from "../source/syntax.js";
import type { ContextClass } from "./contexts.js";
import { contextBase } from "./contexts.js";

/** Tells whether `createHttpContext` or `createTcpContext` of any class is more than `return new …`. */
export function mayReuseContexts(contexts: readonly ContextClass[]): boolean {
  return creators(contexts).some((method) => !isPlain(method));
}

/**
 * Tells whether a context may be made anywhere but as the only one of `createHttpContext` or `createTcpContext`: as a part of another, or
 * where no stream is. A class that is not known may be a context's.
 */
export function mayCompose(
  program: Program,
  sources: readonly Source[],
  contexts: readonly ContextClass[],
): boolean {
  const answered = new Set(creators(contexts).filter(isPlain).map(answerOf));
  // Names that may stand for a context's class: the classes' own, and those of type parameters.
  const names = new Set(contexts.map(({ element }) => element.name));
  walk(
    sources.flatMap(({ statements }) => statements as Node[]),
    (node) => {
      if (node.kind === NodeKind["TypeParameter"]) names.add(declaredName(node) ?? "");
    },
  );
  return sources.some((source) => {
    const file = fileOf(program, source);
    let found = false;
    walk(source.statements, (node) => {
      const name = answered.has(node) ? undefined : madeBy(node);
      if (name !== undefined && (file === undefined || mayBeContext(name, file, names))) found = true;
    });
    return found;
  });
}

function creators(contexts: readonly ContextClass[]): FunctionDeclaration[] {
  return contexts.flatMap(({ element }) =>
    ["createHttpContext", "createTcpContext"].flatMap((name) => {
      const method = element.instanceMembers?.get(name);
      return method === undefined ? [] : [method.declaration as FunctionDeclaration];
    }),
  );
}

/** The name of the class of which a node makes an object; null for one that is not named, undefined when it makes none. */
function madeBy(node: Node): TypeName | null | undefined {
  if (node.kind === NodeKind["New"]) return (node as NewExpression).typeName;
  if (node.kind !== NodeKind["Call"]) return undefined;
  const { expression, typeArguments } = node as CallExpression;
  if (identifierName(expression) !== "instantiate") return undefined;
  const type = typeArguments?.[0];
  return type?.kind === NodeKind["NamedType"] ? (type as NamedTypeNode).name : null;
}

function mayBeContext(name: TypeName | null, file: Element, names: ReadonlySet<string>): boolean {
  const path: string[] = [];
  for (let part = name; part !== null; part = part.next) path.push(part.identifier.text);
  const element = path.length === 0 ? undefined : typeMeaning(file, path);
  return (
    names.has(path[0] ?? "") ||
    element === undefined ||
    !isClass(element) ||
    contextBase(element) !== undefined
  );
}

function statementsOf({ body }: FunctionDeclaration): readonly Node[] {
  if (body === null) return [];
  return body.kind === NodeKind["Block"] ? (body as BlockStatement).statements : [body];
}

/** The `new …` that a creator answers. */
function answerOf(method: FunctionDeclaration): Node | null {
  const [only] = statementsOf(method);
  return only === undefined ? null : (only as ReturnStatement).value;
}

function isPlain(method: FunctionDeclaration): boolean {
  const [only, ...others] = statementsOf(method);
  if (only === undefined) return method.body === null; // abstract
  if (others.length > 0 || only.kind !== NodeKind["Return"]) return false;
  const { value } = only as ReturnStatement;
  return value === null || value.kind === NodeKind["New"] || value.kind === NodeKind["Null"];
}
