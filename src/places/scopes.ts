/**
 * The functions of a source, as its author wrote them: the compiler builds small ones into others, and then only the place
 * tells whose code runs.
 *
 * @module
 */
import { parseTypeScript } from "../language/syntax/parse.js";

/** A function of a source. Lines and columns begin with 1; the end is the place after its last character. */
export interface Scope {
  /** `weigh`, `MyFilter#onRequestHeaders`, `Rule.of`, `closure in weigh` */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Tree {
  readonly type: string;
  readonly loc?: { readonly start: Point; readonly end: Point } | null;
  readonly id?: Tree | null;
  readonly key?: Tree;
  readonly name?: string;
  readonly value?: unknown;
  readonly static?: boolean;
  readonly kind?: string;
  readonly body?: unknown;
}

interface Point {
  readonly line: number;
  readonly column: number;
}

const FUNCTIONS = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
  ...["ClassMethod", "ClassPrivateMethod", "ObjectMethod"],
]);

/** The functions of a source that have a body, outer ones before those in them; none where it is not TypeScript. */
export function scopesOf(text: string): Scope[] {
  const file = parseTypeScript(text);
  const scopes: Scope[] = [];
  if (file !== undefined) walk(file.program, "", "", scopes);
  return scopes;
}

function walk(node: Tree, className: string, outer: string, scopes: Scope[]): void {
  let [inClass, around] = [className, outer];
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") inClass = node.id?.name ?? "class";
  const { loc, body } = node;
  if (FUNCTIONS.has(node.type) && loc && typeof body === "object" && body !== null) {
    around = nameOf(node, inClass, outer);
    const { start, end } = loc;
    scopes.push({
      name: around,
      ...{ line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 },
    });
  }
  for (const [key, part] of Object.entries(node)) {
    if (key === "loc" || key.endsWith("Comments")) continue;
    for (const one of Array.isArray(part) ? (part as unknown[]) : [part])
      if (isTree(one)) walk(one, inClass, nameForInner(node, around), scopes);
  }
}

function isTree(value: unknown): value is Tree {
  return typeof (value as Tree | null)?.type === "string";
}

/** The name around a function without a name: a variable that is set to one gives it its name. */
function nameForInner(node: Tree, around: string): string {
  return node.type === "VariableDeclarator" && node.id?.name !== undefined ? `=${node.id.name}` : around;
}

function nameOf({ type, id, key, kind, static: isStatic }: Tree, className: string, outer: string): string {
  if (type === "ClassMethod" || type === "ClassPrivateMethod") {
    const own =
      kind === "constructor"
        ? "constructor"
        : (key?.name ?? String((key?.value as string | number | undefined) ?? "method"));
    return `${className}${isStatic === true ? "." : "#"}${kind === "get" || kind === "set" ? `${kind}:` : ""}${own}`;
  }
  const own = id?.name ?? key?.name;
  if (own !== undefined) return own;
  if (outer.startsWith("=")) return outer.slice(1);
  return outer === "" ? "closure" : `closure in ${outer.replace(/^closure in /, "")}`;
}

/** The innermost function around a place. */
export function scopeAt(scopes: readonly Scope[], line: number, column: number): Scope | undefined {
  const isAround = (scope: Scope): boolean =>
    (scope.line < line || (scope.line === line && scope.column <= column)) &&
    (scope.endLine > line || (scope.endLine === line && scope.endColumn > column));
  return scopes.findLast(isAround);
}
