/**
 * Classes and enums: `#private`, `static {}`, optional fields, enums of texts, callbacks with TypeScript's types.
 *
 * @module
 */
import type {
  ClassDeclaration,
  ClassMethod,
  ClassProperty,
  PrivateName,
  StaticBlock,
  TSEnumDeclaration,
  TSPropertySignature,
} from "@babel/types";
import { OPEN_BOOLEAN } from "../../transform/compiler/booleans.js";
import { declarations } from "./callbacks.js";
import { orNull } from "./functions.js";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { abstractFields, optionalFields } from "./marked-fields.js";
import { constantOf } from "./numbers.js";
import { hasTexts } from "./scope.js";
import { bare, walk, type Syntax } from "./tree.js";
import { isBooleanType, isNumberType, isValueType } from "./value-types.js";

addRule<Syntax>("ClassExpression", (node, l) => l.refuse(node, "classExpression"));
addRule<Syntax>("ClassAccessorProperty", (node, l) => l.refuse(node, "accessor"));

/** The class around a node. */
function classOf(node: Syntax, l: Lowering): (ClassDeclaration & Syntax) | undefined {
  let at = l.parent(node);
  while (at !== undefined && at.type !== "ClassDeclaration") at = l.parent(at);
  return at;
}

addRule<PrivateName>("PrivateName", (node, l) => {
  // A class that extends another may have a private name of its own that is the same.
  const owner = classOf(node as Syntax, l)?.id?.name ?? "";
  return l.make(node, `__${owner}_${node.id.name}`);
});

addRule<StaticBlock>("StaticBlock", (node, l) => l.make(node, ""));

addRule<ClassDeclaration>("ClassDeclaration", (node, l) => {
  const blocks = (node.body.body as Syntax[]).filter(({ type }) => type === "StaticBlock");
  if (blocks.length === 0 || !node.id) return undefined;
  const { name } = node.id;
  for (const block of blocks)
    walk(block, (inner) => {
      if (inner.type === "ThisExpression") statics.set(inner, name);
    });
  const parent = l.parent(node as Syntax);
  const lowered = blocks.flatMap((block) => l.make(block, "\n{ ", l.inside(block, bodyStart(block, l))));
  if (parent?.type.startsWith("Export")) {
    l.append(lowered);
    return undefined;
  }
  return [...l.inside(node), ...lowered];
});

const statics = new WeakMap<Syntax, string>();
addRule<Syntax>("ThisExpression", (node, l) => {
  const name = statics.get(node);
  return name === undefined ? undefined : l.make(node, name);
});

function bodyStart(block: Syntax, l: Lowering): number {
  return block.start + l.textOf(block).indexOf("{") + 1;
}

addRule<ClassProperty>("ClassProperty", (node, l) => {
  if (node.computed) return l.refuse(node.key, "computedMember");
  const field = node as ClassProperty & Syntax;
  return abstractField(field, l) ?? optionalField(field, l) ?? inferredField(field, l);
});

/**
 * `abstract name: string` is a field that the classes below give its value (`types/abstract-fields.ts`), or a getter where one
 * of them in this source has a getter.
 */
function abstractField(node: ClassProperty & Syntax, l: Lowering): Piece[] | undefined {
  if (!node.abstract || !node.typeAnnotation) return undefined;
  const type = (node.typeAnnotation as { typeAnnotation: Syntax }).typeAnnotation;
  const name = l.textOf(node.key);
  const access = node.accessibility ? `${node.accessibility} ` : "";
  const key = l.make(node.key, name);
  if (hasGetter(name, l)) return l.make(node, `${access}abstract get `, key, "(): ", l.lower(type), ";");
  abstractFields.add(l.path, node.key.start!);
  const lowered = l.lower(type);
  const mayBeNull = /\|\s*null$/.test(lowered.map(({ text }) => text).join(""));
  const sign =
    mayBeNull || isValueType(type, l) || isNumberType(type, l) || isBooleanType(type, l) ? "" : "!";
  return l.make(node, access, key, `${sign}: `, lowered, ";");
}

/** Tells whether a class of this source has a getter of that name. */
function hasGetter(name: string, l: Lowering): boolean {
  let found = false;
  walk(l.root, (node) => {
    if (node.type === "ClassMethod" && node.kind === "get" && !node.computed)
      found ||= l.textOf(node.key) === name;
    return !found;
  });
  return found;
}

/** `n = 0` is a number, as in TypeScript; the type of other literals and of `new X()` shows, too. */
function inferredField(node: ClassProperty & Syntax, l: Lowering): Piece[] | undefined {
  if (node.typeAnnotation || !node.value || node.declare) return undefined;
  const value = bare(node.value);
  let type: Piece[] | undefined;
  if (
    value.type === "NumericLiteral" ||
    constantOf(value) !== undefined ||
    (value.type === "UnaryExpression" && /^[-+]$/.test(value.operator))
  )
    type = l.make(node.key, "number");
  else if (value.type === "StringLiteral" || value.type === "TemplateLiteral")
    type = l.make(node.key, "string");
  else if (value.type === "BooleanLiteral" || (value.type === "UnaryExpression" && value.operator === "!"))
    type = l.make(node.key, "bool");
  else if (value.type === "NewExpression" && value.callee.type === "Identifier") {
    const list = /^(Map|Set|Array)$/.test(value.callee.name) && !value.typeParameters;
    if (!list)
      type = l.make(node.key, value.callee.name, value.typeParameters ? l.lower(value.typeParameters) : "");
  }
  if (type === undefined) return undefined;
  const { end } = node.key as Syntax;
  return [...l.inside(node, node.start, end), ...l.make(node.key, ": ", type), ...l.inside(node, end)];
}

addRule<TSPropertySignature>("TSPropertySignature", (node, l) => {
  if (!node.optional || !node.typeAnnotation) return undefined;
  optionalFields.add(l.path, node.key.start!);
  const type = (node.typeAnnotation as { typeAnnotation: unknown }).typeAnnotation as Syntax;
  if (isNumberType(type, l)) return l.make(node, l.lower(node.key), ": ", l.lower(type), ";");
  if (isBooleanType(type, l)) return l.make(node, l.lower(node.key), `: ${OPEN_BOOLEAN};`);
  if (isValueType(type, l)) return l.refuse(node, "optionalNumberField");
  return l.make(node, l.lower(node.key), ": ", orNull(type, l), ";");
});

/** `a?: string` is null until it is set. */
function optionalField(node: ClassProperty & Syntax, l: Lowering): Piece[] | undefined {
  const annotation = node.typeAnnotation as (Syntax & { typeAnnotation: Syntax }) | null | undefined;
  if (!annotation) return undefined;
  const type = annotation.typeAnnotation;
  const mayBeNull = /\b(undefined|null)\b/.test(l.textOf(type)) && type.type === "TSUnionType";
  if (!node.optional) {
    if (!mayBeNull || node.value || node.definite || node.declare) return undefined;
    return [
      ...l.inside(node, node.start, annotation.end),
      ...l.make(node, " = null"),
      ...l.raw(annotation.end, node.end),
    ];
  }
  optionalFields.add(l.path, node.key.start!);
  const isBoolean = isBooleanType(type, l);
  if (isValueType(type, l) && !isNumberType(type, l) && !isBoolean)
    return l.refuse(node, "optionalNumberField");
  return [
    ...l.raw(node.start, (node.key as Syntax).end),
    ...l.make(
      node,
      ": ",
      isBoolean ? OPEN_BOOLEAN : isNumberType(type, l) ? l.lower(type) : orNull(type, l),
      node.value ? " = " : " = null",
      node.value ? l.lower(node.value) : [],
      ";",
    ),
  ];
}

addRule<TSEnumDeclaration>("TSEnumDeclaration", (node, l) => {
  if (!hasTexts(node)) return undefined;
  const members = node.members.flatMap((member) => {
    const value = member.initializer as Syntax | null | undefined;
    if (!value || value.type === "NumericLiteral") return l.refuse(member, "enumMixed") ?? [];
    const name = member.id.type === "StringLiteral" ? member.id.value : member.id.name;
    return l.make(member, `export const ${name}: string = `, l.lower(value), "; ");
  });
  const head = l.textOf(node).slice(0, l.textOf(node).indexOf("enum")).replace("const", "");
  return l.make(node, `${head}namespace `, l.lower(node.id), " { ", members, "}");
});

// --- the callbacks of a context

/** TypeScript's parameters of a callback, as the compiler wants them. */
addRule<ClassMethod>(
  "ClassMethod",
  (node, l) => {
    if (node.key.type !== "Identifier" || node.kind !== "method" || node.static) return undefined;
    const owner = classOf(node as Syntax, l);
    if (!owner?.superClass) return undefined;
    const declaration = declarations.get(node.key.name);
    if (declaration === undefined) return undefined;
    const [, list, result] = /\((.*)\): (.*)$/.exec(declaration)!;
    const expected =
      list === "" ? [] : list!.split(", ").map((parameter) => parameter.split(": ") as [string, string]);
    const params = node.params as (Syntax & { name?: string; typeAnnotation?: Syntax | null })[];
    if (params.length > expected.length || params.some(({ type }) => type !== "Identifier")) return undefined;
    const typeOf = (param: (typeof params)[0]): string | undefined =>
      param.typeAnnotation ? l.textOf(param.typeAnnotation).replace(/^:\s*/, "") : undefined;
    // A parameter of another type stays as it is written: the build refuses it.
    const canComplete = params.every((param, i) => {
      const own = typeOf(param);
      return own === undefined || own === "number" || fits(own, expected[i]![1]);
    });
    if (!canComplete) return undefined;
    const same =
      params.length === expected.length && params.every((param, i) => fits(typeOf(param), expected[i]![1]));
    if (same && node.returnType) return undefined;
    const start = node.key.end!;
    const body = node.body as Syntax;
    const inner: Piece[] = [];
    const parts = expected.flatMap(([name, type], index) => {
      const param = params[index];
      const comma = index === 0 ? "" : ", ";
      if (param === undefined) return l.make(node.key, `${comma}_${name}${index}: ${type}`);
      const own = typeOf(param);
      if (own === undefined || fits(own, type))
        return l.make(param, comma, l.make(param, param.name!), `: ${type}`);
      // In the body it is a number, as its type says.
      if (mentions(param.name!, body))
        inner.push(...l.make(param, `const ${param.name!}: number = ${param.name!}_; `));
      return l.make(param, comma, `${param.name!}_: ${type}`);
    });
    const returned = node.returnType
      ? l.lower(node.returnType)
      : l.make(node.key, `: ${returnType(node.key.name, result!, body)}`);
    return [
      ...l.inside(node, node.start!, start),
      ...l.make(node.key, "(", parts, ")"),
      ...returned,
      ...l.make(node.key, " "),
      ...l.raw(body.start, body.start + 1),
      ...l.make(body, inner.length > 0 ? " " : ""),
      ...inner,
      ...l.inside(body, body.start + 1),
    ];
  },
  true,
);

function fits(written: string | undefined, expected: string): boolean {
  return written === expected || (written === "boolean" && expected === "bool");
}

/** `onDone` may return nothing. */
function returnType(name: string, declared: string, body: Syntax): string {
  if (name !== "onDone") return declared;
  let answers = false;
  walk(body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) answers = true;
    return !/Function/.test(node.type);
  });
  return answers ? declared : "void";
}

function mentions(name: string, body: Syntax): boolean {
  let found = false;
  walk(body, (node) => {
    if (node.type === "Identifier" && node.name === name) found = true;
  });
  return found;
}
