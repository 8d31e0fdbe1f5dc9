/**
 * The parts of a source that can be covered: statements, functions and branches, as Istanbul counts them in JavaScript.
 *
 * @module
 */
import { parseTypeScript } from "../language/syntax/parse.js";

/** A place in a source: lines begin with 1, columns with 0. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** From a place up to another one, which is not in it. */
export interface Range {
  readonly start: Point;
  readonly end: Point;
}

/** A part that is executed as a whole, and the function that it is in: -1 for module scope. */
export interface Part extends Range {
  readonly within: number;
}

export interface FunctionShape {
  /** `weigh`, `Rules#onRequestHeaders`, `(closure)` */
  readonly name: string;
  readonly loc: Range;
}

export interface BranchShape {
  readonly type: "if" | "cond-expr" | "binary-expr" | "switch";
  readonly loc: Part;
  /** Undefined is the `else` that is not written. */
  readonly arms: readonly (Part | undefined)[];
}

/** The parts of a source. */
export interface Shape {
  readonly statements: readonly Part[];
  readonly functions: readonly FunctionShape[];
  readonly branches: readonly BranchShape[];
}

interface Tree {
  readonly type: string;
  readonly loc?: Range | null;
  readonly [field: string]: unknown;
}

const STATEMENTS = new Set([
  ...["ExpressionStatement", "ReturnStatement", "ThrowStatement", "IfStatement", "ForStatement"],
  ...["ForOfStatement", "ForInStatement", "WhileStatement", "DoWhileStatement", "SwitchStatement"],
  ...["BreakStatement", "ContinueStatement", "TryStatement"],
]);

const FUNCTIONS = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
  ...["ClassMethod", "ClassPrivateMethod", "ObjectMethod"],
]);

/** Reads the shape of a source; undefined where it is not TypeScript. */
export function shapeOf(text: string): Shape | undefined {
  const file = parseTypeScript(text);
  if (file === undefined) return undefined;
  const finder = new Finder();
  finder.walk(file.program as unknown as Tree, -1, "", "");
  return finder;
}

class Finder implements Shape {
  readonly statements: Part[] = [];
  readonly functions: FunctionShape[] = [];
  readonly branches: BranchShape[] = [];

  walk(node: Tree, within: number, className: string, name: string): void {
    if (/^(TS|Import|Export(All|Named)Specifier)/.test(node.type) || node["declare"] === true) return;
    let [inside, inClass] = [within, className];
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression")
      inClass = (node["id"] as { name?: string } | null)?.name ?? "class";
    if (FUNCTIONS.has(node.type) && isTree(node["body"])) {
      inside = this.functions.length;
      this.functions.push({ name: nameOf(node, inClass, name), loc: node.loc! });
      // The value of an arrow without braces is what a `return` would have.
      const { body } = node as { body?: unknown };
      if (isTree(body) && body.type !== "BlockStatement") this.statements.push(part(body, inside));
    } else this.take(node, within);
    for (const [key, value] of Object.entries(node)) {
      if (key === "loc" || key.endsWith("Comments") || key === "typeAnnotation") continue;
      for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
        if (isTree(one)) this.walk(one, inside, inClass, nameGiven(node, name));
    }
  }

  private take(node: Tree, within: number): void {
    const of = (field: string): Part | undefined => {
      const value = node[field];
      return isTree(value) ? part(value, within) : undefined;
    };
    if (STATEMENTS.has(node.type)) this.statements.push(part(node, within));
    if (node.type === "VariableDeclarator" || node.type === "ClassProperty") {
      const value = node[node.type === "ClassProperty" ? "value" : "init"];
      if (isTree(value) && !FUNCTIONS.has(value.type)) this.statements.push(part(value, within));
    }
    const branch = (type: BranchShape["type"], arms: readonly (Part | undefined)[]): void => {
      this.branches.push({ type, loc: part(node, within), arms });
    };
    if (node.type === "IfStatement") branch("if", [of("consequent"), of("alternate")]);
    if (node.type === "ConditionalExpression") branch("cond-expr", [of("consequent"), of("alternate")]);
    if (node.type === "LogicalExpression") branch("binary-expr", [of("left"), of("right")]);
    if (node.type === "SwitchStatement")
      branch(
        "switch",
        (node["cases"] as Tree[]).flatMap((one) => {
          const body = one["consequent"] as Tree[];
          const [first, last] = [body[0]?.loc, body.at(-1)?.loc];
          return first && last ? { start: first.start, end: last.end, within } : [];
        }),
      );
  }
}

function part({ loc }: Tree, within: number): Part {
  return { start: pointOf(loc!.start), end: pointOf(loc!.end), within };
}

/** The parser's places have more fields. */
function pointOf({ line, column }: Point): Point {
  return { line, column };
}

function isTree(value: unknown): value is Tree {
  const tree = value as Tree | null | undefined;
  return typeof tree?.type === "string" && tree.loc !== undefined && tree.loc !== null;
}

/** The name that what is in a node gets by it. */
function nameGiven(node: Tree, name: string): string {
  if (node.type !== "VariableDeclarator") return FUNCTIONS.has(node.type) ? "" : name;
  return (node["id"] as { name?: string }).name ?? "";
}

function nameOf(node: Tree, className: string, given: string): string {
  const { name: own } = (node["id"] ?? node["key"] ?? {}) as { name?: string };
  if (/^(Class|Object)/.test(node.type)) {
    const method = node["kind"] === "constructor" ? "constructor" : (own ?? "method");
    return `${className}${node["static"] === true ? "." : "#"}${method}`;
  }
  return own ?? (given === "" ? "(closure)" : given);
}
