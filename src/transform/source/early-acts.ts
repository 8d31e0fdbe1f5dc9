/**
 * Tells whether a stream or connection may be asked or told something before it has begun: in the constructor of its context, in a
 * field's initial value, or where a plugin makes the context. Nothing of it is there yet.
 *
 * @module
 */
import type { ClassDeclaration, FieldDeclaration, MethodDeclaration, Node, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { declaredName, identifierName, walk } from "./syntax.js";

/** The names by which one asks or tells a stream or connection. */
const parts = new Set([
  "request",
  "response",
  "respond",
  "respondBytes",
  "respondJson",
  "reset",
  "resumeRequest",
  "resumeResponse",
  "attributes",
  "property",
  "downstream",
  "upstream",
  "close",
]);

/** The functions that run while contexts are made. */
const makers = new Set(["constructor", "createHttpContext", "createTcpContext"]);

/**
 * Tells whether one of these names can be reached from there. Functions and methods are told by their names alone, and a function
 * that is only kept counts as called.
 */
export function mayActEarly(sources: readonly Source[]): boolean {
  const bodies = new Map<string, Node[]>();
  const begun: Node[] = [];
  for (const source of sources) {
    walk(source.statements as Node[], (node) => {
      const name = declaredName(node);
      const isFunction =
        node.kind === NodeKind["FunctionDeclaration"] || node.kind === NodeKind["MethodDeclaration"];
      if (isFunction && name !== undefined) bodies.set(name, [...(bodies.get(name) ?? []), node]);
      if (node.kind === NodeKind["ClassDeclaration"]) begun.push(...beginningsOf(node as ClassDeclaration));
    });
  }
  return reaches(begun, bodies);
}

/** The initial values of a class's fields, and its functions that make something. */
function beginningsOf({ members, extendsType }: ClassDeclaration): Node[] {
  if (extendsType === null) return [];
  return members.flatMap((member): Node[] => {
    if (member.kind === NodeKind["FieldDeclaration"]) {
      const { initializer } = member as FieldDeclaration;
      return initializer === null ? [] : [initializer];
    }
    return makers.has(member.name.text) ? [member as MethodDeclaration] : [];
  });
}

function reaches(begun: readonly Node[], bodies: ReadonlyMap<string, readonly Node[]>): boolean {
  const seen = new Set<string>();
  const open = [...begun];
  let found = false;
  for (let node = open.pop(); node !== undefined && !found; node = open.pop()) {
    const names: string[] = [];
    const note = (below: Node): void => {
      const name =
        below.kind === NodeKind["PropertyAccess"]
          ? (below as Node & { property: { text: string } }).property.text
          : identifierName(below);
      if (name !== undefined) names.push(name);
    };
    note(node);
    walk(node, note);
    for (const name of names) {
      if (parts.has(name)) found = true;
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...(bodies.get(name) ?? []));
    }
  }
  return found;
}
