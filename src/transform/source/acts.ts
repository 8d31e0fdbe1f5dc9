/**
 * Tells whether streams are acted upon from elsewhere than their own callbacks.
 *
 * @module
 */
import type { ClassDeclaration, Node, PropertyAccessExpression, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { walk } from "./syntax.js";

/** The methods that end a stream or let it go on. */
const actions = new Set([
  "respond",
  "respondBytes",
  "respondJson",
  "reset",
  "resumeRequest",
  "resumeResponse",
]);

/** A method and what it uses of its own object. */
interface Member {
  readonly name: string;
  readonly uses: ReadonlySet<string>;
}

/**
 * Tells whether what ends a stream, or lets it go on, is called for another object than `this`, or in a method that can be. Methods
 * are told by their names: one that is called for anything but `this` or `super` counts, with all that it calls in turn.
 */
export function actsThroughReferences(sources: readonly Source[]): boolean {
  const members: Member[] = [];
  /** The names of members that are used of other objects than `this`. */
  const elsewhere = new Set<string>();
  for (const source of sources) {
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["ClassDeclaration"]) members.push(...membersOf(node as ClassDeclaration));
      if (node.kind !== NodeKind["PropertyAccess"]) return;
      const { expression, property } = node as PropertyAccessExpression;
      if (!isOwnObject(expression)) elsewhere.add(property.text);
    });
  }
  for (const name of elsewhere) {
    if (actions.has(name)) return true;
    for (const member of members)
      if (member.name === name) for (const used of member.uses) elsewhere.add(used);
  }
  return false;
}

function isOwnObject({ kind }: Node): boolean {
  return kind === NodeKind["This"] || kind === NodeKind["Super"];
}

function membersOf(declaration: ClassDeclaration): Member[] {
  return declaration.members
    .filter(({ kind }) => kind === NodeKind["MethodDeclaration"])
    .map((member) => {
      const uses = new Set<string>();
      walk(member, (node) => {
        if (node.kind !== NodeKind["PropertyAccess"]) return;
        const { expression, property } = node as PropertyAccessExpression;
        if (isOwnObject(expression)) uses.add(property.text);
      });
      return { name: member.name.text, uses };
    });
}
