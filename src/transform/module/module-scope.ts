/**
 * Host calls at module scope. They run while the VM starts, where hosts allow little more than logging: any other call ends
 * the VM, and the proxy with it.
 *
 * @module
 */
import type {
  CallExpression,
  NewExpression,
  Node,
  Parser,
  PropertyAccessExpression,
  Range,
} from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { NodeKind } from "../compiler/compiler.js";
import { calleesOf } from "./calls.js";
import { functionsOf } from "./expressions.js";
import { tryStart } from "./trial-start.js";
import { PACKAGE, identifierName, walk } from "../source/syntax.js";

/** They ask the host for the level only when a callback is under way. */
const guarded = new Set(
  ["isEnabled", "isWorthBuilding"].map((name) => `${PACKAGE}assembly/services/log/log.${name}`),
);

/**
 * Fails the build when code at module scope calls a host function that is not allowed yet, or traps. Code that is written there
 * and never runs is no fault: a constructor may leave it out.
 */
export function checkModuleScope(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  parser: Parser,
): void {
  const { forbidden, trap } = tryStart(module);
  if (forbidden !== undefined) fail(forbidden, pathToImport(module, binaryen, forbidden), parser);
  if (trap !== undefined) {
    throw new BuildError(
      `this module traps while it starts, so no host would load it: ${trap}. What stands at the top of its files runs then; do it in onVmStart or onConfigure, or mend it.`,
    );
  }
}

/** The functions on the way from the start function to a host function. */
function pathToImport(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  hostFunction: string,
): string[] {
  const functions = new Map(functionsOf(module, binaryen).map((info) => [info.name, info]));
  const cameFrom = new Map<string, string | undefined>([["~start", undefined]]);
  for (const name of cameFrom.keys()) {
    const info = functions.get(name);
    if (info === undefined || guarded.has(name)) continue;
    if (info.base && info.module) {
      if (info.base === hostFunction) return pathTo(name, cameFrom);
      continue;
    }
    for (const { name: callee } of calleesOf(binaryen.emitText(info.body)))
      if (!cameFrom.has(callee)) cameFrom.set(callee, name);
  }
  return [];
}

/** The functions on the way from the start function to `name`. */
function pathTo(name: string, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function fail(hostFunction: string, path: string[], parser: Parser): never {
  const lastFile = path.findLastIndex((name) => name.startsWith("start:"));
  const file = path[lastFile]?.slice("start:".length);
  const called = path[lastFile + 1] ?? hostFunction;
  const source = parser.sources.find((s) => s.internalPath === file);
  const range = source === undefined ? undefined : findCall(source.statements, simpleName(called));
  const place = range === undefined && file !== undefined ? ` of ${file}.ts` : "";
  throw new BuildError(
    `"${hostFunction}" is called at module scope${place}, while the VM starts and a host allows nothing but logging; call it in onVmStart, in onConfigure or later.`,
    range,
  );
}

/** The identifier by which the source calls a function: `Counter` for `…/Counter#constructor`, `now` for `…/clock.now`. */
function simpleName(internalName: string): string {
  const plain = internalName.replace(/<.*>/g, "").split("/").at(-1);
  const [owner, member] = plain.split("#");
  return (member === undefined || member === "constructor" ? owner! : member)
    .replace(/^(get|set):/, "")
    .split(".")
    .at(-1);
}

/** The first place outside of functions and classes that calls `name` or makes a `new name`. */
function findCall(statements: Node[], name: string): Range | undefined {
  let found: Range | undefined;
  walk(
    statements.filter(
      (s) => s.kind !== NodeKind["FunctionDeclaration"] && s.kind !== NodeKind["ClassDeclaration"],
    ),
    (node) => {
      if (found !== undefined) return;
      if (node.kind === NodeKind["New"]) {
        if ((node as NewExpression).typeName.identifier.text === name) found = node.range;
      } else if (node.kind === NodeKind["PropertyAccess"]) {
        if ((node as PropertyAccessExpression).property.text === name) found = node.range;
      } else if (
        node.kind === NodeKind["Call"] &&
        identifierName((node as CallExpression).expression) === name
      ) {
        found = node.range;
      }
    },
  );
  return found;
}
