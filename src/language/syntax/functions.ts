/**
 * Functions: parameters that may be left out or are taken apart, overload signatures, generators and the like.
 *
 * @module
 */
import type {
  ArrowFunctionExpression,
  AssignmentPattern,
  ClassMethod,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  SwitchStatement,
  TSDeclareFunction,
  TSDeclareMethod,
  VariableDeclaration,
} from "@babel/types";
import { OPEN_BOOLEAN } from "../../transform/compiler/booleans.js";
import { undefinedSources } from "../../transform/compiler/values.js";
import { addRule, type Lowering } from "./lowering.js";
import { asksFor, isElement, maybe } from "./maybe.js";
import { bindings, declarators, isPattern } from "./patterns.js";
import type { Piece } from "./pieces.js";
import { isPredicate, truthOf } from "./predicates.js";
import { endsWithNothing } from "./ends.js";
import { replacerParts } from "./regexes.js";
import { bare, type Syntax } from "./tree.js";
import { isBooleanType, isNumberType, isValueType } from "./value-types.js";

export type AnyFunction = (FunctionDeclaration | FunctionExpression | ArrowFunctionExpression | ClassMethod) &
  Syntax;

for (const type of [
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassMethod",
  "ClassPrivateMethod",
  "ObjectMethod",
])
  addRule<AnyFunction>(type, lowerFunction);

function lowerFunction(node: AnyFunction, l: Lowering): Piece[] | undefined {
  if (node.generator) return l.refuse(node, "generator");
  if (node.async) return l.refuse(node, "async");
  if (node.type === "FunctionDeclaration" && node.typeParameters && l.parent(node)?.type === "BlockStatement")
    return l.refuse(node, "genericArrow");
  const params = node.params as Syntax[];
  const taken: Piece[][] = [];
  const pieces: Piece[] = [];
  let position = node.start;
  const replacer = replacerParts(node, l);
  if (replacer !== undefined) {
    taken.push(replacer.given);
    pieces.push(...l.inside(node, position, params[0]!.start), ...replacer.parameter);
    position = params[params.length - 1]!.end;
  }
  for (const param of replacer === undefined ? params : []) {
    const pattern = param.type === "AssignmentPattern" ? (param.left as Syntax) : param;
    if (!isPattern(pattern)) {
      const asked = askedDefault(param, node, l);
      if (asked === undefined) continue;
      taken.push(asked.given);
      if (asked.parameter === undefined) continue;
      pieces.push(...l.inside(node, position, param.start), ...asked.parameter);
      position = param.end;
      continue;
    }
    const name = l.name("given");
    const body = node.body as Syntax;
    const list = bindings(pattern, name, l, (part) => asksFor(part, body, 0));
    if (list.length > 0) taken.push(l.make(pattern, "let ", declarators(list, l), "; "));
    const type = (pattern as { typeAnnotation?: Syntax | null }).typeAnnotation;
    pieces.push(...l.inside(node, position, param.start));
    const value = param.type === "AssignmentPattern" ? l.make(param, " = ", l.lower(param.right)) : [];
    pieces.push(...l.make(pattern, name), ...(type ? l.lower(type) : []), ...value);
    position = param.end;
  }
  const body = node.body as Syntax;
  const truth = body.type !== "BlockStatement" && isPredicate(node, l) ? truthOf(body, l) : undefined;
  const end = endsWithNothing(node) ? l.make({ start: body.end - 1, end: body.end }, " return null; ") : [];
  if (taken.length === 0 && truth === undefined && end.length === 0) return undefined;
  pieces.push(...l.inside(node, position, body.start));
  if (body.type === "BlockStatement")
    pieces.push(
      ...l.raw(body.start, body.start + 1),
      ...l.make(body, " "),
      ...taken.flat(),
      ...l.inside(body, body.start + 1, body.end - 1),
      ...end,
      ...l.raw(body.end - 1, body.end),
    );
  else if (taken.length === 0) pieces.push(...truth!);
  else pieces.push(...l.make(body, "{ ", ...taken, "return ", truth ?? l.lower(body), "; }"));
  return [...pieces, ...l.raw(body.end, node.end)];
}

/** Sources in which a boolean may be undefined. */
const openBooleans = /\?\s*:\s*boolean\b|\bboolean\s*\|\s*(undefined|null)\b/;

/**
 * `limit = 10` where something may be undefined: a number or boolean that is given as undefined is the default, too. The compiler
 * itself sees what is left out only.
 */
export function askedDefault(
  param: Syntax,
  owner: AnyFunction,
  l: Lowering,
): { given: Piece[]; parameter?: Piece[] } | undefined {
  const isField = param.type === "TSParameterProperty";
  const pattern = isField ? (param.parameter as Syntax) : param;
  if (pattern.type !== "AssignmentPattern" || !undefinedSources.has(l.path)) return undefined;
  const left = pattern.left as Syntax & { typeAnnotation?: { typeAnnotation: Syntax } | null };
  if (left.type !== "Identifier" || owner.body.type === undefined) return undefined;
  const value = pattern.right as Syntax;
  const type = left.typeAnnotation?.typeAnnotation;
  const shown = type === undefined ? shownType(value, l) : undefined;
  const isNumber = type === undefined ? shown === "number" : isNumberType(type, l);
  const isBoolean = type === undefined ? shown === "bool" : isBooleanType(type, l);
  if (isField && isBoolean) return undefined;
  const name = left.name;
  const isDerived = isField && extendsClass(owner, l);
  const field = isField && !isDerived ? `this.${name} = ` : "";
  const given = l.make(param, `if (${name} === null) ${field}${name} = `, l.lower(value), "; ");
  if (isNumber) return { given };
  if (!isBoolean || !openBooleans.test(l.text)) return undefined;
  return { given, parameter: l.make(param, l.make(left, name), `: ${OPEN_BOOLEAN} = `, l.lower(value)) };
}

function extendsClass(method: Syntax, l: Lowering): boolean {
  const body = l.parent(method);
  const owner = body && l.parent(body);
  return owner?.type === "ClassDeclaration" && !!owner.superClass;
}

/** `const same = <T>(x: T): T => x;` at the top of a file: the compiler has types for functions that are declared only. */
addRule<VariableDeclaration & Syntax>(
  "VariableDeclaration",
  (node, l) => {
    const [declarator] = node.declarations;
    const init = declarator?.init ? bare(declarator.init) : undefined;
    if (init?.type !== "ArrowFunctionExpression" || !init.typeParameters) return undefined;
    const parent = l.parent(node);
    const isTop = parent === l.root || parent?.type === "ExportNamedDeclaration";
    const { name } = declarator!.id as { name?: string };
    const isPlain = (init.params as Syntax[]).every(({ type }) => type === "Identifier");
    if (!isTop || node.kind !== "const" || node.declarations.length > 1 || name === undefined || !isPlain)
      return l.refuse(init, "genericArrow");
    const body = init.body as Syntax;
    const arrow = l.text.lastIndexOf("=>", body.start);
    const head = l.make(node, `function ${name}`, l.inside(init, init.start, arrow));
    return body.type === "BlockStatement"
      ? [...head, ...l.lower(body)]
      : [...head, ...l.make(body, "{ return ", l.lower(body), "; }")];
  },
  true,
);

/** `limit = 10`: the type that its value shows. */
addRule<AssignmentPattern>("AssignmentPattern", (node, l) => {
  const left = node.left as Syntax & { typeAnnotation?: unknown };
  if (left.type !== "Identifier" || left.typeAnnotation || !isParameter(node as Syntax, l)) return undefined;
  const type = shownType(node.right as Syntax, l);
  if (type === undefined) return l.refuse(left, "typeUnknown");
  return l.make(node, l.lower(left), ": ", type, " = ", l.lower(node.right));
});

function isParameter(node: Syntax, l: Lowering): boolean {
  const { params } = (l.parent(node) ?? {}) as { params?: unknown[] };
  return params?.includes(node) === true || l.parent(node)?.type === "TSParameterProperty";
}

/** The type of a value as it is written; undefined where that does not show. */
function shownType(node: Syntax, l: Lowering): string | Piece[] | undefined {
  const value = bare(node);
  switch (value.type) {
    case "NumericLiteral":
      return "number";
    case "StringLiteral":
    case "TemplateLiteral":
      return "string";
    case "BooleanLiteral":
      return "bool";
    case "UnaryExpression":
      return value.operator === "!" ? "bool" : /^[-+~]$/.test(value.operator) ? "number" : undefined;
    case "BinaryExpression": {
      if (/^[<>=!]/.test(value.operator) && !/<<|>>/.test(value.operator)) return "bool";
      const sides = [value.left, value.right].map((side) => shownType(side as Syntax, l));
      if (sides.includes("string")) return "string";
      return value.operator !== "+" || sides.every((side) => side === "number") ? "number" : undefined;
    }
    case "NewExpression":
      if (value.callee.type !== "Identifier") return undefined;
      if (/^(Map|Set|Array)$/.test(value.callee.name) && !value.typeParameters) return undefined;
      return [...l.lower(value.callee), ...(value.typeParameters ? l.lower(value.typeParameters) : [])];
    case "MemberExpression":
      // An enum's member.
      return value.object.type === "Identifier" && l.isEnum(value.object.name)
        ? l.lower(value.object)
        : undefined;
    case "ArrayExpression": {
      const types = new Set(
        value.elements.map((element) => (element ? shownType(element as Syntax, l) : undefined)),
      );
      const [type] = types;
      return types.size === 1 && typeof type === "string" ? `${type}[]` : undefined;
    }
    case "CallExpression": {
      const name = l.textOf(value.callee);
      return /^(Date\.now|Math\.\w+|Number|parseInt|parseFloat)$/.test(name)
        ? "number"
        : name === "String"
          ? "string"
          : undefined;
    }
    case "Identifier":
      return l.shown(value.name, (init) => shownType(init, l));
    default:
      return undefined;
  }
}

/** `const rest: never = kind`, which says that all kinds were looked at. */
addRule<Identifier>("Identifier", (node, l) => {
  const type = (node.typeAnnotation as { typeAnnotation?: Syntax } | null | undefined)?.typeAnnotation;
  const isChecked =
    type?.type === "TSNeverKeyword" && l.parent(node as Syntax)?.type === "VariableDeclarator";
  return isChecked ? l.make(node, node.name) : undefined;
});

/** `name?: string`: null when it is left out. */
addRule<Identifier>("Identifier", (node, l) => {
  if (!node.optional || !node.typeAnnotation) return undefined;
  const parent = l.parent(node as Syntax);
  const annotation = node.typeAnnotation as Syntax & { typeAnnotation: Syntax };
  const type = annotation.typeAnnotation;
  const isType = parent === undefined || /^TS(Function|Method|Constructor|Call)/.test(parent.type);
  if (isNumberType(type, l))
    return l.make(node, l.make(node, node.name), ": ", l.lower(type), isType ? "" : " = null");
  if (isBooleanType(type, l))
    return l.make(node, l.make(node, node.name), `: ${OPEN_BOOLEAN}`, isType ? "" : " = null");
  if (isValueType(type, l)) return l.refuse(node, "optionalNumber");
  const nullable = orNull(type, l);
  return l.make(node, l.make(node, node.name), ": ", nullable, isType ? "" : " = null");
});

/** A type, or null. */
export function orNull(type: Syntax, l: Lowering): Piece[] {
  const pieces = l.lower(type);
  if (/\|\s*null$/.test(pieces.map((piece) => piece.text).join(""))) return pieces;
  return type.type === "TSFunctionType"
    ? l.make(type, "(", pieces, ") | null")
    : l.make(type, pieces, " | null");
}

addRule<TSDeclareFunction>("TSDeclareFunction", (node, l) => (node.declare ? undefined : l.make(node, ";")));

addRule<TSDeclareMethod>("TSDeclareMethod", (node, l) => (node.abstract ? undefined : l.make(node, "")));

addRule<Syntax>("YieldExpression", (node, l) => l.refuse(node, "yield"));
addRule<Syntax>("AwaitExpression", (node, l) => l.refuse(node, "await"));

/** A `switch` over an element: one that is not there is none of the cases. */
addRule<SwitchStatement & Syntax>("SwitchStatement", (node, l) => {
  const discriminant = node.discriminant as Syntax;
  if (!isElement(discriminant)) return undefined;
  const { start, end } = discriminant;
  return [...l.inside(node, node.start, start), ...maybe(discriminant, l), ...l.inside(node, end)];
});
