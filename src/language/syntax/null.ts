/**
 * Lowers the constructs for values that may be null or undefined: `??`, `?.`, `??=`, `||=`, `&&=`, `undefined`.
 *
 * @module
 */
import type {
  AssignmentExpression,
  ConditionalExpression,
  BinaryExpression,
  Identifier,
  LogicalExpression,
  UnaryExpression,
} from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { asksFor, isAsked, isElement, maybe, scopeOf } from "./maybe.js";
import { isNothing } from "./nothing.js";
import type { Piece } from "./pieces.js";
import { bare, isRepeatable, walk, type Syntax } from "./tree.js";

addRule<Identifier>("Identifier", (node, l) => {
  if (node.name !== "undefined" || !l.isGlobal("undefined")) return undefined;
  return isNameOnly(node as Syntax, l) ? undefined : l.make(node, "null");
});

/** Tells whether an identifier is a member's name and no value. */
export function isNameOnly(node: Syntax, l: Lowering): boolean {
  const parent = l.parent(node);
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression")
    return parent.property === node && !parent.computed;
  if (parent.type === "ObjectProperty" || parent.type === "ClassProperty" || parent.type === "ClassMethod")
    return (parent.key as Syntax) === node && !parent.computed;
  return false;
}

addRule<UnaryExpression>("UnaryExpression", (node, l) => {
  if (node.operator === "void" && node.argument.type === "NumericLiteral") return l.make(node, "null");
  return undefined;
});

addRule<LogicalExpression>("LogicalExpression", (node, l) => {
  const left = node.left as Syntax;
  const right = bare(node.right);
  // A list is true, also an empty one.
  const isOfLists = node.operator === "||" && right.type === "ArrayExpression" && right.elements.length === 0;
  if (node.operator === "??" || isOfLists)
    return l.make(node, "__language_nullish(", maybe(left, l), ", ", l.lower(node.right), ")");
  return node.operator === "||" && isAsked(left)
    ? [...maybe(left, l), ...l.inside(node, left.end)]
    : undefined;
});

addRule<AssignmentExpression>("AssignmentExpression", (node, l) => {
  const operator = /^(\?\?|\|\||&&)=$/.exec(node.operator)?.[1];
  if (operator === undefined) return undefined;
  const left = node.left as Syntax;
  if (!isRepeatable(left)) return l.refuse(node, "chainedAssignment");
  const target = l.lower(left);
  const value =
    operator === "??"
      ? l.make(node, "__language_nullish(", maybe(left, l), ", ", l.lower(node.right), ")")
      : l.make(node, target, ` ${operator} (`, l.lower(node.right), ")");
  const whole = l.make(node, target, " = ", value);
  if (l.parent(node as Syntax)?.type === "ExpressionStatement") return whole;
  return l.make(node, operator === "??" ? "__language_assigned(" : "(", whole, ")");
});

// --- optional chaining

type Link = Syntax & { optional?: boolean };

/** The links of a chain from the first object outwards; the first element is that object. */
function linksOf(node: Syntax): Link[] {
  if (node.type === "OptionalMemberExpression" || node.type === "MemberExpression")
    return [...linksOf(node.object as Syntax), node as Link];
  if (node.type === "OptionalCallExpression" || node.type === "CallExpression")
    return [...linksOf(node.callee as Syntax), node as Link];
  if (node.type === "TSNonNullExpression") {
    const inner = node.expression as Syntax;
    if (inner.type.startsWith("Optional")) return [...linksOf(inner), node];
  }
  return [node as Link];
}

/** The text of a link of a chain, without the part before it. */
function linkText(link: Link, previous: Syntax, l: Lowering): Piece[] {
  if (link.type === "TSNonNullExpression") return l.make(link, "!");
  const pieces = l.inside(link, previous.end);
  if (!link.optional) return pieces;
  const [first, ...rest] = pieces;
  const cut = first!.text.indexOf("?.") + 2;
  const after = first!.text.slice(cut).trimStart();
  const isName = !/^[[(<]/.test(after === "" ? "x" : after);
  return [
    ...l.make(link, isName ? "." : ""),
    ...(cut < first!.text.length ? l.raw(first!.start + cut, first!.end) : []),
    ...rest,
  ];
}

/** Tells whether a link may be a key of a table, or an element, that is not there. */
function isMember({ type, property }: Syntax & { property?: unknown }): boolean {
  return type === "OptionalMemberExpression" && (property as Syntax).type !== "PrivateName";
}

/** The stand-ins for a chain's part before a method's call, which a rule lowers, with the text that each becomes. */
const standIns = new WeakMap<object, Piece[]>();

addRule<Syntax>("Identifier", (node) => standIns.get(node), true);
addRule<Syntax>("MemberExpression", (node) => standIns.get(node), true);

/** A call of a method in a chain, as the rule for such calls lowers it; undefined where there is none. */
function methodLink(
  link: Link,
  member: Link,
  before: Syntax,
  object: Piece[],
  l: Lowering,
): Piece[] | undefined {
  if (!/CallExpression$/.test(link.type) || link.optional || !/MemberExpression$/.test(member.type))
    return undefined;
  const { start, end } = before;
  const standIn = { type: "Identifier", name: "__it", start, end } as unknown as Syntax;
  standIns.set(standIn, object);
  const callee = { ...member, type: "MemberExpression", object: standIn } as unknown as Syntax;
  standIns.set(callee, [...object, ...linkText(member, before, l)]);
  const call = { ...link, type: "CallExpression", callee } as unknown as Syntax;
  l.replace(link, call);
  return l.byRule(call);
}

function lowerChain(node: Syntax, l: Lowering): Piece[] | undefined {
  const links = linksOf(node);
  const first = links.findIndex((link) => link.optional === true);
  if (first < 0) return undefined;
  const build = (from: number, receiver: Piece[]): Piece[] => {
    const next = links.findIndex((link, index) => index > from && link.optional === true);
    const end = next < 0 ? links.length : next;
    const name = l.name("it");
    let inner: Piece[] = l.make(links[from]!, name);
    let object = inner;
    for (let index = from; index < end; index++) {
      const link = links[index]!;
      const method =
        index > from ? methodLink(link, links[index - 1]!, links[index - 2]!, object, l) : undefined;
      object = inner;
      inner = method ?? [...inner, ...linkText(link, links[index - 1]!, l)];
    }
    if (next >= 0) inner = build(next, inner);
    else if (isMember(links.at(-1))) {
      l.use("maybe");
      inner = l.make(node, "__language_maybe(", inner, ")");
    }
    return l.make(node, "__language_optional(", receiver, `, ${name}, `, inner, ")");
  };
  const receiver = links[first - 1]!;
  return build(first, maybe(receiver, l));
}

addRule<Syntax>("OptionalMemberExpression", lowerChain);
addRule<Syntax>("OptionalCallExpression", lowerChain);

/** Tells whether an expression is a chain that may break off. */
function isChain(node: Syntax): boolean {
  let expression = bare(node);
  while (expression.type === "TSNonNullExpression") expression = bare(expression.expression);
  return expression.type.startsWith("Optional");
}

addRule<BinaryExpression>("BinaryExpression", (node, l) => {
  const left = node.left as Syntax;
  const right = node.right as Syntax;
  if (node.operator === "in") return l.refuse(node, "privateIn");
  if (!/^([=!]==?|[<>]=?)$/.test(node.operator)) return undefined;
  const typeQuery = typeofComparison(node, l);
  if (typeQuery !== undefined) return typeQuery;
  const nothing = [left, right].some((side) => isNothing(side, l));
  // An element that is not there equals no value.
  const compared = !nothing && /^[=!]==?$/.test(node.operator);
  const asks = (side: Syntax): boolean => nothing || (compared && isElement(side));
  const sides = [left, right].map((side) => (asks(side) ? maybe(side, l) : l.lower(side)));
  const undefinedWritten = [left, right].some(
    (side) => isNothing(side, l) && bare(side).type === "Identifier",
  );
  if (!isChain(left) && !isChain(right) && !undefinedWritten) {
    if (![left, right].some((side) => asks(side) && isAsked(side))) return undefined;
    return [...sides[0]!, ...l.raw(left.end, right.start), ...sides[1]!];
  }
  const operator = node.operator;
  return l.make(node, "__language_compare(", sides[0]!, ` ${operator} `, sides[1]!, ")");
});

/** `typeof x === "undefined"` asks for null; the other types are known when the module is built. */
function typeofComparison(node: BinaryExpression, l: Lowering): Piece[] | undefined {
  const [left, right] = [bare(node.left), bare(node.right)];
  const [query, text] = left.type === "UnaryExpression" ? [left, right] : [right, left];
  if (query.type !== "UnaryExpression" || query.operator !== "typeof" || text.type !== "StringLiteral")
    return undefined;
  if (text.value !== "undefined") {
    if (!/^[=!]==?$/.test(node.operator)) return undefined;
    l.use("maybe");
    const negated = node.operator.startsWith("!") ? ", true" : "";
    return l.make(
      node,
      "__language_typeof(",
      maybe(query.argument as Syntax, l),
      `, "${text.value}"${negated})`,
    );
  }
  const operator = node.operator.startsWith("!") ? "!==" : "===";
  return l.make(node, "(", maybe(query.argument as Syntax, l), ` ${operator} null)`);
}

addRule<UnaryExpression & Syntax>("UnaryExpression", (node, l) =>
  node.operator === "typeof" && isNothing(node.argument as Syntax, l)
    ? l.make(node, bare(node.argument).type === "NullLiteral" ? '"object"' : '"undefined"')
    : undefined,
);

/** A value that a condition asks for may be undefined, which is false. */
function askCondition(node: Syntax, condition: Syntax, l: Lowering): Piece[] | undefined {
  if (!isAsked(condition)) return undefined;
  return [
    ...l.inside(node, node.start, condition.start),
    ...maybe(condition, l),
    ...l.inside(node, condition.end),
  ];
}
for (const type of ["IfStatement", "ConditionalExpression", "WhileStatement"])
  addRule<Syntax & { test: Syntax }>(type, (node, l) => askCondition(node, node.test, l));

/** `let x = ok ? null : "a"`: the compiler takes the type of the first. */
addRule<ConditionalExpression & Syntax>("ConditionalExpression", (node, l) => {
  const parent = l.parent(node);
  if (parent?.type !== "VariableDeclarator" || (parent.id as { typeAnnotation?: unknown }).typeAnnotation)
    return undefined;
  if (!isNothing(node.consequent as Syntax, l) || isNothing(node.alternate as Syntax, l)) return undefined;
  return l.make(node, "!(", l.lower(node.test), ") ? ", l.lower(node.alternate), " : null");
});
addRule<UnaryExpression & Syntax>("UnaryExpression", (node, l) =>
  node.operator === "!" ? askCondition(node, node.argument as Syntax, l) : undefined,
);

/** `x = list.pop()` where the code asks whether `x` is there, or its type says that it may not be. */
addRule<AssignmentExpression & Syntax>("AssignmentExpression", (node, l) => {
  const [left, right] = [bare(node.left), node.right as Syntax];
  if (node.operator !== "=" || left.type !== "Identifier" || !isAsked(right)) return undefined;
  const parent = l.parent(node);
  const compared =
    (parent?.type === "BinaryExpression" &&
      [parent.left, parent.right].some((side) => isNothing(side as Syntax, l))) ||
    (parent?.type === "WhileStatement" && bare(parent.test) === node);
  if (!compared && !isNullable(left.name, l) && !asksFor(left.name, scopeOf(node, l))) return undefined;
  return [...l.inside(node, node.start, right.start), ...maybe(right, l), ...l.raw(right.end, node.end)];
});

/** `return list.pop()` where the function's result may be undefined. */
addRule<Syntax & { argument?: Syntax | null }>("ReturnStatement", (node, l) => {
  const { argument } = node;
  if (!argument || !isAsked(argument) || !returnsNothing(node, l)) return undefined;
  return [
    ...l.inside(node, node.start, argument.start),
    ...maybe(argument, l),
    ...l.raw(argument.end, node.end),
  ];
});

/** `(xs): string | undefined => xs[0]` */
addRule<Syntax & { body: Syntax }>("ArrowFunctionExpression", (node, l) => {
  const { body } = node;
  if (!isAsked(body) || !mayReturnNothing(node, l)) return undefined;
  return [...l.inside(node, node.start, body.start), ...maybe(body, l), ...l.raw(body.end, node.end)];
});

/** Tells whether the type that the function around a node returns has undefined or null in it. */
function returnsNothing(node: Syntax, l: Lowering): boolean {
  return mayReturnNothing(scopeOf(node, l), l);
}

function mayReturnNothing(node: Syntax, l: Lowering): boolean {
  const { returnType } = node as Syntax & { returnType?: Syntax | null };
  return !!returnType && /\|\s*(undefined|null)\b|:\s*(undefined|null)\s*\|/.test(l.textOf(returnType));
}

/** Tells whether all variables of a name that have a type may be undefined. */
function isNullable(name: string, l: Lowering): boolean {
  const found = new Set<boolean>();
  walk(l.root, (node) => {
    if (node.type !== "VariableDeclarator" || (node.id as Syntax).type !== "Identifier") return;
    const { name: own, typeAnnotation } = node.id as { name: string; typeAnnotation?: Syntax | null };
    if (own === name)
      found.add(typeAnnotation ? /\b(undefined|null)\b/.test(l.textOf(typeAnnotation)) : false);
  });
  return found.size === 1 && found.has(true);
}
