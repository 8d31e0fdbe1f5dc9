/**
 * Functions that are given to the library's methods by their names.
 *
 * @module
 */
import type { Identifier } from "@babel/types";
import type { Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { PREDICATES } from "./predicates.js";
import { walk, type Syntax } from "./tree.js";

const takers = /^(map|filter|forEach|some|every|find|findIndex|findLast|findLastIndex|flatMap)$/;
const converters =
  /^(String|Number|Boolean|parseInt|parseFloat|isNaN|encodeURIComponent|decodeURIComponent)$/;

/** A function that is given by its name, with the parameters that it takes: `(v) => String(v)`. */
export function functionTaken(method: string, args: readonly Syntax[], l: Lowering): Piece[] | undefined {
  const [given, ...more] = args;
  if (given === undefined || more.length > 0) return undefined;
  const name = given.type === "Identifier" ? given.name : undefined;
  if (name !== undefined && l.isGlobal(name)) {
    if (!takers.test(method) || !converters.test(name)) return undefined;
    return l.make(given, name === "Boolean" ? "(__v) => !!__v" : `(__v) => ${name}(__v)`);
  }
  const count = name === undefined ? heldFunction(given, l) : parameterCount(name, l);
  if (count === undefined) return undefined;
  // The result of a comparing function may be any number: only its sign counts.
  if (/^(sort|toSorted)$/.test(method) && count === 2)
    return l.make(given, "(__a, __b) => ", l.lower(given), "(__a, __b)");
  if (!takers.test(method) || count > 3) return undefined;
  const list = ["__v", "__i", "__all"].slice(0, Math.max(count, 1)).join(", ");
  const [before, after] = PREDICATES.test(method) ? ["__language_truth(", ")"] : ["", ""];
  return l.make(given, `(${list}) => ${before}`, l.lower(given), `(${count === 0 ? "" : list})${after}`);
}

/** How many parameters a function takes that a field or a static method holds: `this.compare`, `Texts.clean`. */
function heldFunction(node: Syntax, l: Lowering): number | undefined {
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier")
    return undefined;
  const { name } = node.property;
  const isOwn = node.object.type === "ThisExpression";
  const owner = node.object.type === "Identifier" ? node.object.name : undefined;
  if (!isOwn && owner === undefined) return undefined;
  const counts = new Set<number | undefined>();
  let isClass = false;
  walk(l.root, (inner) => {
    if (inner.type === "ClassDeclaration" && inner.id?.name === owner) isClass = true;
  });
  // A variable may hold an object of any class.
  walk(l.root, (inner) => {
    if (inner.type !== "ClassDeclaration" || (isClass && inner.id?.name !== owner)) return;
    for (const member of inner.body.body as Syntax[]) {
      const { key, value, params } = member as { key?: Syntax; value?: Syntax; params?: Syntax[] };
      if (key?.type !== "Identifier" || key.name !== name) continue;
      const declared = functionType((member as Annotated).typeAnnotation?.typeAnnotation, l);
      if (declared !== undefined) counts.add(declared);
      else if (member.type === "ClassProperty" && value?.type === "ArrowFunctionExpression")
        counts.add(value.params.length);
      else if (member.type === "ClassMethod" && member.static) counts.add(params!.length);
      else counts.add(undefined);
    }
  });
  return counts.size === 1 ? [...counts][0] : undefined;
}

/** How many parameters the function of a name takes, where all that have the name take as many. */
function parameterCount(name: string, l: Lowering): number | undefined {
  const counts = new Set<number | undefined>();
  const note = (params: unknown): void => {
    const list = params as Syntax[];
    counts.add(list.some(({ type }) => type === "RestElement") ? undefined : list.length);
  };
  walk(l.root, (node) => {
    if (node.type === "FunctionDeclaration" && node.id?.name === name) note(node.params);
    if (isParameter(node, l) && node.name === name) {
      counts.add(functionType((node as Annotated).typeAnnotation?.typeAnnotation, l));
      return;
    }
    if (node.type === "VariableDeclarator" && (node.id as Syntax).type === "Identifier") {
      if ((node.id as { name: string }).name !== name) return;
      const declared = functionType((node.id as Annotated).typeAnnotation?.typeAnnotation, l);
      if (declared !== undefined) {
        counts.add(declared);
        return;
      }
      const init = node.init as Syntax | null | undefined;
      if (init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression") note(init.params);
      else counts.add(undefined);
    }
  });
  return counts.size === 1 ? [...counts][0] : undefined;
}

interface Annotated {
  readonly typeAnnotation?: { readonly typeAnnotation: Syntax } | null;
}

/** A parameter of a function or constructor that is a name. */
function isParameter(node: Syntax, l: Lowering): node is Identifier & Syntax {
  if (node.type !== "Identifier") return false;
  const { params, parameters } = (l.parent(node) ?? {}) as { params?: unknown[]; parameters?: unknown[] };
  // The parameters of a function's type are names, too.
  return parameters === undefined && params?.includes(node) === true;
}

/** How many parameters a function of this type takes; undefined where the type is none of a function that the file shows. */
function functionType(type: Syntax | undefined, l: Lowering): number | undefined {
  if (type === undefined) return undefined;
  if (type.type === "TSParenthesizedType") return functionType(type.typeAnnotation as Syntax, l);
  if (type.type === "TSFunctionType")
    return type.parameters.some((each) => each.type === "RestElement") ? undefined : type.parameters.length;
  if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return undefined;
  const { name } = type.typeName;
  let found: number | undefined;
  walk(l.root, (node) => {
    if (node.type === "TSTypeAliasDeclaration" && node.id.name === name)
      found = functionType(node.typeAnnotation as Syntax, l);
  });
  return found;
}
