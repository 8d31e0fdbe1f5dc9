/**
 * Walking and reading syntax trees.
 *
 * @module
 */
import type {
  ClassDeclaration,
  FunctionDeclaration,
  IdentifierExpression,
  ImportStatement,
  NamedTypeNode,
  Node,
  Parser,
  Source,
  StringLiteralExpression,
  TypeNode,
  VariableStatement,
} from "assemblyscript";
import { CommonFlags, LiteralKind, NodeKind, libraryFiles } from "../compiler/compiler.js";

/** The package's own sources, as the compiler names them. */
export const PACKAGE = "~lib/proxy-wasm-as/";

/** Tells whether a source belongs to this package. */
export function isOwnSource(source: Source): boolean {
  return source.normalizedPath.startsWith(PACKAGE);
}

/** Tells whether a source is the user's: neither this package's nor the compiler's library. */
export function isUserSource(source: Source): boolean {
  const path = source.normalizedPath;
  if (!path.startsWith("~lib/")) return true;
  return (
    !isOwnSource(source) && !Object.hasOwn(libraryFiles, path.slice("~lib/".length).replace(/\.ts$/, ""))
  );
}

/** The user's sources. */
export function userSources(parser: Parser): Source[] {
  return parser.sources.filter(isUserSource);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value && "range" in value;
}

/**
 * Calls `visit` for each node below `node`, outer ones first. A node that `visit` returns takes the visited one's place,
 * and is not visited itself.
 */
export function walk(
  node: Node | Node[],
  visit: (node: Node, parent: Node | undefined) => Node | undefined | void,
): void {
  walkValue(node, undefined, visit);
}

function walkValue(
  value: unknown,
  parent: Node | undefined,
  visit: (node: Node, parent: Node | undefined) => Node | undefined | void,
): void {
  if (Array.isArray(value)) {
    value.forEach((element: unknown, index) => {
      const replacement = isNode(element) ? visit(element, parent) : undefined;
      if (replacement !== undefined) value[index] = replacement;
      else walkChildren(element, parent, visit);
    });
  } else walkChildren(value, parent, visit);
}

function walkChildren(
  value: unknown,
  parent: Node | undefined,
  visit: (node: Node, parent: Node | undefined) => Node | undefined | void,
): void {
  if (Array.isArray(value)) return walkValue(value, parent, visit);
  if (!isNode(value)) return;
  const fields = value as unknown as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (key === "range" || key === "source" || key === "parent") continue;
    const child = fields[key];
    if (Array.isArray(child)) walkValue(child, value, visit);
    else if (isNode(child)) {
      const replacement = visit(child, value);
      if (replacement !== undefined) fields[key] = replacement;
      else walkChildren(child, value, visit);
    }
  }
}

/** The classes that a source declares at its top level. */
export function classesOf(source: Source): ClassDeclaration[] {
  return source.statements.filter((s): s is ClassDeclaration => s.kind === NodeKind["ClassDeclaration"]);
}

/** The name of a plain identifier; undefined for every other node. */
export function identifierName(node: Node): string | undefined {
  return node.kind === NodeKind["Identifier"] ? (node as IdentifierExpression).text : undefined;
}

/** The text of a string literal; undefined for every other node. */
export function stringValue(node: Node): string | undefined {
  if (node.kind !== NodeKind["Literal"]) return undefined;
  const literal = node as StringLiteralExpression;
  return (literal.literalKind as number) === LiteralKind["String"] ? literal.value : undefined;
}

/**
 * The texts of the source's own constants, by name. One whose name is declared elsewhere in the source as well, be it as a
 * parameter, is not among them: which of the two is meant takes more than syntax.
 */
export function stringConstants(source: Source): Map<string, string> {
  const constants = new Map<string, string>();
  for (const statement of source.statements) {
    if (statement.kind !== NodeKind["Variable"]) continue;
    for (const { name, initializer, flags } of (statement as VariableStatement).declarations) {
      const text = initializer === null ? undefined : stringValue(initializer);
      if ((flags & CommonFlags["Const"]!) !== 0 && text !== undefined) constants.set(name.text, text);
    }
  }
  if (constants.size === 0) return constants;
  const declared = new Set<string>();
  walk(source.statements, (node) => {
    const name = declaredName(node);
    if (name === undefined) return;
    if (declared.has(name)) constants.delete(name);
    declared.add(name);
  });
  return constants;
}

/** The name that a node declares, whatever it is. */
export function declaredName(node: Node): string | undefined {
  const { name } = node as { name?: unknown };
  if (typeof name !== "object" || name === null || !isNode(name)) return undefined;
  return identifierName(name);
}

/** A type as it is written, for example `string | null`; `(function)` for a function type. */
export function typeText(type: TypeNode): string {
  if (type.kind !== NodeKind["NamedType"]) return "(function)";
  const named = type as NamedTypeNode;
  const args =
    named.typeArguments === null || named.typeArguments.length === 0
      ? ""
      : `<${named.typeArguments.map(typeText).join(", ")}>`;
  return `${named.name.identifier.text}${args}${named.isNullable ? " | null" : ""}`;
}

/** `name(parameter: type, …): type` of a method. */
export function methodText(method: FunctionDeclaration): string {
  const parameters = method.signature.parameters.map((p) => `${p.name.text}: ${typeText(p.type)}`).join(", ");
  return `${method.name.text}(${parameters}): ${typeText(method.signature.returnType)}`;
}

/** Tells whether `source` imports `name` from this package. */
export function importsFromPackage(source: Source, name: string): boolean {
  return source.statements.some((statement) => {
    if (statement.kind !== NodeKind["Import"]) return false;
    const { path, declarations } = statement as ImportStatement;
    if (path.value !== "proxy-wasm-as" && !path.value.startsWith("proxy-wasm-as/")) return false;
    return declarations?.some((d) => d.name.text === name && d.foreignName.text === name) ?? false;
  });
}

/** Tells whether `source` imports anything from below a folder of this package. */
export function importsBelow(source: Source, folder: string): boolean {
  return importsOf(source).some((path) => path.startsWith(folder));
}

/** The paths in this package that `source` imports or exports from. */
export function importsOf(source: Source): string[] {
  const prefix = "proxy-wasm-as/";
  return source.statements.flatMap((statement) => {
    const { path } = statement as { path?: StringLiteralExpression | null };
    return path?.value?.startsWith(prefix) === true ? [path.value.slice(prefix.length)] : [];
  });
}
