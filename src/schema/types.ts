/**
 * Types of fields, as they are written.
 *
 * @module
 */
import { translatePattern } from "../language/syntax/regex-pattern.js";
import { sentences } from "../language/sentences/table.js";
import type { Syntax } from "../language/syntax/tree.js";
import { listOf, type TagName } from "./comments.js";
import type { ConfigClass, NumberType, Type } from "./model.js";
import type { ClassNode, SourceFile, Sources } from "./sources.js";

/** Whole numbers are exact up to here where hosts hand on doubles, as they do with all of JSON. */
const SAFE = Number.MAX_SAFE_INTEGER;
const FLOAT = 3.4028234663852886e38;

const integers: Readonly<Record<string, readonly [number, number]>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
  i64: [-SAFE, SAFE],
  u64: [0, SAFE],
};

/** The types that a field can have, for messages. */
const REMEDY =
  "write string, boolean, number, i32 and the like, a class, string | null, a union of texts, or an array, a Set<string> or a Map<string, T> of these";

/** A function that reads a class of a type's name. */
export type ReadClass = (node: ClassNode, file: SourceFile) => ConfigClass;

/** Reads types; `what` names the field in sentences. */
export class Types {
  constructor(
    private readonly sources: Sources,
    private readonly readClass: ReadClass,
  ) {}

  /** The type that is written at `node`; undefined of it is told by `optional`. */
  read(node: Syntax, file: SourceFile, what: string): { type: Type; optional: boolean } {
    let optional = false;
    let nullable = false;
    const parts: Syntax[] = [];
    const flatten = (part: Syntax): void => {
      if (part.type === "TSParenthesizedType") flatten(part.typeAnnotation as Syntax);
      else if (part.type === "TSUnionType") (part.types as Syntax[]).forEach(flatten);
      else if (part.type === "TSNullKeyword") nullable = true;
      else if (part.type === "TSUndefinedKeyword") optional = true;
      else parts.push(part);
    };
    flatten(node);
    const type = this.readParts(parts, node, file, what);
    const value = type.kind === "bool" || type.kind === "integer" || type.kind === "number";
    if (nullable && value)
      file.fail(
        node,
        `${what} cannot be null, as booleans and numbers have no null here; give it a default, or write it with "?".`,
      );
    return { type: nullable ? { ...type, nullable } : type, optional };
  }

  private readParts(parts: readonly Syntax[], node: Syntax, file: SourceFile, what: string): Type {
    const texts = parts.map((part) =>
      part.type === "TSLiteralType" && part.literal.type === "StringLiteral" ? part.literal.value : undefined,
    );
    if (parts.length > 0 && texts.every((text) => text !== undefined))
      return { kind: "string", oneOf: [...new Set(texts)] };
    const [only] = parts;
    if (parts.length !== 1 || only === undefined) return this.refuse(node, file, what);
    return this.readOne(only, file, what);
  }

  private readOne(node: Syntax, file: SourceFile, what: string): Type {
    switch (node.type) {
      case "TSStringKeyword":
        return { kind: "string" };
      case "TSBooleanKeyword":
        return { kind: "bool" };
      case "TSNumberKeyword":
        return numberType("f64");
      case "TSArrayType":
        return { kind: "list", name: "Array", of: this.inner(node.elementType as Syntax, file, what) };
      case "TSTypeOperator":
        if (node.operator === "readonly") return this.readOne(node.typeAnnotation as Syntax, file, what);
        break;
      case "TSTypeReference":
        if (node.typeName.type === "Identifier")
          return this.readName(
            node.typeName.name,
            node,
            (node.typeParameters?.params ?? []) as Syntax[],
            file,
            what,
          );
    }
    return this.refuse(node, file, what);
  }

  private readName(
    name: string,
    node: Syntax,
    args: readonly Syntax[],
    file: SourceFile,
    what: string,
  ): Type {
    const found = this.sources.find(name, file);
    if (found !== undefined) {
      const { node: declared, file: where } = found;
      if (declared.type === "ClassDeclaration")
        return { kind: "object", name, of: this.readClass(declared, where) };
      if (declared.type === "TSTypeAliasDeclaration" && !declared.typeParameters) {
        const { type } = this.read(declared.typeAnnotation as Syntax, where, what);
        if (where !== file && hasClass(type) && type.kind !== "object")
          file.fail(
            node,
            `${what} has a type of another file with a class in it; write the type itself here.`,
          );
        return where !== file && type.kind === "object" ? { ...type, name } : type;
      }
      if (declared.type === "TSInterfaceDeclaration")
        file.fail(
          node,
          `${what} is of the interface ${name}; write a class, whose fields have their defaults.`,
        );
      if (declared.type === "TSEnumDeclaration")
        file.fail(node, `${what} is of the enum ${name}; write its values as a union of texts, "a" | "b".`);
      return this.refuse(node, file, what);
    }
    if (name === "bool") return { kind: "bool" };
    if (integers[name] !== undefined || name === "f64" || name === "f32") return numberType(name);
    if ((name === "Array" || name === "ReadonlyArray") && args.length === 1)
      return { kind: "list", name: "Array", of: this.inner(args[0]!, file, what) };
    if (name === "Set" && args.length === 1) {
      const of = this.inner(args[0]!, file, what);
      if (of.kind === "string" && of.nullable !== true) return { kind: "list", name: "Set", of };
    }
    if (
      (name === "Map" || name === "ReadonlyMap") &&
      args.length === 2 &&
      args[0]!.type === "TSStringKeyword"
    )
      return { kind: "map", of: this.inner(args[1]!, file, what) };
    if (name === "Record") file.fail(node, `${what} is a Record; write Map<string, T>.`);
    return this.refuse(node, file, what);
  }

  private inner(node: Syntax, file: SourceFile, what: string): Type {
    return this.read(node, file, what).type;
  }

  private refuse(node: Syntax, file: SourceFile, what: string): never {
    return file.fail(
      node,
      `${what} has the type ${file.textOf(node)}, which no configuration can have; ${REMEDY}.`,
    );
  }
}

function numberType(name: string): NumberType {
  const bounds = integers[name];
  if (bounds !== undefined) return { kind: "integer", name, least: bounds[0], most: bounds[1] };
  const most = name === "f32" ? FLOAT : Infinity;
  return { kind: "number", name, least: -most, most };
}

function hasClass(type: Type): boolean {
  return type.kind === "object" || ((type.kind === "list" || type.kind === "map") && hasClass(type.of));
}

/** A type with the constraints that a comment has; `fail` is told which fit nothing. */
export function constrain(
  type: Type,
  tags: ReadonlyMap<TagName, string>,
  fail: (why: string) => never,
): Type {
  const used = new Set<TagName>(["required", "ignore", "allowUnknown"]);
  const bound = (name: TagName, whole: boolean): number | undefined => {
    const text = tags.get(name);
    if (text === undefined) return undefined;
    used.add(name);
    const value = text === "" ? NaN : Number(text.replaceAll("_", ""));
    if (!Number.isFinite(value) || (whole && (!Number.isSafeInteger(value) || value < 0)))
      fail(`@${name} needs ${whole ? "a whole number from 0 on" : "a number"} behind it, not "${text}".`);
    return value;
  };
  const leaf = (inner: Type): Type => {
    switch (inner.kind) {
      case "integer":
      case "number":
        return constrainNumber(inner, bound("min", false), bound("max", false), fail);
      case "string":
        return constrainText(inner, bound("minLength", true), bound("maxLength", true));
      case "list":
      case "map":
        return { ...inner, of: leaf(inner.of) };
      default:
        return inner;
    }
  };
  const constrainText = (inner: Type & { kind: "string" }, least?: number, most?: number): Type => {
    const pattern = tags.get("pattern");
    const values = tags.get("oneOf");
    used.add("pattern").add("oneOf");
    const oneOf = values === undefined ? inner.oneOf : listOf(values);
    if (oneOf?.length === 0) fail("@oneOf needs the texts behind it, with commas between them.");
    if (least !== undefined && most !== undefined && least > most)
      fail(`@minLength ${least} is more than @maxLength ${most}.`);
    return {
      ...inner,
      ...(least !== undefined && { least }),
      ...(most !== undefined && { most }),
      ...(pattern !== undefined && { pattern, compiled: compilePattern(pattern, fail) }),
      ...(oneOf !== undefined && { oneOf }),
    };
  };
  let result = leaf(type);
  if (result.kind === "list" || result.kind === "map") {
    const least = bound("minItems", true);
    const most = bound("maxItems", true);
    if (least !== undefined && most !== undefined && least > most)
      fail(`@minItems ${least} is more than @maxItems ${most}.`);
    result = { ...result, ...(least !== undefined && { least }), ...(most !== undefined && { most }) };
  }
  for (const name of tags.keys())
    if (!used.has(name)) fail(`@${name} says nothing of a field of this type; remove it.`);
  return result;
}

function constrainNumber(
  type: NumberType & { nullable?: boolean },
  min: number | undefined,
  max: number | undefined,
  fail: (why: string) => never,
): Type {
  const { kind, name } = type;
  for (const [tag, value] of [
    ["min", min],
    ["max", max],
  ] as const) {
    if (value === undefined) continue;
    if (kind === "integer" && !Number.isInteger(value))
      fail(`@${tag} of a whole number is one, not ${value}.`);
    if (value < type.least || value > type.most) fail(`@${tag} ${value} is no ${name}.`);
  }
  const least = min ?? type.least;
  const most = max ?? type.most;
  if (least > most) fail(`@min ${least} is more than @max ${most}.`);
  return { ...type, least, most };
}

/** A pattern in RE2's syntax. */
function compilePattern(pattern: string, fail: (why: string) => never): string {
  if (pattern === "") fail("@pattern needs a regular expression behind it.");
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    fail(`@pattern ${pattern} is no regular expression: ${(error as Error).message}.`);
  }
  const translated = translatePattern(pattern, "u");
  if ("refused" in translated) return fail(`@pattern ${pattern}: ${sentences[translated.refused]}.`);
  return translated.pattern;
}
