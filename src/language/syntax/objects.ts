/**
 * Object literals, and what asks which fields an object has. The compiler gives literals their class
 * (`forms/objects.ts`).
 *
 * @module
 */
import type {
  ArrayExpression,
  BinaryExpression,
  CallExpression,
  ObjectExpression,
  ObjectMethod,
  UnaryExpression,
} from "@babel/types";
import { pairsOf } from "./library.js";
import { assignFields } from "./assign.js";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { bare, methodCall, walk, type Syntax } from "./tree.js";

addRule<ObjectExpression>("ObjectExpression", (node, l) => {
  l.use("record");
  const parts = (node.properties as Syntax[]).flatMap((property, index) =>
    l.make(property, index === 0 ? "" : ", ", partOf(property, index, l)),
  );
  return l.make(node, "{ ", parts, " }");
});

/** A field of a literal. The field's name marks parts that the compiler's own literals do not have. */
function partOf(property: Syntax, index: number, l: Lowering): Piece[] {
  if (property.type === "SpreadElement")
    return l.make(property, `__spread${index}: `, l.lower(property.argument));
  if (property.type === "ObjectMethod") return l.make(property, methodOf(property, l));
  if (property.type !== "ObjectProperty") return l.inside(property);
  const key = property.key as Syntax;
  const value = l.lower(property.value);
  if (property.computed)
    return l.make(property, `__computed${index}: (`, l.lower(key), `), __value${index}: `, value);
  if (key.type === "NumericLiteral") return l.make(property, `"${key.value}": `, value);
  return l.make(property, l.make(key, l.textOf(key)), ": ", value);
}

/** `greet(name: string) { … }` as a field that is a function. */
function methodOf(node: ObjectMethod & Syntax, l: Lowering): Piece[] {
  let usesThis = false;
  walk(node.body, (inner) => {
    if (inner.type === "ThisExpression") usesThis = true;
    return !/^(FunctionExpression|FunctionDeclaration|ClassMethod|ObjectMethod)$/.test(inner.type);
  });
  if (node.kind !== "method" || node.computed || usesThis) {
    l.refuse(node, "objectMethod");
    return [];
  }
  const { end } = node.key as Syntax;
  return l.make(node, l.make(node.key, l.textOf(node.key)), ": function ", l.inside(node, end));
}

const statics = /^(keys|values|entries|assign|freeze|seal|hasOwn|fromEntries|is)$/;

addRule<CallExpression>(
  "CallExpression",
  (node, l) => {
    const call = methodCall(node);
    if (call === undefined) return undefined;
    const { object, method, args } = call;
    if (method === "hasOwnProperty" && args.length === 1) {
      l.use("record");
      return l.make(node, "__language_in(", l.lower(args[0]), ", ", l.lower(object), ")");
    }
    if (l.textOf(object) !== "Object" || !l.isGlobal("Object")) return undefined;
    if (!statics.test(method) || args.length === 0 || args.some(({ type }) => type === "SpreadElement"))
      return l.refuse(node, "objectStatic");
    l.use("record");
    const [first, ...rest] = args;
    if (method === "is" && args.length === 2)
      return l.make(node, "__language_same(", l.lower(first), ", ", l.lower(rest[0]), ")");
    if (method === "fromEntries")
      return l.make(node, "__language_object_fromEntries(", entriesOf(first!, l), ")");
    const listed =
      first?.type === "Identifier" && l.isEnum(first.name) ? ofEnum(method, first.name, l) : undefined;
    if (listed !== undefined) return l.make(node, listed);
    // `Object.assign({}, a, { b })` makes an object as `{ ...a, b }` does.
    if (method === "assign" && first!.type === "ObjectExpression")
      return l.make(node, "{ ", assigned(args, l), " }");
    // Nothing can be added to an object here, and TypeScript refuses the rest.
    if (method === "freeze" || method === "seal") return l.make(node, "(", l.lower(first), ")");
    if (method === "hasOwn")
      return l.make(node, "__language_in(", l.lower(rest[0]), ", ", l.lower(first), ")");
    const fields = method === "assign" ? assignFields(node as Syntax, first!, rest, l) : undefined;
    if (fields !== undefined) return fields;
    if (method === "assign")
      return rest.reduce<Piece[]>(
        (whole, other) => l.make(node, "__language_assign(", whole, ", ", l.lower(other), ")"),
        l.lower(first),
      );
    return l.make(node, `__language_object_${method}(`, l.lower(first), ")");
  },
  true,
);

/** The fields of objects that are put into one. */
function assigned(args: readonly Syntax[], l: Lowering): Piece[] {
  let index = 0;
  const parts = args.flatMap((arg): Piece[][] =>
    arg.type === "ObjectExpression"
      ? (arg.properties as Syntax[]).map((property) => partOf(property, index++, l))
      : [l.make(arg, `__spread${index++}: `, l.lower(arg))],
  );
  return parts.flatMap((part, at) => (at === 0 ? part : l.make(args[0], ", ", part)));
}

/** A list of entries as one of pairs. */
function entriesOf(list: Syntax, l: Lowering): Piece[] {
  const pairs = pairsOf(list, l);
  if (pairs !== undefined) return pairs;
  if (list.type !== "ArrayExpression" || list.elements.length === 0) return l.lower(list);
  const elements = list.elements as Syntax[];
  if (!elements.every((element) => element?.type === "ArrayExpression" && element.elements.length === 2))
    return l.lower(list);
  const parts = elements.flatMap((element, index) => {
    const [key, value] = (element as ArrayExpression).elements as Syntax[];
    const made = l.make(element, `${l.import("tuple", "pair")}(`, l.lower(key), ", ", l.lower(value), ")");
    return index === 0 ? made : l.make(element, ", ", made);
  });
  return l.make(list, "[", parts, "]");
}

/** The names or values of an enum of texts as they are declared; undefined for other enums. */
function ofEnum(method: string, name: string, l: Lowering): string | undefined {
  if (!l.isTextEnum(name) || !/^(keys|values|entries)$/.test(method)) return undefined;
  const found: [string, string][] = [];
  walk(l.root, (node) => {
    if (node.type !== "TSEnumDeclaration" || node.id.name !== name) return;
    for (const { id, initializer } of node.members) {
      const key = id.type === "StringLiteral" ? id.value : id.name;
      if (initializer?.type === "StringLiteral") found.push([key, initializer.value]);
    }
  });
  const text = JSON.stringify;
  if (method === "keys") return `[${found.map(([key]) => text(key)).join(", ")}]`;
  if (method === "values") return `[${found.map(([, value]) => text(value)).join(", ")}]`;
  const pair = l.import("tuple", "pair");
  return `[${found.map(([key, value]) => `${pair}(${text(key)}, ${text(value)})`).join(", ")}]`;
}

addRule<BinaryExpression>(
  "BinaryExpression",
  (node, l) => {
    if (node.operator !== "in" || (node.left as Syntax).type === "PrivateName") return undefined;
    l.use("record");
    return l.make(node, "__language_in(", l.lower(node.left), ", ", l.lower(node.right), ")");
  },
  true,
);

addRule<UnaryExpression>(
  "UnaryExpression",
  (node, l) => {
    if (node.operator !== "delete") return undefined;
    const target = bare(node.argument);
    if (target.type !== "MemberExpression") return l.refuse(node, "delete");
    l.use("record");
    const key = target.computed
      ? l.lower(target.property)
      : l.make(target.property, JSON.stringify(l.textOf(target.property)));
    return l.make(node, "__language_delete(", l.lower(target.object), ", ", key, ")");
  },
  true,
);
