/**
 * Small changes to the source before it is compiled.
 *
 * @module
 */
import type {
  CallExpression,
  Expression,
  ExpressionStatement,
  ImportStatement,
  NamedTypeNode,
  Node,
  Source,
} from "assemblyscript";
import { NodeKind, newParser } from "../compiler/compiler.js";
import { PACKAGE, declaredName, identifierName, walk } from "./syntax.js";

/** The expression that `text` stands for, in the place of `original`, so that messages and source maps name that. */
export function parseExpression(text: string, original: Node): Expression {
  const parser = newParser();
  parser.parseFile(`${text};`, "~lib/proxy-wasm-as/generated.ts", true);
  const statement = parser.sources[0]!.statements[0] as ExpressionStatement;
  walk(statement, (node) => {
    node.range = original.range;
  });
  return statement.expression;
}

/**
 * Takes `Partial<T>` for `T`: object literals may leave out fields, which then keep their defaults. That is what the compiler
 * does with any class; `Partial` tells editors. A source's own `Partial` stays.
 */
export function erasePartial(source: Source): void {
  if (!source.text.includes("Partial")) return;
  let isOwn = false;
  walk(source.statements, (node) => {
    isOwn ||= declaredName(node) === "Partial";
  });
  if (isOwn) return;
  walk(source.statements, (node) => {
    if (node.kind !== NodeKind["NamedType"]) return;
    const { name, typeArguments, isNullable } = node as NamedTypeNode;
    const inner = typeArguments?.[0];
    if (name.identifier.text !== "Partial" || inner === undefined) return;
    inner.isNullable ||= isNullable;
    return inner;
  });
}

/**
 * Makes `import * as proxy from "proxy-wasm-as"` mean the file that has the names: the compiler finds none in a namespace of a
 * file that exports another file's exports.
 */
export function resolveStarImports(source: Source): void {
  for (const statement of source.statements) {
    if (statement.kind !== NodeKind["Import"]) continue;
    const { path, namespaceName } = statement as ImportStatement;
    if (namespaceName !== null && path.value === "proxy-wasm-as")
      Object.assign(statement, { internalPath: `${PACKAGE}assembly/index` });
  }
}

/** Makes `unreachable()` say where it is before it traps; the instruction alone says nothing. */
export function explainUnreachable(source: Source): void {
  walk(source.statements, (node) => {
    if (node.kind !== NodeKind["Call"]) return;
    const call = node as CallExpression;
    if (identifierName(call.expression) !== "unreachable" || call.args.length > 0) return;
    const line = source.lineAt(call.range.start);
    const place = `${JSON.stringify(source.normalizedPath)}, ${line}, ${source.columnAt()}`;
    return parseExpression(`(abort("unreachable", ${place}), unreachable())`, node);
  });
}
