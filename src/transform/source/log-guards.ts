/**
 * Messages of the log that are put together only when somebody reads them.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  ExpressionStatement,
  Node,
  PropertyAccessExpression,
  Source,
  Statement,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind, Token } from "../compiler/compiler.js";
import { parseExpression } from "./rewrite.js";
import { declaredName, identifierName, importsFromPackage, stringValue, walk } from "./syntax.js";

const levels = ["trace", "debug", "info", "warn", "error", "critical"];

/** Methods that change nothing, unless a source declares one of the name. */
const PURE = new Set([
  ...[
    "get",
    "getAll",
    "has",
    "equals",
    "toString",
    "join",
    "slice",
    "substring",
    "substr",
    "charAt",
    "charCodeAt",
  ],
  ...[
    "indexOf",
    "lastIndexOf",
    "includes",
    "startsWith",
    "endsWith",
    "trim",
    "trimStart",
    "trimEnd",
    "toLowerCase",
  ],
  ...["toUpperCase", "padStart", "padEnd", "repeat", "replace", "replaceAll", "split", "concat", "toFixed"],
]);

/** Operators that change what they stand beside: all that end with `=` and compare nothing, and `++` and `--`. */
const CHANGES = new Set(
  Object.entries(Token)
    .filter(([name]) => /(^|_)Equals$|^Plus_Plus$|^Minus_Minus$/.test(name))
    .filter(([name]) => !/^(Equals|Exclamation|LessThan|GreaterThan)_Equals(_Equals)?$/.test(name))
    .map(([, token]) => token),
);

/**
 * Puts `log.debug(message)` behind a question for the level where the message has to be put together first, and doing so
 * changes nothing: a call in it that may count something is made whether or not anybody reads the line. At module scope the
 * host cannot be asked, so calls there stay as they are.
 */
export function guardLogs(source: Source, sources: readonly Source[]): void {
  if (!importsFromPackage(source, "log") || declaresLog(source)) return;
  const own = new Set<string>();
  for (const { statements } of sources) {
    walk(statements, (node) => {
      if (node.kind === NodeKind["MethodDeclaration"])
        own.add((node as Node & { name: { text: string } }).name.text);
    });
  }
  walk(source.statements, (node, parent) => {
    if (node.kind !== NodeKind["Expression"] || parent === undefined) return;
    // The body of an arrow function that is an expression can be nothing else.
    if (parent.kind === NodeKind["FunctionDeclaration"]) return;
    const { expression } = node as ExpressionStatement;
    const level = levelOf(expression);
    if (level < 0 || !isPure((expression as CallExpression).args[0]!, own)) return;
    const condition = parseExpression(`log.isWorthBuilding(${level})`, node);
    const body: Statement = assemblyscript.Node.createBlockStatement([node], node.range);
    return assemblyscript.Node.createIfStatement(condition, body, null, node.range);
  });
}

/** Tells whether something else than the import is called `log` anywhere in the source. */
function declaresLog(source: Source): boolean {
  let found = false;
  walk(source.statements, (node) => {
    found ||= node.kind !== NodeKind["ImportDeclaration"] && isVariable(node) && declaredName(node) === "log";
  });
  return found;
}

function isVariable({ kind }: Node): boolean {
  return [NodeKind["VariableDeclaration"], NodeKind["Parameter"], NodeKind["FunctionDeclaration"]].includes(
    kind,
  );
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

/** Tells whether an expression changes nothing, so that it makes no difference whether it is computed. */
function isPure(expression: Node, own: ReadonlySet<string>): boolean {
  let pure = true;
  const visit = (node: Node): void => {
    const { kind } = node;
    if (kind === NodeKind["Call"]) {
      const { expression: callee } = node as CallExpression;
      const name =
        callee.kind === NodeKind["PropertyAccess"]
          ? (callee as PropertyAccessExpression).property.text
          : undefined;
      pure &&= name !== undefined && PURE.has(name) && !own.has(name);
    } else if (kind === NodeKind["PropertyAccess"])
      pure &&= !own.has((node as PropertyAccessExpression).property.text);
    else if ([NodeKind["New"], NodeKind["Function"], NodeKind["UnaryPostfix"]].includes(kind)) pure = false;
    else if (kind === NodeKind["Binary"] || kind === NodeKind["UnaryPrefix"])
      pure &&= !CHANGES.has((node as BinaryExpression).operator);
  };
  visit(expression);
  walk(expression, visit);
  return pure;
}
