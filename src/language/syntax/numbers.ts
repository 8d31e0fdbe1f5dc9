/**
 * Variables that begin with a whole number and get others later: TypeScript's `number`.
 *
 * @module
 */
import type { UnaryExpression, VariableDeclarator } from "@babel/types";
import { LARGE } from "../../transform/compiler/conversions.js";
import { addRule, type Lowering } from "./lowering.js";
import { scopeOf } from "./maybe.js";
import { bare, walk, type Syntax } from "./tree.js";

/** Tells whether a variable without a type that begins with a whole number is given what no i32 can hold. */
export function isNumberVariable(node: Syntax & VariableDeclarator, l: Lowering): boolean {
  const id = node.id as Syntax;
  if (id.type !== "Identifier" || id.typeAnnotation || !node.init || !isWhole(node.init as Syntax))
    return false;
  const { name } = id;
  if (grows(name, scopeOf(node, l))) return !isReturnedWhole(name, scopeOf(node, l), l);
  let found = false;
  walk(scopeOf(node, l), (inner) => {
    if (found) return false;
    if (inner.type !== "AssignmentExpression") return true;
    const target = bare(inner.left);
    if (target.type !== "Identifier" || target.name !== name) return true;
    const { operator } = inner;
    if (/^(\*\*?|\/|>>>)=$/.test(operator)) found = true;
    else if (/^[-+]?=$/.test(operator)) found = hasFraction(inner.right as Syntax, l);
    return true;
  });
  return found;
}

const whole = /^:\s*[iu](8|16|32|64|size)$|^:\s*bool$/;

/** Tells whether a function whose result is declared as a whole number of AssemblyScript's returns the variable: it is one, then. */
function isReturnedWhole(name: string, scope: Syntax, l: Lowering): boolean {
  const { returnType } = scope as Syntax & { returnType?: Syntax | null };
  if (!returnType || !whole.test(l.textOf(returnType))) return false;
  let found = false;
  walk(scope, (inner) => {
    if (inner.type !== "ReturnStatement" || !inner.argument) return true;
    const value = bare(inner.argument);
    found ||= value.type === "Identifier" && value.name === name;
    return true;
  });
  return found;
}

/** A value that a variable is given, as far as sums go: the variables in it, and whether it adds more than a constant. */
interface Given {
  readonly names: Set<string>;
  sums: boolean;
}

/** Tells whether a variable is given sums of itself and other values, as a total is; a counter is given constants only. */
function grows(name: string, scope: Syntax): boolean {
  const given = givenIn(scope);
  /** Tells whether `name` is reached from `at`, with a sum on the way. */
  const seen = new Set<string>();
  const reaches = (at: string, summed: boolean): boolean => {
    const key = `${at} ${summed ? 1 : 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return (given.get(at) ?? []).some(({ names, sums }) =>
      [...names].some((next) => (next === name && (summed || sums)) || reaches(next, summed || sums)),
    );
  };
  return reaches(name, false);
}

const givens = new WeakMap<Syntax, Map<string, Given[]>>();

function givenIn(scope: Syntax): Map<string, Given[]> {
  const known = givens.get(scope);
  if (known !== undefined) return known;
  const all = new Map<string, Given[]>();
  const note = (target: unknown, value: Syntax, self: boolean): void => {
    const place = bare(target);
    if (place.type !== "Identifier") return;
    const given: Given = { names: new Set(self ? [place.name] : []), sums: self && !isSmall(value) };
    look(value, given);
    if (!all.has(place.name)) all.set(place.name, []);
    all.get(place.name)!.push(given);
  };
  walk(scope, (node) => {
    if (node.type === "AssignmentExpression" && /^[-+]?=$/.test(node.operator))
      note(node.left, node.right as Syntax, node.operator !== "=");
    if (node.type === "VariableDeclarator" && node.init) note(node.id, node.init as Syntax, false);
  });
  givens.set(scope, all);
  return all;
}

/** Notes the variables of which a value is a sum. */
function look(node: Syntax, given: Given): void {
  const value = bare(node);
  if (value.type === "Identifier") given.names.add(value.name);
  else if (value.type === "ConditionalExpression")
    for (const side of [value.consequent, value.alternate]) look(side as Syntax, given);
  else if (value.type === "UnaryExpression" && /^[-+]$/.test(value.operator))
    look(value.argument as Syntax, given);
  else if (value.type === "BinaryExpression" && /^[-+]$/.test(value.operator)) {
    const sides = [value.left, value.right] as Syntax[];
    if (!sides.some(isSmall)) given.sums = true;
    for (const side of sides) look(side, given);
  }
}

/** A constant, or the length of something that is there. */
function isSmall(node: Syntax): boolean {
  const value = bare(node);
  if (value.type === "MemberExpression")
    return !value.computed && value.property.type === "Identifier" && value.property.name === "length";
  if (value.type === "ConditionalExpression")
    return [value.consequent, value.alternate].every((side) => isSmall(side as Syntax));
  return isWhole(value) && magnitude(value) < 0x10000;
}

function magnitude(node: Syntax): number {
  const value = bare(node);
  if (value.type === "UnaryExpression") return magnitude(value.argument as Syntax);
  return value.type === "NumericLiteral" ? value.value : Infinity;
}

/** Tells whether a value is calculated from literals, and is more than sums of whole numbers have room for. */
export function isLargeConstant(node: Syntax): boolean {
  if (bare(node).type !== "BinaryExpression") return false;
  const value = constantOf(node);
  return value !== undefined && Number.isInteger(value) && Math.abs(value) > LARGE;
}

/** The value of an expression of literals. */
export function constantOf(node: Syntax): number | undefined {
  const value = bare(node);
  if (value.type === "NumericLiteral") return value.value;
  if (value.type === "UnaryExpression" && value.operator === "-") {
    const operand = constantOf(value.argument as Syntax);
    return operand === undefined ? undefined : -operand;
  }
  if (value.type !== "BinaryExpression") return undefined;
  const [a, b] = [value.left, value.right].map((side) => constantOf(side as Syntax));
  if (a === undefined || b === undefined) return undefined;
  switch (value.operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "**":
      return a ** b;
    default:
      return undefined;
  }
}

function isWhole(node: Syntax): boolean {
  const value = bare(node);
  if (value.type === "UnaryExpression" && value.operator === "-") return isWhole(value.argument as Syntax);
  return value.type === "NumericLiteral" && Number.isInteger(value.value) && Math.abs(value.value) < 2 ** 31;
}

/** Tells whether a value may be more than a whole number of 32 bits, as it is written. */
function hasFraction(node: Syntax, l: Lowering): boolean {
  const value = bare(node);
  switch (value.type) {
    case "NumericLiteral":
      return !Number.isInteger(value.value) || value.value > 2147483647;
    case "BinaryExpression":
      if (/^(\*\*?|\/|>>>)$/.test(value.operator)) return true;
      return (
        /^[-+%]$/.test(value.operator) &&
        [value.left, value.right].some((side) => hasFraction(side as Syntax, l))
      );
    case "AssignmentExpression":
      return value.operator === ">>>=" || hasFraction(value.right as Syntax, l);
    case "UnaryExpression":
      return /^[-+]$/.test(value.operator) && hasFraction(value.argument as Syntax, l);
    case "ConditionalExpression":
      return [value.consequent, value.alternate].some((side) => hasFraction(side as Syntax, l));
    case "CallExpression":
      return /^(Math\.\w+|parseFloat|parseInt|Number)$/.test(l.textOf(value.callee));
    default:
      return false;
  }
}

/** `-0` has a sign. */
addRule<UnaryExpression>("UnaryExpression", (node, l) => {
  const value = bare(node.argument);
  if (node.operator !== "-" || value.type !== "NumericLiteral" || value.value !== 0) return undefined;
  // Compared, it is 0.
  const parent = l.parent(node as Syntax);
  const isCompared = parent?.type === "BinaryExpression" && /^[=!<>]=|^[<>]$/.test(parent.operator);
  return isCompared ? undefined : l.make(node, "(-0.0)");
});
