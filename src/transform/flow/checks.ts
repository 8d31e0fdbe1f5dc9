/**
 * Places that cannot wait: what a host or the compiler's library calls must return.
 *
 * @module
 */
import type {
  CallExpression,
  FunctionExpression,
  Node,
  Parser,
  PropertyAccessExpression,
  Range,
} from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { callbacks } from "../../abi.js";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { NodeKind } from "../compiler/compiler.js";
import type { CallGraph } from "./calls.js";
import { PACKAGE, identifierName, userSources, walk } from "../source/syntax.js";

interface Waits {
  /** The function in which waiting begins, and that in which it ends. */
  readonly target: string;
  readonly border: string;
  readonly module: binaryenTypes.Module;
  readonly binaryen: CompilerHooks["binaryen"];
  readonly parser: Parser;
}

/** Fails the build where something waits that cannot. */
export function checkWaiting(graph: CallGraph, waiting: ReadonlySet<string>, waits: Waits): void {
  for (const root of rootsOf(graph, waits)) {
    const path = directPath(graph, waiting, root, waits);
    if (path === undefined) continue;
    const place = placeOf(path, waits.parser);
    const where = root === "~start" ? "at module scope" : `in ${methodIn(path) ?? root}`;
    throw new BuildError(
      `this waits ${where}, and nothing but a flow can: move it to the handler of registerFlow, or to handle of a FlowPlugin.`,
      place,
    );
  }
  checkLibraryCallbacks(waiting, waits.parser);
}

/** The functions that the host calls, and those that run at module scope. */
function rootsOf(graph: CallGraph, { module, binaryen }: Waits): string[] {
  const exported = Array.from({ length: module.getNumExports() }, (_, index) =>
    binaryen.getExportInfo(module.getExportByIndex(index)),
  );
  // Other exports are dropped later: an entry file may export functions for tests.
  const names = exported
    .filter(({ kind, name }) => kind === binaryen.ExternalFunction && callbacks.has(name))
    .map(({ value }) => value);
  return [...new Set(["~start", ...names])].filter((name) => graph.has(name));
}

/** The calls by name on the way from `root` to where waiting begins; undefined when there is no such way. */
function directPath(
  graph: CallGraph,
  waiting: ReadonlySet<string>,
  root: string,
  { target, border }: Waits,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[root, undefined]]);
  for (const name of cameFrom.keys()) {
    if (name === target) {
      const path: string[] = [];
      for (let at: string | undefined = name; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
      return path;
    }
    for (const callee of waiting)
      if (callee !== border && !cameFrom.has(callee) && graph.callsDirectly(name, callee))
        cameFrom.set(callee, name);
  }
  return undefined;
}

/** `Filter.onLog` for the first method on a path; undefined when there is none. */
function methodIn(path: readonly string[]): string | undefined {
  for (const name of path) {
    const method = /([^/#]+)#(on[A-Z]\w*)$/.exec(name);
    if (method !== null && !name.startsWith(PACKAGE)) return `${method[1]}.${method[2]}`;
  }
  return undefined;
}

/** The place at which the last of the user's functions on the path calls the next. */
function placeOf(path: readonly string[], parser: Parser): Range | undefined {
  const last = path.findLastIndex((name) => !name.startsWith("~"));
  const caller = path[last];
  const called = path[last + 1];
  if (caller === undefined || called === undefined) return undefined;
  const file = caller.replace(/^start:/, "");
  const wanted = simpleName(called);
  let found: Range | undefined;
  for (const source of userSources(parser)) {
    if (file !== source.internalPath && !file.startsWith(`${source.internalPath}/`)) continue;
    const owner = /\/([^/#.~]+)(?:#([^/~]+))?$/.exec(file.slice(source.internalPath.length));
    walk(source.statements, (node) => {
      if (
        found === undefined &&
        nameOf(node) === wanted &&
        isWithin(node, owner?.[2] ?? owner?.[1], source.statements)
      )
        found = node.range;
    });
  }
  return found;
}

/** The simple name of what a node calls or reads. */
function nameOf(node: Node): string | undefined {
  if (node.kind === NodeKind["Call"]) {
    const { expression } = node as CallExpression;
    return expression.kind === NodeKind["PropertyAccess"]
      ? (expression as PropertyAccessExpression).property.text
      : identifierName(expression);
  }
  return node.kind === NodeKind["PropertyAccess"]
    ? (node as PropertyAccessExpression).property.text
    : undefined;
}

/** Tells whether a node lies in a function or method of this name; true when there is no name to go by. */
function isWithin(node: Node, name: string | undefined, statements: Node[]): boolean {
  if (name === undefined) return true;
  let within = false;
  walk(statements, (other) => {
    const kind = other.kind;
    if (kind !== NodeKind["FunctionDeclaration"] && kind !== NodeKind["MethodDeclaration"]) return;
    const declared = (other as Node & { name: { text: string } }).name.text;
    if (declared === name && other.range.start <= node.range.start && node.range.end <= other.range.end)
      within = true;
  });
  return within;
}

/** The identifier by which the source calls a function. */
function simpleName(internalName: string): string {
  let plain = internalName.replaceAll("=>", "");
  for (let outer = ""; outer !== plain; plain = plain.replace(/<[^<>]*>/g, "")) outer = plain;
  plain = plain.split("/").at(-1)!;
  return plain
    .split("#")
    .at(-1)
    .replace(/^(get|set):/, "")
    .replace(/@override$/, "")
    .split(".")
    .at(-1);
}

/** Methods of the library that call a function which they are given. */
const taking = new Set([
  "sort",
  "map",
  "filter",
  "forEach",
  "reduce",
  "reduceRight",
  "some",
  "every",
  "find",
  "findIndex",
  "findLastIndex",
  "flatMap",
]);

/** A comparator or the like that waits: the library is in the middle of its work on raw memory then. */
function checkLibraryCallbacks(waiting: ReadonlySet<string>, parser: Parser): void {
  const used = new Set(
    [...waiting].filter((name) => name.startsWith("~lib/") && !name.startsWith(PACKAGE)).map(simpleName),
  );
  const names = new Set(
    [...waiting].filter((name) => !name.startsWith("~lib/") || name.startsWith(PACKAGE)).map(simpleName),
  );
  for (const source of userSources(parser)) {
    walk(source.statements, (node) => {
      if (node.kind !== NodeKind["Call"]) return;
      const { expression, args } = node as CallExpression;
      if (expression.kind !== NodeKind["PropertyAccess"]) return;
      const method = (expression as PropertyAccessExpression).property.text;
      if (!taking.has(method) || !used.has(method)) return;
      for (const argument of args) {
        const call = waitingCall(argument, names);
        if (call === undefined) continue;
        throw new BuildError(
          `this waits in a function that "${method}" of the standard library calls, which has to return at once; wait in a loop of your own.`,
          call.range,
        );
      }
    });
  }
}

/** The first call in an arrow function that waits, or the function's name itself. */
function waitingCall(argument: Node, names: ReadonlySet<string>): Node | undefined {
  const name = identifierName(argument);
  if (name !== undefined) return names.has(name) ? argument : undefined;
  if (argument.kind !== NodeKind["Function"]) return undefined;
  let found: Node | undefined;
  walk((argument as FunctionExpression).declaration, (node) => {
    const called = node.kind === NodeKind["Call"] ? nameOf(node) : undefined;
    if (called !== undefined && names.has(called)) found ??= node;
  });
  return found;
}
