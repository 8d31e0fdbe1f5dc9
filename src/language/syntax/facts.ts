/**
 * Finds the facts that a condition states about the values in it.
 *
 * @module
 */
import type { Lowering } from "./lowering.js";
import { isNothing } from "./nothing.js";
import { bare, walk, type Syntax } from "./tree.js";

/** A fact about a value: it is not null, it is of a class, or it is not of some classes. */
export interface Fact {
  /** The value as it is written: `this.a.b`. */
  readonly path: string;
  readonly is?: string;
  readonly not?: readonly string[];
  /** Tells whether it holds only where a member of the value is used. */
  readonly weak?: boolean;
  /** Tells whether the value is one that was there before, or another one: `x ??= y`. The compiler does not see that. */
  readonly kept?: boolean;
}

/** The known facts, by path. */
export type Facts = Map<string, Fact>;

interface ConditionFacts {
  readonly whenTrue: readonly Fact[];
  readonly whenFalse: readonly Fact[];
}

/** `this.a.b`; undefined where an expression is more than names. */
export function pathOf(node: Syntax, l: Lowering): string | undefined {
  const expression = bare(node);
  if (expression.type === "Identifier") return expression.name;
  if (expression.type === "ThisExpression") return "this";
  if (expression.type === "TSNonNullExpression") return pathOf(expression.expression as Syntax, l);
  if (expression.type !== "MemberExpression" || expression.computed) return undefined;
  const object = pathOf(expression.object as Syntax, l);
  return object === undefined ? undefined : `${object}.${l.textOf(expression.property)}`;
}

const nothing: ConditionFacts = { whenTrue: [], whenFalse: [] };

/** The facts that hold when a condition is true, and when it is false. */
export function conditionFacts(node: Syntax, l: Lowering): ConditionFacts {
  const condition = bare(node);
  switch (condition.type) {
    case "UnaryExpression": {
      if (condition.operator !== "!") return nothing;
      const { whenTrue, whenFalse } = conditionFacts(condition.argument as Syntax, l);
      return { whenTrue: whenFalse, whenFalse: whenTrue };
    }
    case "LogicalExpression": {
      const [left, right] = [condition.left, condition.right].map((side) =>
        conditionFacts(side as Syntax, l),
      );
      if (condition.operator === "&&")
        return { whenTrue: [...left!.whenTrue, ...right!.whenTrue], whenFalse: [] };
      if (condition.operator === "||")
        return { whenTrue: [], whenFalse: [...left!.whenFalse, ...right!.whenFalse] };
      return nothing;
    }
    case "BinaryExpression":
      return comparisonFacts(condition, l);
    case "CallExpression": {
      const guarded = guardOf(condition.callee as Syntax, l);
      const path = condition.arguments[0] && pathOf(condition.arguments[0] as Syntax, l);
      return guarded === undefined || path === undefined
        ? thereFacts(condition, l)
        : classFacts(path, guarded);
    }
    default:
      return thereFacts(condition, l);
  }
}

function thereFacts(expression: Syntax, l: Lowering): ConditionFacts {
  return { whenTrue: there(expression, l), whenFalse: [] };
}

/** The values that are not null when an expression is true, or equal to something. */
function there(node: Syntax, l: Lowering): Fact[] {
  const expression = bare(node);
  const path = pathOf(expression, l);
  if (path !== undefined && path !== "this") return [{ path }];
  const facts: Fact[] = [];
  let at = expression;
  while (/^Optional/.test(at.type)) {
    const link = at as unknown as { optional: boolean; object?: Syntax; callee?: Syntax };
    const inner = bare((link.object ?? link.callee)!);
    const own = pathOf(inner, l);
    if (link.optional && own !== undefined) facts.push({ path: own });
    at = inner;
  }
  return facts;
}

function comparisonFacts(node: Syntax, l: Lowering): ConditionFacts {
  if (node.type !== "BinaryExpression") return nothing;
  const [left, right] = [bare(node.left), bare(node.right)];
  if (node.operator === "instanceof") {
    const path = pathOf(left, l);
    return path === undefined || right.type !== "Identifier" ? nothing : classFacts(path, right.name);
  }
  if (!/^[=!]==?$/.test(node.operator)) return nothing;
  const unequal = node.operator.startsWith("!");
  const asked = isNothing(left, l) ? right : isNothing(right, l) ? left : undefined;
  if (asked !== undefined) {
    const facts = there(asked, l);
    return unequal ? { whenTrue: facts, whenFalse: [] } : { whenTrue: [], whenFalse: facts };
  }
  const typed = typeofOperand(left, right) ?? typeofOperand(right, left);
  if (typed !== undefined) {
    const facts = there(typed.operand, l);
    const isThere = typed.text === "undefined" ? unequal : !unequal;
    return isThere ? { whenTrue: facts, whenFalse: [] } : { whenTrue: [], whenFalse: facts };
  }
  const literal = [left, right].find(({ type }) => /^(String|Numeric|Boolean)Literal$/.test(type));
  if (literal === undefined) return nothing;
  const facts = there(literal === left ? right : left, l);
  return unequal ? { whenTrue: [], whenFalse: facts } : { whenTrue: facts, whenFalse: [] };
}

function typeofOperand(query: Syntax, text: Syntax): { operand: Syntax; text: string } | undefined {
  if (query.type !== "UnaryExpression" || query.operator !== "typeof" || text.type !== "StringLiteral")
    return undefined;
  return { operand: query.argument as Syntax, text: text.value };
}

function classFacts(path: string, name: string): ConditionFacts {
  return { whenTrue: [{ path, is: name }], whenFalse: [{ path, not: [name] }] };
}

/** The classes that functions of a source tell, by the functions' names. */
const guards = new WeakMap<Syntax, ReadonlyMap<string, string>>();

/** The class that a function of this source tells: `(p): p is Deny`. */
function guardOf(callee: Syntax, l: Lowering): string | undefined {
  if (callee.type !== "Identifier") return undefined;
  const known = guards.get(l.root) ?? findGuards(l);
  guards.set(l.root, known);
  return known.get(callee.name);
}

function findGuards(l: Lowering): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  walk(l.root, (node) => {
    const { id, returnType } = node as {
      id?: Syntax | null;
      returnType?: { typeAnnotation?: Syntax } | null;
    };
    if (node.type !== "FunctionDeclaration" || id?.type !== "Identifier") return;
    const predicate = returnType?.typeAnnotation;
    if (predicate?.type !== "TSTypePredicate") return;
    const type = (predicate.typeAnnotation as { typeAnnotation?: Syntax } | null)?.typeAnnotation;
    if (type?.type === "TSTypeReference") found.set(id.name, l.textOf(type));
  });
  return found;
}
