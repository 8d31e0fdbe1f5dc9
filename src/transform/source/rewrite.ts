/**
 * Small changes to the source before it is compiled.
 *
 * @module
 */
import type {
  BlockStatement,
  CallExpression,
  ClassDeclaration,
  Expression,
  ExpressionStatement,
  FunctionDeclaration,
  ImportStatement,
  NamedTypeNode,
  Node,
  PropertyAccessExpression,
  Source,
  Statement,
  TypeNode,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind, newParser } from "../compiler/compiler.js";
import { PACKAGE, identifierName, importsFromPackage, stringValue, walk } from "./syntax.js";

/** The expression that `text` stands for, in the place of `original`, so that messages and source maps name that. */
function parseExpression(text: string, original: Node): Expression {
  const parser = newParser();
  parser.parseFile(`${text};`, "~lib/proxy-wasm-as/generated.ts", true);
  const statement = parser.sources[0]!.statements[0] as ExpressionStatement;
  walk(statement, (node) => {
    node.range = original.range;
  });
  return statement.expression;
}

/**
 * Takes `Partial<T>` in parameters for `T`: object literals may leave out fields, which then keep their defaults. That is
 * what the compiler does with any class; `Partial` tells editors.
 */
export function erasePartial(source: Source): void {
  for (const statement of source.statements) {
    if (statement.kind === NodeKind["FunctionDeclaration"])
      eraseInSignature(statement as FunctionDeclaration);
    else if (statement.kind === NodeKind["ClassDeclaration"]) {
      for (const member of (statement as ClassDeclaration).members) {
        if (member.kind === NodeKind["MethodDeclaration"]) eraseInSignature(member as FunctionDeclaration);
      }
    }
  }
}

function eraseInSignature(declaration: FunctionDeclaration): void {
  for (const parameter of declaration.signature.parameters) parameter.type = withoutPartial(parameter.type);
}

function withoutPartial(type: TypeNode): TypeNode {
  if (type.kind !== NodeKind["NamedType"]) return type;
  const named = type as NamedTypeNode;
  const inner = named.typeArguments?.[0];
  if (named.name.identifier.text !== "Partial" || inner === undefined) return type;
  inner.isNullable ||= named.isNullable;
  return inner;
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
  walk(source.statements as Node[], (node) => {
    if (node.kind !== NodeKind["Call"]) return;
    const call = node as CallExpression;
    if (identifierName(call.expression) !== "unreachable" || call.args.length > 0) return;
    const line = source.lineAt(call.range.start);
    const place = `${JSON.stringify(source.normalizedPath)}, ${line}, ${source.columnAt()}`;
    return parseExpression(`(abort("unreachable", ${place}), unreachable())`, node);
  });
}

const levels = ["trace", "debug", "info", "warn", "error", "critical"];

/**
 * Puts `log.debug(message)` behind a question for the level where the message has to be put together first. At module
 * scope the host cannot be asked, so calls there stay as they are.
 */
export function guardLogs(source: Source): void {
  if (!importsFromPackage(source, "log")) return;
  walk(source.statements as Node[], (node, parent) => {
    if (node.kind !== NodeKind["Expression"] || parent === undefined) return;
    // The body of an arrow function that is an expression can be nothing else.
    if (parent.kind === NodeKind["FunctionDeclaration"]) return;
    const level = levelOf((node as ExpressionStatement).expression);
    if (level < 0) return;
    const condition = parseExpression(`log.isWorthBuilding(${level})`, node);
    const body: Statement = assemblyscript.Node.createBlockStatement(
      [node as Statement],
      node.range,
    ) as BlockStatement;
    return assemblyscript.Node.createIfStatement(condition, body, null, node.range);
  });
}

/** The number of the level that a call of `log` writes at; -1 for other expressions, and where the message is a literal. */
function levelOf(expression: Node): number {
  if (expression.kind !== NodeKind["Call"]) return -1;
  const call = expression as CallExpression;
  if (call.expression.kind !== NodeKind["PropertyAccess"] || call.args.length !== 1) return -1;
  const { expression: object, property } = call.expression as PropertyAccessExpression;
  if (identifierName(object) !== "log" || stringValue(call.args[0]!) !== undefined) return -1;
  return levels.indexOf(property.text);
}
