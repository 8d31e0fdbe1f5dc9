/**
 * Types of objects: interfaces, `{ a: string }`, tables, and unions of objects that a field tells apart.
 *
 * @module
 */
import type {
  TSInterfaceDeclaration,
  TSIntersectionType,
  TSTypeAliasDeclaration,
  TSTypeLiteral,
  TSTypeReference,
  TSUnionType,
} from "@babel/types";
import { OPEN_BOOLEAN } from "../../transform/compiler/booleans.js";
import {
  declaredIn,
  membersOf,
  nameOf,
  unwrapped,
  variantsOf,
  type Declared,
  type Field,
} from "./declared-types.js";
import { orNull } from "./functions.js";
import { addRule, type Lowering } from "./lowering.js";
import { optionalFields } from "./marked-fields.js";
import type { Piece } from "./pieces.js";
import { walk, type Syntax } from "./tree.js";
import { isBooleanType, isNumberType, isValueType } from "./value-types.js";

/** The class of a union: it has the fields of all parts, of which TypeScript lets only those be read that are there. */
function lowerUnion(
  node: TSTypeAliasDeclaration & Syntax,
  variants: readonly Field[][],
  l: Lowering,
): Piece[] | undefined {
  const fields = new Map<string, { field: Field; type: string; pieces: Piece[] }>();
  for (const field of variants.flat()) {
    const name = l.textOf(field.key);
    if (!field.typeAnnotation) return l.refuse(field, "objectShape");
    const { text, pieces } = typeOf(field, l);
    const before = fields.get(name);
    if (before !== undefined && before.type !== text) return l.refuse(field, "unionOfTypes");
    fields.set(name, { field, type: text, pieces });
  }
  const absent = l.import("record", "absent");
  const body = [...fields].flatMap(([name, { field, type, pieces }]) => {
    const value = type.endsWith("| null") ? "null" : `${absent}<${type}>()`;
    return l.make(field, `${name}: `, pieces, ` = ${value}; `);
  });
  return l.make(node, "class ", l.make(node.id, node.id.name), parametersOf(node, l), " { ", body, "}");
}

function typeOf(field: Field, l: Lowering): { text: string; pieces: Piece[] } {
  const type = field.typeAnnotation!.typeAnnotation;
  const pieces = [...l.lower(type)];
  const text = pieces.map((piece) => piece.text).join("");
  if (!field.optional || /\|\s*null$/.test(text)) return { text, pieces };
  return { text: `${text} | null`, pieces: [...pieces, ...l.make(type, " | null")] };
}

function parametersOf(node: { typeParameters?: unknown }, l: Lowering): Piece[] {
  return node.typeParameters ? l.lower(node.typeParameters) : [];
}

/** The members of an interface, one behind the other. */
function bodyOf(members: readonly Syntax[], l: Lowering): Piece[] {
  return members.flatMap((member) => {
    const pieces = l.lower(member);
    const last = pieces.at(-1);
    const text = last?.text.replace(/[;,]\s*$/, "");
    const rest = last === undefined ? [] : [{ ...last, text: text }];
    return [...pieces.slice(0, -1), ...rest, ...l.make(member, "; ")];
  });
}

/** The type of a table's values, where all members say is that it is a table. */
function tableOf(members: readonly Syntax[], l: Lowering): Piece[] | undefined {
  if (!members.some(({ type }) => type === "TSIndexSignature")) return undefined;
  const [signature] = members as (Syntax & {
    parameters: { typeAnnotation: { typeAnnotation: Syntax } }[];
    typeAnnotation: { typeAnnotation: Syntax };
  })[];
  const key = signature!.parameters[0]?.typeAnnotation.typeAnnotation;
  if (members.length > 1 || !/^TS(String|Number)Keyword$/.test(key?.type ?? ""))
    return l.refuse(signature, "recordType");
  return l.make(
    signature,
    `${l.import("record", "Record")}<`,
    l.lower(signature!.typeAnnotation.typeAnnotation),
    ">",
  );
}

/** `interface F { (a: string): string }` as the type of a function. */
function functionOf(members: readonly Syntax[], l: Lowering): Piece[] | undefined {
  const [call] = members as (Syntax & {
    parameters: Syntax[];
    typeAnnotation?: { typeAnnotation: Syntax };
  })[];
  if (call?.type !== "TSCallSignatureDeclaration") return undefined;
  if (members.length > 1) return l.refuse(call, "objectShape");
  const parameters = call.parameters.flatMap((parameter, index) =>
    l.make(parameter, index === 0 ? "" : ", ", l.lower(parameter)),
  );
  const result = call.typeAnnotation ? l.lower(call.typeAnnotation.typeAnnotation) : l.make(call, "void");
  return l.make(call, "(", parameters, ") => ", result);
}

addRule<TSInterfaceDeclaration & Syntax>("TSInterfaceDeclaration", (node, l) => {
  const found = declaredIn(l);
  const { name } = node.id;
  const members = node.body.body as Syntax[];
  const union = found.merged.get(name);
  if (union !== undefined && membersOf(unionMember(name, union, found)!, found) !== undefined)
    return l.make(node, `type ${name} = ${union};`);
  const other = tableOf(members, l) ?? functionOf(members, l);
  if (other !== undefined)
    return l.make(node, "type ", l.make(node.id, name), parametersOf(node, l), " = ", other, ";");
  const [first, ...more] = (node.extends ?? []) as Syntax[];
  const added = more.flatMap((base) => {
    const inherited = found.interfaces.get(l.textOf(base));
    if (inherited === undefined || inherited.extends?.length) l.refuse(base, "intersection");
    return (inherited?.body.body ?? []) as Syntax[];
  });
  return lowerInterface(node, l, first === undefined ? [] : l.lower(first), [...added, ...members]);
});

function unionMember(name: string, union: string, found: Declared): Syntax | undefined {
  const { types } = found.aliases.get(union)!.typeAnnotation as TSUnionType;
  return (types as Syntax[]).find((type) => nameOf(type) === name);
}

function lowerInterface(
  node: { id: { name: string }; typeParameters?: unknown },
  l: Lowering,
  base: Piece[],
  members: readonly Syntax[],
): Piece[] {
  const head = l.make(node, "interface ", l.make(node.id, node.id.name), parametersOf(node, l));
  const extending = base.length > 0 ? l.make(node, " extends ", base) : [];
  return [...head, ...extending, ...l.make(node, " { ", bodyOf(members, l), "}")];
}

addRule<TSTypeAliasDeclaration & Syntax>(
  "TSTypeAliasDeclaration",
  (node, l) => {
    const found = declaredIn(l);
    const type = unwrapped(node.typeAnnotation as Syntax);
    const union = found.merged.get(node.id.name);
    if (union !== undefined && type.type === "TSTypeLiteral")
      return l.make(node, `type ${node.id.name} = ${union};`);
    if (type.type === "TSUnionType") {
      const told = variantsOf(type, l, found);
      if (told === undefined) return undefined;
      return told.nullable ? l.refuse(node, "nullableUnion") : lowerUnion(node, told.variants, l);
    }
    if (type.type === "TSTypeLiteral") {
      const members = type.members as Syntax[];
      if ((tableOf(members, l) ?? functionOf(members, l)) !== undefined) return undefined;
      return lowerInterface(node, l, [], members);
    }
    if (type.type !== "TSIntersectionType") return undefined;
    return lowerIntersection(node, type, l, found);
  },
  true,
);

/** `Base & { more: string }` as an interface that extends the first. */
function lowerIntersection(
  node: TSTypeAliasDeclaration & Syntax,
  { types }: TSIntersectionType,
  l: Lowering,
  found: Declared,
): Piece[] | undefined {
  const [first, ...more] = types as Syntax[];
  const added = more.map((type) => membersOf(type, found));
  const own = membersOf(first!, found);
  if (own === undefined || added.some((members) => members === undefined)) return undefined;
  const members = added.flatMap((some) => some ?? []);
  return nameOf(first!) === undefined
    ? lowerInterface(node, l, [], [...own, ...members])
    : lowerInterface(node, l, l.lower(first), members);
}

/** `Partial<Config>`, `Pick<Config, "host">` and `Omit<Config, "host">` of an interface that this source declares. */
addRule<TSTypeReference & Syntax>(
  "TSTypeReference",
  (node, l) => {
    const name = node.typeName.type === "Identifier" ? node.typeName.name : "";
    const [type, keys] = (node.typeParameters?.params ?? []) as Syntax[];
    if (!/^(Partial|Pick|Omit)$/.test(name) || !l.isGlobal(name) || type === undefined) return undefined;
    const found = declaredIn(l);
    const members = membersOf(type, found);
    if (members === undefined || members.some((member) => member.type !== "TSPropertySignature"))
      return undefined;
    const chosen = keys === undefined ? undefined : literalsOf(keys);
    if (name !== "Partial" && chosen === undefined) return undefined;
    const text = l.textOf(node).replace(/\s+/g, " ");
    let own = found.written.get(text);
    if (own === undefined) {
      own = l.name("Type");
      found.written.set(text, own);
      const fields = (members as Field[])
        .filter(({ key }) => chosen === undefined || chosen.has(l.textOf(key)) === (name === "Pick"))
        .flatMap((field) => fieldOf(field, node, name === "Partial", l));
      l.append(l.make(node, `interface ${own} { `, fields, "}"));
    }
    return l.make(node, own);
  },
  true,
);

/** A field of another type, declared where that type is written. */
function fieldOf(field: Field, place: Syntax, isPartial: boolean, l: Lowering): Piece[] {
  const type = field.typeAnnotation?.typeAnnotation;
  if (type === undefined) return l.refuse(field, "objectShape") ?? [];
  const name = l.make(place, l.textOf(field.key));
  if (!isPartial && !field.optional) return l.make(place, name, ": ", l.lower(type), "; ");
  optionalFields.add(l.path, place.start);
  const isOpen = isNumberType(type, l) || isBooleanType(type, l);
  if (!isOpen && isValueType(type, l)) return l.refuse(place, "optionalNumberField") ?? [];
  const open = isBooleanType(type, l) ? l.make(type, OPEN_BOOLEAN) : isOpen ? l.lower(type) : orNull(type, l);
  return l.make(place, name, ": ", open, "; ");
}

/** The texts of a literal type, or of a union of such. */
function literalsOf(type: Syntax): Set<string> | undefined {
  const parts = type.type === "TSUnionType" ? (type.types as Syntax[]) : [type];
  const found = new Set<string>();
  for (const part of parts) {
    if (part.type !== "TSLiteralType" || part.literal.type !== "StringLiteral") return undefined;
    found.add(part.literal.value);
  }
  return found;
}

/** A type that is written where it is used becomes a declared one. */
addRule<TSTypeLiteral & Syntax>("TSTypeLiteral", (node, l) => {
  const members = node.members as Syntax[];
  if (members.length === 0) return l.refuse(node, "object");
  const other = tableOf(members, l) ?? functionOf(members, l);
  if (other !== undefined) return other;
  const { written } = declaredIn(l);
  const parameters = typeParametersIn(node, l);
  const list = parameters.length > 0 ? `<${parameters.join(", ")}>` : "";
  const text = l.textOf(node).replace(/\s+/g, " ") + list;
  let name = written.get(text);
  if (name === undefined) {
    name = l.name("Type");
    written.set(text, name);
    l.append(l.make(node, `interface ${name}${list} { `, bodyOf(members, l), "}"));
  }
  return l.make(node, name + list);
});

/** The type parameters of the classes, functions and types around a type that stand in it. */
function typeParametersIn(type: Syntax, l: Lowering): string[] {
  const used = new Set<string>();
  walk(type, (node) => {
    if (node.type === "TSTypeReference" && node.typeName.type === "Identifier") used.add(node.typeName.name);
  });
  const found = new Set<string>();
  for (let at = l.parent(type); at !== undefined; at = l.parent(at)) {
    const { typeParameters } = at as { typeParameters?: { params?: { name: string | { name: string } }[] } };
    if (at.type.includes("Reference") || at.type.includes("Call")) continue;
    for (const { name } of typeParameters?.params ?? []) {
      const text = typeof name === "string" ? name : name?.name;
      if (text !== undefined && used.has(text)) found.add(text);
    }
  }
  return [...found];
}
