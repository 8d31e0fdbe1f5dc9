/**
 * Lists of whole literals that have no type, as `const xs = [1, 2]`: the compiler has them as lists of whole numbers. One that is
 * given to what takes `number[]`, or gets a number with a fraction, is a list of such. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  ElementAccessExpression,
  Expression,
  Flow,
  FunctionPrototype,
  IdentifierExpression,
  Node,
  PropertyAccessExpression,
  Resolver,
  Type,
  TypedElement,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { walk } from "../source/syntax.js";
import { LiteralKind, NodeKind, Token } from "./compiler.js";
import { eachExpression } from "./each-expression.js";
import { isNumberLiteral } from "./operator-syntax.js";
import { SWALLOW, tables } from "./tables.js";

const { Type: Types } = assemblyscript;
const { ElementKind } = tables as Record<"ElementKind", Record<string, number>>;

/** Methods whose arguments become elements, or are compared with them. */
const taking = new Set(["push", "unshift", "fill", "includes", "indexOf", "with"]);

/** Tells whether a value is a list of whole literals, and of at least one. */
export function isWholeList(value: Expression): boolean {
  if (value.kind !== NodeKind["Literal"]) return false;
  const { literalKind, elementExpressions } = value as unknown as {
    literalKind: number;
    elementExpressions: Expression[];
  };
  return (
    literalKind === LiteralKind["Array"] &&
    elementExpressions.length > 0 &&
    elementExpressions.every(isNumberLiteral)
  );
}

/** Tells whether a value is a list without elements. */
export function isEmptyList(value: Expression): boolean {
  if (value.kind !== NodeKind["Literal"]) return false;
  const { literalKind, elementExpressions } = value as unknown as {
    literalKind: number;
    elementExpressions: Expression[];
  };
  return literalKind === LiteralKind["Array"] && elementExpressions.length === 0;
}

/** The type of the first element that statements put into a list that began empty. */
export function elementGiven(
  resolver: Resolver,
  outer: Flow,
  statements: readonly Node[],
  name: string,
): Type | undefined {
  let found: Type | undefined;
  eachExpression(resolver, outer.fork(), statements, (node, scope) => {
    const isList = (value: Node): boolean =>
      value.kind === NodeKind["Identifier"] && (value as IdentifierExpression).text === name;
    const give = (value: Expression | undefined): void => {
      if (value === undefined || found !== undefined) return;
      const type = isNumberLiteral(value)
        ? Types.f64
        : resolver.resolveExpression(value, scope, Types.auto, SWALLOW);
      if (type === null || type === Types.void) return;
      found = type.isIntegerValue && type.size === 32 ? Types.f64 : type;
    };
    walk([node], (inner) => {
      if (inner.kind === NodeKind["Call"]) {
        const { expression, args } = inner as CallExpression;
        const method = expression as PropertyAccessExpression;
        if ((method as Node).kind !== NodeKind["PropertyAccess"] || !isList(method.expression)) return;
        if (/^(push|unshift)$/.test(method.property.text)) give(args[0]);
      } else if (inner.kind === NodeKind["Binary"]) {
        const { operator, left, right } = inner as BinaryExpression;
        const isElement = left.kind === NodeKind["ElementAccess"];
        if (operator === Token["Equals"] && isElement && isList((left as ElementAccessExpression).expression))
          give(right);
      }
    });
  });
  return found;
}

/** The type of lists of numbers. */
export function numberList({ program }: Resolver): Type {
  return program.resolver.resolveClass(program.arrayPrototype, [Types.f64])!.type;
}

/** Tells whether statements give a list to what takes `number[]`, or put a number with a fraction into it. */
export function isGivenNumbers(
  resolver: Resolver,
  outer: Flow,
  statements: readonly Node[],
  name: string,
  type: Type,
  declaration: Node,
): boolean {
  const wanted = numberList(resolver);
  let isGiven = false;
  const flow = outer.fork();
  flow.addScopedDummyLocal(name, type, declaration);
  eachExpression(resolver, flow, statements, (node, scope, kind) => {
    const typeOf = (value: Expression): Type | null =>
      resolver.resolveExpression(value, scope, Types.auto, SWALLOW);
    const isList = (value: Node): boolean =>
      value.kind === NodeKind["Identifier"] && (value as IdentifierExpression).text === name;
    if (kind === "returned" && isList(node)) isGiven ||= returnedBy(scope)?.nonNullableType === wanted;
    if (kind instanceof Types && isList(node)) isGiven ||= kind.nonNullableType === wanted;
    walk([node], (inner) => {
      if (inner.kind === NodeKind["Call"] || inner.kind === NodeKind["New"]) {
        const { args } = inner as CallExpression;
        args.forEach((arg, index) => {
          const spread = spreadList(arg);
          if (spread !== undefined && isList(spread))
            isGiven ||= parameterType(resolver, scope, inner, "rest")?.nonNullableType === wanted;
          if (isList(arg))
            isGiven ||= parameterType(resolver, scope, inner, index)?.nonNullableType === wanted;
        });
        if (inner.kind === NodeKind["New"]) return;
        const method = (inner as CallExpression).expression as PropertyAccessExpression;
        if ((method as Node).kind !== NodeKind["PropertyAccess"] || !isList(method.expression)) return;
        if (taking.has(method.property.text)) isGiven ||= args.some((arg) => typeOf(arg) === Types.f64);
      } else if (inner.kind === NodeKind["Binary"]) {
        const { operator, left, right } = inner as BinaryExpression;
        if (operator !== Token["Equals"]) return;
        if (isList(right)) isGiven ||= typeOf(left)?.nonNullableType === wanted;
        if (isList(left)) isGiven ||= typeOf(right) === wanted;
        if (left.kind === NodeKind["ElementAccess"] && isList((left as ElementAccessExpression).expression))
          isGiven ||= typeOf(right) === Types.f64;
      }
    });
  });
  return isGiven;
}

/** The return type that the function around a place declares; undefined when it declares none. */
function returnedBy({ sourceFunction }: Flow): Type | undefined {
  return sourceFunction.signature?.returnType;
}

/** The type of a parameter of what is called; null where it cannot be told. */
function parameterType(resolver: Resolver, flow: Flow, call: Node, index: number | "rest"): Type | null {
  const types = calledBy(resolver, flow, call)?.signature.parameterTypes;
  return (index === "rest" ? types?.at(-1) : types?.[index]) ?? null;
}

/** The list that an argument spreads. */
function spreadList(arg: Expression): Expression | undefined {
  if (arg.kind !== NodeKind["Call"]) return undefined;
  const { expression, args } = arg as CallExpression;
  return (expression as Partial<IdentifierExpression>).text === "__language_spread" ? args[0] : undefined;
}

interface Called {
  readonly signature: { readonly parameterTypes: readonly Type[] };
}

function calledBy(resolver: Resolver, flow: Flow, call: Node): Called | null {
  if (call.kind === NodeKind["New"]) {
    const { typeName, typeArguments } = call as unknown as { typeName: never; typeArguments: unknown };
    const element = resolver.resolveTypeName(typeName, flow, flow.sourceFunction, SWALLOW);
    if (typeArguments !== null || (element?.kind as number) !== ElementKind["ClassPrototype"]) return null;
    const made = resolver.resolveClass(element as never, null, undefined, SWALLOW);
    return (made?.constructorInstance as Called | null | undefined) ?? null;
  }
  const { expression, typeArguments } = call as CallExpression;
  if (typeArguments !== null) return null;
  const element = resolver.lookupExpression(expression, flow, Types.auto, SWALLOW);
  if (element === null) return null;
  if ((element.kind as number) === ElementKind["FunctionPrototype"]) {
    const prototype = element as FunctionPrototype;
    if (prototype.is(tables["CommonFlags"]!["Generic"]!)) return null;
    return resolver.resolveFunction(prototype, null, undefined, SWALLOW);
  }
  const type = (element as TypedElement).type as Type | undefined;
  const signature = type?.getSignature();
  return signature ? { signature } : null;
}
