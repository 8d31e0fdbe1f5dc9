/**
 * Values of which the code asks whether they are there: an element beyond an array's end, a key that a Map has not.
 *
 * @module
 */
import type { MemberExpression } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { bare, methodCall, walk, type Syntax } from "./tree.js";

const asking = new Set(["pop", "shift", "at", "get", "find", "findLast", "codePointAt"]);

/** `map.keys().next().value`: the list of keys or values whose first is asked for. */
export function firstOf(node: Syntax): Syntax | undefined {
  const expression = bare(node);
  if (expression.type !== "MemberExpression" || expression.computed) return undefined;
  if ((expression.property as { name?: string }).name !== "value") return undefined;
  const next = bare(expression.object);
  if (next.type !== "CallExpression" || methodCall(next)?.method !== "next") return undefined;
  const list = bare(methodCall(next)!.object);
  const isList = list.type === "CallExpression" && /^(keys|values)$/.test(methodCall(list)?.method ?? "");
  return isList ? list : undefined;
}

addRule<MemberExpression & Syntax>(
  "MemberExpression",
  (node, l) => {
    const list = firstOf(node);
    return list && l.make(node, l.lower(list), "[0]");
  },
  true,
);

/** Tells whether TypeScript's own answer of an expression may be undefined: an element, `pop()`, `get(key)` and the like. */
export function isAsked(node: Syntax): boolean {
  const expression = bare(node);
  // `table.key`; what `this` has is no key.
  if (expression.type === "MemberExpression")
    return (
      expression.computed ||
      (expression.object.type !== "ThisExpression" && isKey(expression.property as Syntax))
    );
  if (expression.type !== "CallExpression" || expression.callee.type !== "MemberExpression") return false;
  const { property, computed } = expression.callee;
  return !computed && property.type === "Identifier" && asking.has(property.name);
}

/** The same, but for `table.key`, which looks as every field does. */
export function isElement(node: Syntax): boolean {
  const expression = bare(node);
  return isAsked(expression) && (expression.type !== "MemberExpression" || expression.computed);
}

function isKey(property: Syntax): boolean {
  return property.type === "Identifier" && property.name !== "length";
}

/** An expression whose value is asked for: undefined is null there. */
export function maybe(node: Syntax, l: Lowering): Piece[] {
  if (!isAsked(node)) return l.lower(node);
  l.use("maybe");
  return l.make(node, "__language_maybe(", l.lower(node), ")");
}

/** Tells whether the code below `scope` asks whether the variable `name` is there; `declared` says how often `scope` declares it. */
export function asksFor(name: string, scope: Syntax, declared = 1): boolean {
  const is = (node: unknown): boolean => {
    const expression = bare(node);
    return expression.type === "Identifier" && expression.name === name;
  };
  const isNull = (node: unknown): boolean => {
    const expression = bare(node);
    return (
      expression.type === "NullLiteral" ||
      (expression.type === "Identifier" && expression.name === "undefined")
    );
  };
  let found = false;
  walk(scope, (node) => {
    if (found) return false;
    if (node.type === "LogicalExpression") found = conditions(node.left as Syntax).some(is);
    else if (node.type === "OptionalMemberExpression") found = node.optional && is(node.object);
    else if (node.type === "OptionalCallExpression") found = node.optional && is(node.callee);
    else if (node.type === "AssignmentExpression")
      found = /^(\?\?|\|\||&&)=$/.test(node.operator) && is(node.left);
    else if (node.type === "TSNonNullExpression") found = is(node.expression);
    else if (node.type === "BinaryExpression" && /^[=!]==?$/.test(node.operator)) {
      found = (is(node.left) && isNull(node.right)) || (is(node.right) && isNull(node.left));
      if (!found && node.left.type === "UnaryExpression" && node.left.operator === "typeof")
        found = is(node.left.argument);
    } else if (node.type === "UnaryExpression") found = node.operator === "!" && is(node.argument);
    else if (/^(If|While|DoWhile|For)Statement$|^ConditionalExpression$/.test(node.type))
      found = conditions((node as { test?: Syntax | null }).test).some(is);
    return !found;
  });
  return found || comparesOnly(name, scope, declared);
}

/** The values whose truth decides a condition: `a` and `b` of `a || !b`. */
function conditions(test: Syntax | null | undefined): Syntax[] {
  if (!test) return [];
  const node = bare(test);
  if (node.type === "LogicalExpression")
    return [node.left, node.right].flatMap((side) => conditions(side as Syntax));
  return node.type === "UnaryExpression" && node.operator === "!"
    ? conditions(node.argument as Syntax)
    : [node];
}

/** Tells whether all that the code does with a variable is to compare it: one that is not there equals no value. */
function comparesOnly(name: string, scope: Syntax, declared: number): boolean {
  const places = new Set<number>();
  const compared = new Set<number>();
  const take = (into: Set<number>, node: unknown): void => {
    const expression = bare(node);
    if (expression.type === "Identifier" && expression.name === name) into.add(expression.start);
  };
  walk(scope, (node) => {
    take(places, node);
    if (node.type === "SwitchStatement") take(compared, node.discriminant);
    if (node.type !== "BinaryExpression" || !/^[=!]==?$/.test(node.operator)) return;
    take(compared, node.left);
    take(compared, node.right);
  });
  return compared.size > 0 && places.size === compared.size + declared;
}

/** The function or module around a node. */
export function scopeOf(node: Syntax, l: Lowering): Syntax {
  let scope: Syntax | undefined = node;
  while (scope !== undefined && !/Function|Method|Program|StaticBlock/.test(scope.type))
    scope = l.parent(scope);
  return scope ?? l.root;
}

/** The first value of a variable: one that may be null if the code asks whether it is there. */
export function initialValue(name: string | undefined, value: Syntax, l: Lowering, type?: Syntax): Piece[] {
  if (!isAsked(value)) return l.lower(value);
  const nullable = type !== undefined && /\bundefined\b|\bnull\b/.test(l.textOf(type));
  const asked = nullable || (name !== undefined && type === undefined && asksFor(name, scopeOf(value, l)));
  return asked ? maybe(value, l) : l.lower(value);
}
