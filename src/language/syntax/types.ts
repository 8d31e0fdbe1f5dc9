/**
 * Lowers types that AssemblyScript writes in another way, and takes out those that mean nothing at run time.
 *
 * @module
 */
import type {
  TSAsExpression,
  TSIndexedAccessType,
  TSArrayType,
  TSLiteralType,
  TSSatisfiesExpression,
  TSTupleType,
  TSTypeOperator,
  TSTypeReference,
  TSUnionType,
} from "@babel/types";
import { OPEN_BOOLEAN } from "../../transform/compiler/booleans.js";
import type { SentenceName } from "../sentences/table.js";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { bare, type Syntax } from "./tree.js";
import { isBooleanType, isNumberType, isValueType } from "./value-types.js";

const refused: Readonly<Record<string, SentenceName>> = {
  TSAnyKeyword: "any",
  TSUnknownKeyword: "unknown",
  TSObjectKeyword: "object",
  TSSymbolKeyword: "symbol",
  TSBigIntKeyword: "bigint",
  TSNeverKeyword: "never",
  TSIntersectionType: "intersection",
  TSConditionalType: "mappedType",
  TSMappedType: "mappedType",
  TSTemplateLiteralType: "mappedType",
  TSIndexedAccessType: "indexedType",
  TSInferType: "mappedType",
};

/** `(typeof LEVELS)[number]`: what the elements of a constant list are. */
addRule<TSIndexedAccessType & Syntax>("TSIndexedAccessType", (node, l) => {
  const query = unwrapped(node.objectType as Syntax);
  if (
    query.type === "TSTypeQuery" &&
    query.exprName.type === "Identifier" &&
    isKeysOf(node, query.exprName.name, l)
  ) {
    const type = l.shown(query.exprName.name, (init) => valueType(init));
    return type === undefined ? undefined : l.make(node, type);
  }
  if (
    query.type !== "TSTypeQuery" ||
    query.exprName.type !== "Identifier" ||
    node.indexType.type !== "TSNumberKeyword"
  )
    return undefined;
  const type = l.shown(query.exprName.name, (init) => elementType(init));
  return type === undefined ? undefined : l.make(node, type);
});

/** `(typeof STATUS)[keyof typeof STATUS]` */
function isKeysOf({ indexType }: TSIndexedAccessType, name: string, l: Lowering): boolean {
  return l.textOf(indexType).replace(/\s+/g, " ") === `keyof typeof ${name}`;
}

/** The one type of the literals that an object has as its values. */
function valueType(init: Syntax): string | undefined {
  let object = bare(init);
  while (object.type === "TSAsExpression" || object.type === "TSSatisfiesExpression")
    object = bare(object.expression);
  if (object.type !== "ObjectExpression") return undefined;
  const types = new Set(
    object.properties.map((property) =>
      property.type === "ObjectProperty" ? property.value.type : undefined,
    ),
  );
  const [type] = types;
  if (types.size !== 1) return undefined;
  return type === "StringLiteral" ? "string" : type === "NumericLiteral" ? "number" : undefined;
}

function unwrapped(type: Syntax): Syntax {
  return type.type === "TSParenthesizedType" ? unwrapped(type.typeAnnotation as Syntax) : type;
}

/** The type of the literals that a list is made of. */
function elementType(init: Syntax): string | undefined {
  let list = bare(init);
  while (list.type === "TSAsExpression" || list.type === "TSSatisfiesExpression")
    list = bare(list.expression);
  if (list.type !== "ArrayExpression") return undefined;
  const types = new Set(list.elements.map((element) => element?.type));
  const [type] = types;
  if (types.size !== 1) return undefined;
  return type === "StringLiteral" ? "string" : type === "NumericLiteral" ? "number" : undefined;
}

for (const [type, name] of Object.entries(refused)) addRule(type, (node, l) => l.refuse(node, name));

addRule<Syntax>("TSTypeQuery", (node, l) => l.refuse(node, "typeofType"));

addRule<TSTypeOperator>("TSTypeOperator", (node, l) => {
  if (node.operator === "readonly") return l.lower(node.typeAnnotation);
  // The keys of a table or an object are texts.
  if (node.operator === "keyof" && unwrapped(node.typeAnnotation as Syntax).type === "TSTypeQuery")
    return l.make(node, "string");
  return l.refuse(node, node.operator === "keyof" ? "keyof" : "symbol");
});

addRule<TSLiteralType>("TSLiteralType", (node, l) => l.make(node, literalType(node)));

function literalType({ literal }: TSLiteralType): string {
  if (literal.type === "StringLiteral" || literal.type === "TemplateLiteral") return "string";
  if (literal.type === "BooleanLiteral") return "bool";
  if (literal.type === "BigIntLiteral") return "i64";
  return "number";
}

addRule<Syntax>("TSUndefinedKeyword", (node, l) => l.make(node, "null"));
addRule<Syntax>("TSTypePredicate", (node, l) =>
  l.make(node, l.textOf(node).startsWith("asserts ") ? "void" : "bool"),
);

addRule<TSUnionType>("TSUnionType", (node, l) => {
  const union = eraseUnion(node, l);
  if (union === undefined) return l.refuse(node, "unionOfTypes");
  const { type, nullable } = union;
  if (type === undefined) return undefined;
  if (nullable && isBooleanType(type, l)) return l.make(node, OPEN_BOOLEAN);
  if (nullable && isNumberType(type, l)) return l.make(node, typeof type === "string" ? type : l.lower(type));
  if (nullable && isValueType(type, l)) return l.refuse(node, "nullableNumber");
  const [first, second, ...more] = node.types as Syntax[];
  if (first === type && second?.type === "TSNullKeyword" && more.length === 0) return undefined;
  const text = typeof type === "string" ? type : l.lower(type);
  const isFunction = typeof type !== "string" && type.type === "TSFunctionType";
  return isFunction
    ? l.make(node, "(", text, nullable ? ") | null" : ")")
    : l.make(node, text, nullable ? " | null" : "");
});

/** The one type that a union stands for; undefined when there is none. */
export function eraseUnion(
  node: TSUnionType,
  l: Lowering,
): { type: string | Syntax | undefined; nullable: boolean } | undefined {
  let nullable = false;
  const types = new Map<string, string | Syntax>();
  for (let member of node.types as Syntax[]) {
    while (member.type === "TSParenthesizedType") member = member.typeAnnotation as Syntax;
    if (
      member.type === "TSNullKeyword" ||
      member.type === "TSUndefinedKeyword" ||
      member.type === "TSVoidKeyword"
    )
      nullable = true;
    else if (member.type === "TSUnionType") {
      const inner = eraseUnion(member, l);
      if (inner === undefined) return undefined;
      nullable ||= inner.nullable;
      if (inner.type !== undefined)
        types.set(typeof inner.type === "string" ? inner.type : l.textOf(inner.type), inner.type);
    } else if (member.type === "TSLiteralType") types.set(literalType(member), literalType(member));
    else if (member.type === "TSBooleanKeyword") types.set("bool", "bool");
    else types.set(l.textOf(member), member);
  }
  if (types.size > 1) {
    const base = commonBase([...types.values()], l);
    return base === undefined ? undefined : { type: base, nullable };
  }
  return { type: [...types.values()][0], nullable };
}

/** The class that the classes of a union all extend, as far as this source shows. */
function commonBase(types: (string | Syntax)[], l: Lowering): string | undefined {
  let common: string[] | undefined;
  for (const type of types) {
    if (typeof type === "string") return undefined;
    if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return undefined;
    const bases: string[] = [];
    for (let name: string | undefined = type.typeName.name; name !== undefined; name = l.baseOf(name)) {
      if (bases.includes(name)) break;
      bases.push(name);
    }
    common = common === undefined ? bases : common.filter((base) => bases.includes(base));
  }
  return common?.[0];
}

addRule<TSTupleType>("TSTupleType", (node, l) => {
  const types = node.elementTypes as Syntax[];
  if (types.length < 2 || types.length > 4) return l.refuse(node, "mappedType");
  const parts = types.flatMap((type, index): Piece[] => {
    const inner = type.type === "TSNamedTupleMember" ? type.elementType : type;
    return [...l.make(node, index === 0 ? "" : ", "), ...l.lower(inner)];
  });
  return l.make(node, `${l.import("tuple", `Tuple${types.length}`)}<`, parts, ">");
});

addRule<Syntax>("TSOptionalType", (node, l) => l.refuse(node, "optionalElement"));

addRule<TSArrayType>("TSArrayType", (node, l) => {
  // AssemblyScript has no parentheses around the type of an array's elements.
  const element = node.elementType as Syntax;
  if (
    element.type !== "TSParenthesizedType" &&
    element.type !== "TSTupleType" &&
    element.type !== "TSTypeReference"
  )
    return undefined;
  if (element.type === "TSTypeReference" && !l.lower(element).some((piece) => !piece.exact)) return undefined;
  return l.make(node, "Array<", l.lower(element), ">");
});

addRule<Syntax & { typeAnnotation: Syntax }>("TSParenthesizedType", (node, l) => {
  const inner = node.typeAnnotation;
  return inner.type === "TSFunctionType" ? undefined : l.lower(inner);
});

/** Types of TypeScript's own that stand for what is in them. */
const transparent = new Set([
  "Readonly",
  "Required",
  "Partial",
  "NonNullable",
  "Awaited",
  "Exclude",
  "Extract",
  "NoInfer",
]);
const renamed: Readonly<Record<string, string>> = {
  ReadonlyArray: "Array",
  ReadonlyMap: "Map",
  ReadonlySet: "Set",
  String: "string",
  Number: "number",
  Boolean: "boolean",
};
const refusedNames: Readonly<Record<string, SentenceName>> = {
  Promise: "promise",
  PromiseLike: "promise",
  Generator: "generator",
  Iterable: "iterator",
  Iterator: "iterator",
  IterableIterator: "iterator",
  AsyncGenerator: "generator",
  WeakMap: "weak",
  WeakSet: "weak",
  WeakRef: "weak",
  Object: "object",
  Pick: "mappedType",
  Omit: "mappedType",
  ReturnType: "mappedType",
  Parameters: "mappedType",
  InstanceType: "mappedType",
};

addRule<TSTypeReference>("TSTypeReference", (node, l) => {
  if (node.typeName.type !== "Identifier") return undefined;
  const { name } = node.typeName;
  if (l.isTextEnum(name)) return l.make(node, "string");
  if (!l.isGlobal(name)) return undefined;
  const inner = node.typeParameters?.params[0];
  if (transparent.has(name) && inner !== undefined) return l.lower(inner);
  if (refusedNames[name] !== undefined) return l.refuse(node, refusedNames[name]);
  if (name === "RegExp") return l.make(node, l.import("regexp", "RegExp"));
  if (name === "RegExpMatchArray" || name === "RegExpExecArray")
    return l.make(node, l.import("regexp", "RegExpMatch"));
  if (name === "Record") return lowerRecord(node, l);
  const other = renamed[name];
  if (other === undefined) return undefined;
  return node.typeParameters
    ? [...l.make(node.typeName, other), ...l.lower(node.typeParameters)]
    : l.make(node, other);
});

/** A table of texts' values. */
function lowerRecord(node: TSTypeReference, l: Lowering): Piece[] | undefined {
  const [key, value] = (node.typeParameters?.params ?? []) as Syntax[];
  if (key === undefined || value === undefined) return l.refuse(node, "recordType");
  const keys = l
    .lower(key)
    .map(({ text }) => text)
    .join("");
  if (isValueType(keys, l) && isBooleanType(keys, l)) return l.refuse(node, "recordType");
  return l.make(node, `${l.import("record", "Record")}<`, l.lower(value), ">");
}

addRule<TSAsExpression>("TSAsExpression", (node, l) => {
  const type = node.typeAnnotation as Syntax;
  if (l.textOf(type) === "const") return l.make(node, "(", l.lower(node.expression), ")");
  // `x as unknown as T`
  if (type.type === "TSUnknownKeyword" || type.type === "TSAnyKeyword") {
    const parent = l.parent(node as Syntax);
    if (parent?.type === "TSAsExpression") return l.lower(node.expression);
  }
  return undefined;
});

addRule<TSSatisfiesExpression>("TSSatisfiesExpression", (node, l) =>
  l.make(node, "(", l.lower(node.expression), ")"),
);
