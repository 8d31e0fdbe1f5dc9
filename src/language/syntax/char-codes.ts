/**
 * `text.charCodeAt(i)`, which is NaN beyond the end in JavaScript and -1 in AssemblyScript. Most code cannot tell the two
 * apart: it compares with a character, or asks below the text's length. Elsewhere an index beyond the end is a bug that
 * costs the request, as with lists.
 *
 * @module
 */
import type { CallExpression } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { scopeOf } from "./maybe.js";
import { bare, methodCall, walk, type Syntax } from "./tree.js";

addRule<CallExpression & Syntax>("CallExpression", (node, l) => {
  const call = methodCall(node);
  if (call?.method !== "charCodeAt" || call.args.length > 1) return undefined;
  if (isInside(node, call.object, call.args[0], l) || isOnlyCompared(node, l)) return undefined;
  const index = call.args.length === 0 ? "0" : l.lower(call.args[0]);
  l.use("number");
  return l.make(node, "__language_code(", l.lower(call.object), ", ", index, ")");
});

/** `isNaN(text.charCodeAt(i))` */
addRule<CallExpression & Syntax>("CallExpression", (node, l) => {
  const [value] = node.arguments as Syntax[];
  if (!/^(Number\.)?isNaN$/.test(l.textOf(node.callee)) || value?.type !== "CallExpression") return undefined;
  return methodCall(value)?.method === "charCodeAt" ? l.make(node, "(", l.inside(value), " < 0)") : undefined;
});

/** Tells whether the index is below the text's length, as it is written. */
function isInside(node: Syntax, object: Syntax, index: Syntax | undefined, l: Lowering): boolean {
  const at = index === undefined ? undefined : bare(index);
  if (object.type === "StringLiteral" && (at === undefined || at.type === "NumericLiteral"))
    return (at === undefined ? 0 : (at as { value: number }).value) < object.value.length;
  if (at?.type !== "Identifier" || object.type !== "Identifier") return false;
  const length = `${object.name}.length`;
  for (let around = l.parent(node); around !== undefined; around = l.parent(around)) {
    if (/Function|Method/.test(around.type)) return false;
    if (around.type !== "ForStatement" && around.type !== "WhileStatement") continue;
    if (!around.test || !isBelow(around.test as Syntax, at.name, length, l)) continue;
    const changed = [at.name, object.name].some((name) => changes(around.body as Syntax, name));
    if (!changed) return true;
  }
  return false;
}

/** Tells whether a condition holds only while `name < length`. */
function isBelow(test: Syntax, name: string, length: string, l: Lowering): boolean {
  const condition = bare(test);
  if (condition.type === "LogicalExpression" && condition.operator === "&&")
    return [condition.left, condition.right].some((side) => isBelow(side as Syntax, name, length, l));
  if (condition.type !== "BinaryExpression" || condition.operator !== "<") return false;
  if (l.textOf(bare(condition.left)) !== name) return false;
  const limit = bare(condition.right);
  if (limit.type !== "Identifier") return l.textOf(limit) === length;
  let found = false;
  walk(l.root, (inner) => {
    if (inner.type !== "VariableDeclarator" || !inner.init) return;
    const { name: own } = inner.id as { name?: string };
    if (own === limit.name) found = l.textOf(inner.init) === length;
  });
  return found;
}

/** Tells whether a loop's body gives a variable another value before its end. */
function changes(body: Syntax, name: string): boolean {
  let found = false;
  walk(body, (inner) => {
    const target =
      inner.type === "AssignmentExpression"
        ? bare(inner.left)
        : inner.type === "UpdateExpression"
          ? bare(inner.argument)
          : undefined;
    if (target?.type === "Identifier" && target.name === name) found = true;
  });
  return found;
}

/** Tells whether a value, or the constant that it becomes, is only compared so that -1 does as NaN does. */
function isOnlyCompared(node: Syntax, l: Lowering): boolean {
  const parent = l.parent(node);
  if (parent === undefined) return false;
  if (isCompared(node, parent, l)) return true;
  if (parent.type !== "VariableDeclarator" || bare(parent.init) !== node) return false;
  const id = parent.id as Syntax;
  if (id.type !== "Identifier") return false;
  let safe = true;
  walk(scopeOf(node, l), (inner) => {
    if (inner === id || inner.type !== "Identifier" || inner.name !== id.name) return;
    const around = l.parent(inner);
    if (around === undefined || !isCompared(inner, around, l)) safe = false;
  });
  return safe;
}

function isCompared(node: Syntax, parent: Syntax, l: Lowering): boolean {
  if (parent.type === "SwitchStatement") return bare(parent.discriminant) === node;
  if (parent.type !== "BinaryExpression") return false;
  const isLeft = bare(parent.left) === node;
  const other = bare(isLeft ? parent.right : parent.left);
  const isCode = /charCodeAt/.test(l.textOf(other));
  const isNegative = other.type === "UnaryExpression";
  if (isNegative || (isCode && bare((other as CallExpression).callee).type !== "MemberExpression"))
    return false;
  if (
    isCode &&
    bare((other as CallExpression & { callee: { object: Syntax } }).callee.object).type !== "StringLiteral"
  )
    return false;
  const { operator } = parent;
  if (/^[=!]==?$/.test(operator)) return true;
  if (isLeft ? /^>=?$/.test(operator) : /^<=?$/.test(operator)) return true;
  if (isLeft ? /^<=?$/.test(operator) : /^>=?$/.test(operator)) return isBounded(node, parent, l);
  return false;
}

/** `c >= 48 && c <= 57`: the first of them is false for -1 as well. */
function isBounded(node: Syntax, comparison: Syntax, l: Lowering): boolean {
  const parent = l.parent(comparison);
  if (parent?.type !== "LogicalExpression" || parent.operator !== "&&" || bare(parent.right) !== comparison)
    return false;
  const first = bare(parent.left);
  const text = l.textOf(node);
  if (first.type !== "BinaryExpression") return false;
  return (
    (/^>=?$/.test(first.operator) && l.textOf(bare(first.left)) === text) ||
    (/^<=?$/.test(first.operator) && l.textOf(bare(first.right)) === text)
  );
}
