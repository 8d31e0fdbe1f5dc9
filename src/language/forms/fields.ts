/**
 * The fields of an object's class, and the parts of a literal that gives them their values.
 *
 * @module
 */
import type {
  Class,
  ClassPrototype,
  Expression,
  IdentifierExpression,
  Node,
  ObjectLiteralExpression,
  Resolver,
  Type,
} from "assemblyscript";
import { tables } from "../../transform/compiler/tables.js";
import { SWALLOW } from "../../transform/compiler/tables.js";
import { optionalFields } from "../syntax/marked-fields.js";
import { kindOf } from "./classes.js";

/** Tables, in `assembly/language/`. */
export const RECORD = "record/Record";

/** Tells whether a type is that of a table, and of which values. */
export function tableValue(type: Type | null): Type | undefined {
  const kind = type === null ? undefined : kindOf(type);
  return kind?.name === RECORD ? kind.types[0] : undefined;
}

/** A part of a literal. */
export type Part =
  | { readonly kind: "field"; readonly name: IdentifierExpression; readonly value: Expression }
  | { readonly kind: "computed"; readonly key: Expression; readonly value: Expression }
  | { readonly kind: "spread"; readonly value: Expression };

/** The parts of a literal, in their order. */
export function partsOf({ names, values }: ObjectLiteralExpression): Part[] {
  const parts: Part[] = [];
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const value = values[index]!;
    if (name.text.startsWith("__spread")) parts.push({ kind: "spread", value });
    else if (name.text.startsWith("__computed"))
      parts.push({ kind: "computed", key: value, value: values[++index]! });
    else parts.push({ kind: "field", name, value });
  }
  return parts;
}

/** A field of a class. */
export interface Field {
  readonly name: string;
  readonly type: Type;
  /** Tells whether an object may leave it out. */
  readonly optional: boolean;
}

interface Member {
  readonly kind: number;
  readonly isField?: boolean;
  readonly instance?: Property | null;
}

interface Property {
  readonly isField: boolean;
  readonly name: string;
  readonly type: Type;
  readonly identifierNode: Node;
}

/** Tells whether classes implement what the type of an object says. */
export function isInterface({ kind }: Class): boolean {
  return (kind as number) === tables["ElementKind"]!["Interface"];
}

/** The fields of a class, with those that it inherits; of an interface those that it declares. */
export function fieldsOf(classOf: Class): Field[] {
  const { resolver } = classOf.program;
  const declares = isInterface(classOf);
  const found: Field[] = [];
  for (const member of (classOf.members as ReadonlyMap<string, Member> | null)?.values() ?? []) {
    const property = declares ? propertyOf(resolver, member) : member.instance;
    if (!property || (!declares && !property.isField)) continue;
    const { range } = property.identifierNode;
    const optional = optionalFields.has(range.source.normalizedPath, range.start);
    found.push({ name: property.name, type: property.type, optional });
  }
  return found;
}

function propertyOf(resolver: Resolver, member: Member): Property | null {
  if (member.kind !== tables["ElementKind"]!["PropertyPrototype"]) return null;
  return (
    resolver as unknown as { resolveProperty(member: Member, mode: unknown): Property | null }
  ).resolveProperty(member, SWALLOW);
}

interface Prototype {
  readonly kind: number;
  readonly instanceMembers: ReadonlyMap<string, Member> | null;
  readonly basePrototype: Prototype | null;
  readonly interfacePrototypes: readonly Prototype[] | null;
}

/** The classes of which an object may be that has this type. */
function possibleClasses({ program, prototype }: Class): Prototype[] {
  const own = prototype as unknown as Prototype;
  const isOf = (some: Prototype | null): boolean =>
    some !== null &&
    (some === own || isOf(some.basePrototype) || (some.interfacePrototypes ?? []).some(isOf));
  return [...(program.elementsByName as ReadonlyMap<string, unknown>).values()].filter(
    (element): element is Prototype =>
      (element as ClassPrototype).kind === tables["ElementKind"]!["ClassPrototype"] &&
      isOf(element as Prototype),
  );
}

/** Tells whether an object of this type may have fields that the type does not declare. */
export function mayHaveMore(classOf: Class): boolean {
  const known = new Set(fieldsOf(classOf).map(({ name }) => name));
  return possibleClasses(classOf).some((some) =>
    [...(some.instanceMembers ?? [])].some(([name, { isField }]) => isField === true && !known.has(name)),
  );
}

/** A field that an interface declares and a class has as a getter: TypeScript spreads no such. */
export function getterBehind(classOf: Class): string | undefined {
  if (!isInterface(classOf)) return undefined;
  const classes = possibleClasses(classOf);
  return fieldsOf(classOf).find(({ name }) =>
    classes.some(({ instanceMembers }) => instanceMembers?.get(name)?.isField === false),
  )?.name;
}

/** The classes that literals without a type have become, with the names of their fields, in their order. */
export const shapes = new WeakMap<ClassPrototype, readonly string[]>();

/** The names of the fields of an object that a literal without a type has become, in their order. */
export function shapeNames(type: Type | null): readonly string[] | undefined {
  const prototype = type?.getClass()?.prototype;
  return prototype === undefined ? undefined : shapes.get(prototype);
}

/** The one type that all fields of an object without a class of its own have. */
export function shapeValue(type: Type): Type | undefined {
  const [first, ...rest] = fieldsOf(type.getClass()!);
  return first !== undefined && rest.every((field) => field.type === first.type) ? first.type : undefined;
}
