/**
 * The types of objects that a source declares.
 *
 * @module
 */
import type { TSInterfaceDeclaration, TSTypeAliasDeclaration, TSUnionType } from "@babel/types";
import type { Lowering } from "./lowering.js";
import { walk, type Syntax } from "./tree.js";

/** The types that a source declares, by name. */
export interface Declared {
  readonly interfaces: Map<string, TSInterfaceDeclaration & Syntax>;
  readonly aliases: Map<string, TSTypeAliasDeclaration & Syntax>;
  /** The names that classes implement. */
  readonly implemented: Set<string>;
  /** Interfaces that are only a part of a union, by name: the union's name. */
  readonly merged: Map<string, string>;
  /** Names for types that are written where they are used. */
  readonly written: Map<string, string>;
}

const known = new WeakMap<Lowering, Declared>();

export function declaredIn(l: Lowering): Declared {
  const before = known.get(l);
  if (before !== undefined) return before;
  const found: Declared = {
    interfaces: new Map(),
    aliases: new Map(),
    implemented: new Set(),
    merged: new Map(),
    written: new Map(),
  };
  known.set(l, found);
  walk(l.root, (node) => {
    if (node.type === "TSInterfaceDeclaration") found.interfaces.set(node.id.name, node);
    if (node.type === "TSTypeAliasDeclaration") found.aliases.set(node.id.name, node);
    if (node.type === "ClassDeclaration")
      for (const type of (node.implements ?? []) as Syntax[]) found.implemented.add(l.textOf(type));
  });
  for (const [name, alias] of found.aliases) {
    const union = alias.typeAnnotation as Syntax;
    if (union.type !== "TSUnionType" || variantsOf(union, l, found) === undefined) continue;
    for (const member of union.types as Syntax[]) {
      const other = nameOf(member);
      if (other !== undefined && !found.merged.has(other)) found.merged.set(other, name);
    }
  }
  return found;
}

export function nameOf(type: Syntax): string | undefined {
  const inner = unwrapped(type);
  if (inner.type !== "TSTypeReference" || inner.typeName.type !== "Identifier") return undefined;
  return inner.typeParameters ? undefined : inner.typeName.name;
}

export function unwrapped(type: Syntax): Syntax {
  let inner = type;
  while (inner.type === "TSParenthesizedType") inner = inner.typeAnnotation as Syntax;
  return inner;
}

/** The members of a type of objects that this source shows; undefined when it does not. */
export function membersOf(type: Syntax, found: Declared): Syntax[] | undefined {
  const inner = unwrapped(type);
  if (inner.type === "TSTypeLiteral") return inner.members as Syntax[];
  const name = nameOf(inner);
  if (name === undefined) return undefined;
  const declared = found.interfaces.get(name);
  if (declared !== undefined) {
    if (declared.extends?.length || declared.typeParameters || found.implemented.has(name)) return undefined;
    return declared.body.body as Syntax[];
  }
  const alias = found.aliases.get(name);
  if (alias === undefined || alias.typeParameters) return undefined;
  const other = alias.typeAnnotation as Syntax;
  return other.type === "TSTypeLiteral" ? (other.members as Syntax[]) : undefined;
}

export type Field = Syntax & {
  key: Syntax;
  optional?: boolean;
  computed?: boolean;
  typeAnnotation?: { typeAnnotation: Syntax };
};

/** The members of each part of a union that a field with literal values tells apart. */
export function variantsOf(
  union: TSUnionType & Syntax,
  l: Lowering,
  found: Declared,
): { variants: Field[][]; nullable: boolean } | undefined {
  let nullable = false;
  const variants: Field[][] = [];
  for (const part of union.types as Syntax[]) {
    if (/^TS(Null|Undefined)Keyword$/.test(part.type)) {
      nullable = true;
      continue;
    }
    const members = membersOf(part, found);
    if (members === undefined || members.some(({ type }) => type !== "TSPropertySignature")) return undefined;
    variants.push(members as Field[]);
  }
  if (variants.length < 2) return undefined;
  const isTold = ({ key }: Field): boolean =>
    variants.every((fields) =>
      fields.some(
        (field) =>
          l.textOf(field.key) === l.textOf(key) &&
          field.typeAnnotation?.typeAnnotation.type === "TSLiteralType",
      ),
    );
  return variants[0]!.some(isTold) ? { variants, nullable } : undefined;
}
