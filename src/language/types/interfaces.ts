/**
 * Interfaces of which object literals are made. An interface that no class implements becomes a class itself: a literal becomes
 * an object of it, and its fields cost no call. An interface that classes implement gets a class beside it for literals.
 *
 * @module
 */
import type {
  ClassDeclaration,
  DeclarationStatement,
  FieldDeclaration,
  Node,
  Source,
  Statement,
  TypeNode,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { CommonFlags, NodeKind } from "../../transform/compiler/compiler.js";
import { walk } from "../../transform/source/syntax.js";
import { isOmitted } from "../../transform/compiler/nodes.js";

const LITERAL = "__literal";

/** The name of the class that literals of an interface become. */
export const literalClass = (name: string): string => name + LITERAL;

/** Makes classes of the users' interfaces. */
export function classesOfInterfaces(sources: readonly Source[]): void {
  const interfaces: { declaration: ClassDeclaration; list: Statement[] }[] = [];
  const implemented = new Set<string>();
  for (const source of sources) {
    const aliases = new Map<string, string>();
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["ImportDeclaration"]) {
        const { name, foreignName } = node as unknown as Record<string, { text: string }>;
        aliases.set(name!.text, foreignName!.text);
      }
      const { implementsTypes } = node as unknown as { implementsTypes?: TypeNode[] | null };
      if (node.kind === NodeKind["ClassDeclaration"])
        for (const type of implementsTypes ?? []) {
          const name = typeName(type);
          implemented.add(name).add(aliases.get(name) ?? name);
        }
    });
    const lists = [source.statements];
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["NamespaceDeclaration"])
        lists.push((node as unknown as { members: Statement[] }).members);
    });
    for (const list of lists)
      for (const statement of list)
        if (statement.kind === NodeKind["InterfaceDeclaration"])
          interfaces.push({ declaration: statement as ClassDeclaration, list });
  }
  spreadImplemented(
    interfaces.map(({ declaration }) => declaration),
    implemented,
  );
  const extended = new Set(
    interfaces.flatMap(({ declaration: { extendsType } }) => (extendsType ? [typeName(extendsType)] : [])),
  );
  for (const { declaration, list } of interfaces) {
    if (implemented.has(declaration.name.text)) addLiteralClass(declaration, list);
    else becomeClass(declaration, extended.has(declaration.name.text));
  }
}

/** If an interface is implemented, those that it extends and that extend it are, too: classes and interfaces do not mix. */
function spreadImplemented(interfaces: readonly ClassDeclaration[], implemented: Set<string>): void {
  for (let before = -1; before !== implemented.size;) {
    before = implemented.size;
    for (const { name, extendsType } of interfaces) {
      if (extendsType === null) continue;
      const base = typeName(extendsType);
      const isOwn = interfaces.some((other) => other.name.text === base);
      if (implemented.has(name.text)) implemented.add(base);
      else if (implemented.has(base) || !isOwn) implemented.add(name.text);
    }
  }
}

function typeName(type: TypeNode): string {
  return (type as unknown as { name: { identifier: { text: string } } }).name.identifier.text;
}

/** The declarations of classes that were interfaces. */
export const madeOfInterfaces = new WeakSet<Node>();

/** Tells whether all objects of a class are literals: it was an interface, or is beside one. */
export function isMadeOfInterface(name: string, declaration: Node): boolean {
  return madeOfInterfaces.has(declaration) || name.endsWith(LITERAL);
}

function becomeClass(declaration: ClassDeclaration, isBase: boolean): void {
  madeOfInterfaces.add(declaration);
  (declaration as { kind: number }).kind = NodeKind["ClassDeclaration"]!;
  declaration.members = declaration.members.map(fieldOf);
  // A literal sets all fields, also those of the bases: their own constructors need not.
  if (isBase)
    for (const member of declaration.members)
      (member as { flags: number }).flags |= CommonFlags["DefinitelyAssigned"]!;
}

/** Only where all members are fields: a method would need an object of its own to be called on. */
function addLiteralClass(declaration: ClassDeclaration, list: Statement[]): void {
  const { name, typeParameters, members, range, extendsType } = declaration;
  if (typeParameters !== null || extendsType !== null) return;
  if (members.some(({ kind }) => kind !== NodeKind["FieldDeclaration"])) return;
  const make = assemblyscript.Node;
  const own = make.createNamedType(make.createSimpleTypeName(name.text, range), null, false, range);
  list.push(
    make.createClassDeclaration(
      make.createIdentifierExpression(literalClass(name.text), range),
      null,
      0,
      null,
      null,
      [own],
      members.map((member) => fieldOf(copyOf(member as FieldDeclaration))),
      range,
    ),
  );
}

function copyOf({ name, type, range }: FieldDeclaration): FieldDeclaration {
  const make = assemblyscript.Node;
  return make.createFieldDeclaration(
    make.createIdentifierExpression(name.text, range),
    null,
    0,
    type,
    null,
    range,
  );
}

/** A member as a field that can be set. */
function fieldOf(member: DeclarationStatement): DeclarationStatement {
  const make = assemblyscript.Node;
  const { range } = member;
  if (member.kind === NodeKind["MethodDeclaration"]) {
    const { name, signature } = member as unknown as { name: never; signature: { returnType: TypeNode } };
    if (isOmitted(signature.returnType))
      signature.returnType = make.createNamedType(
        make.createSimpleTypeName("void", range),
        null,
        false,
        range,
      );
    return make.createFieldDeclaration(name, null, 0, signature as never, null, range);
  }
  const field = member as FieldDeclaration;
  (field as { flags: number }).flags &= ~CommonFlags["Readonly"]!;
  const { type } = field as unknown as { type: { isNullable?: boolean } | null };
  if (type?.isNullable === true && field.initializer === null)
    field.initializer = make.createNullExpression(range);
  return field;
}
