/**
 * Members of a filter's class that have the name of one of this package's own. The compiler lets a field of the same type
 * take the other's place without a word, and explains the rest by the package's insides.
 *
 * @module
 */
import type { ClassDeclaration, ImportStatement, NamedTypeNode, Parser, Source } from "assemblyscript";
import { failAt } from "../build-error.js";
import { CommonFlags, NodeKind } from "../compiler/compiler.js";
import { classesOf, isOwnSource, userSources } from "./syntax.js";

/** The names of members that are there to be overridden. */
const overridden = /^(constructor|(on|create)[A-Z].*|handle|.*BodyLimit)$/;

interface Found {
  readonly declaration: ClassDeclaration;
  readonly source: Source;
}

/** Fails the build at a member of a user's class that hides one of the package's class that it extends. */
export function checkMembers(parser: Parser): void {
  const own = new Map<string, Found>();
  for (const source of parser.sources.filter(isOwnSource))
    for (const declaration of classesOf(source)) own.set(declaration.name.text, { declaration, source });
  for (const source of userSources(parser)) {
    for (const declaration of classesOf(source)) {
      const members = declaration.members.filter((m) => !m.is(CommonFlags["Static"]!));
      const bases = [...basesOf({ declaration, source }, parser, own)];
      const taken = new Set(bases.flatMap((base) => base.members.map((member) => member.name.text)));
      const member = members.find(({ name }) => taken.has(name.text) && !overridden.test(name.text));
      if (member === undefined) continue;
      const name = member.name.text;
      failAt(
        member.name,
        `${declaration.name.text}.${name} would take the place of ${bases[0]!.name.text}.${name}, which this package needs; choose another name.`,
      );
    }
  }
}

/** The package's classes that a class extends, directly or through others. */
function* basesOf(
  { declaration, source }: Found,
  parser: Parser,
  own: ReadonlyMap<string, Found>,
): Generator<ClassDeclaration> {
  const type = declaration.extendsType as NamedTypeNode | null;
  if (type === null) return;
  const name = foreignName(source, type.name.identifier.text);
  const users = isOwnSource(source) ? [] : userSources(parser);
  const local = users.flatMap((s) => classesOf(s).map((d) => ({ declaration: d, source: s })));
  const base = local.find((found) => found.declaration.name.text === name) ?? own.get(name);
  if (base === undefined || base.declaration === declaration) return;
  if (isOwnSource(base.source)) yield base.declaration;
  yield* basesOf(base, parser, own);
}

/** What a name is called where it is imported from; itself when it is not imported. */
function foreignName(source: Source, name: string): string {
  for (const statement of source.statements) {
    if (statement.kind !== NodeKind["Import"]) continue;
    const found = (statement as ImportStatement).declarations?.find((d) => d.name.text === name);
    if (found !== undefined) return found.foreignName.text;
  }
  return name;
}
