/**
 * The description of a configuration class: its fields, with their types and texts.
 *
 * @module
 */

/** A text's bounds: lengths are in characters. */
export interface TextType {
  readonly kind: "string";
  readonly least?: number;
  readonly most?: number;
  /** In JavaScript's syntax. */
  readonly pattern?: string;
  /** The same in RE2's syntax. */
  readonly compiled?: string;
  readonly oneOf?: readonly string[];
}

export interface NumberType {
  readonly kind: "integer" | "number";
  /** AssemblyScript's name: `u16`, `f64`, … */
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

export interface ListType {
  readonly kind: "list";
  readonly name: "Array" | "Set";
  readonly of: Type;
  readonly least?: number;
  readonly most?: number;
}

export interface MapType {
  readonly kind: "map";
  readonly of: Type;
  readonly least?: number;
  readonly most?: number;
}

export interface ObjectType {
  readonly kind: "object";
  /** The class's name where the field stands. */
  readonly name: string;
  readonly of: ConfigClass;
}

export type Type = (TextType | NumberType | { readonly kind: "bool" } | ListType | MapType | ObjectType) & {
  readonly nullable?: boolean;
};

/** A value that stands in the source. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  /** The value of a field that is left out, if the source shows it. */
  readonly initial?: Value;
  readonly description: string;
}

export interface ConfigClass {
  readonly name: string;
  /** The source's path. */
  readonly path: string;
  readonly description: string;
  /** The fields of its own, without those of its base. */
  readonly fields: readonly Field[];
  readonly base?: ConfigClass;
  /** Tells whether fields of other names are let pass. */
  readonly open: boolean;
}

/** All fields of a class, its base's first. */
export function allFields({ base, fields }: ConfigClass): readonly Field[] {
  return base === undefined ? fields : [...allFields(base), ...fields];
}

/** All classes that a class needs, itself first. */
export function allClasses(first: ConfigClass): ConfigClass[] {
  const found: ConfigClass[] = [];
  const add = (one: ConfigClass): void => {
    if (found.includes(one)) return;
    found.push(one);
    if (one.base !== undefined) add(one.base);
    for (const { type } of one.fields) addType(type);
  };
  const addType = (type: Type): void => {
    if (type.kind === "object") add(type.of);
    else if (type.kind === "list" || type.kind === "map") addType(type.of);
  };
  add(first);
  return found;
}

/** Why a class is no configuration: where, and what to write instead. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";

  constructor(
    message: string,
    readonly path: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${path}:${line}:${column}: ${message}`);
  }
}
