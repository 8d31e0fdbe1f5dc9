/**
 * The values of expressions of whole constants.
 *
 * @module
 */
import type {
  BinaryExpression,
  Expression,
  Flow,
  IdentifierExpression,
  Node,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "./compiler.js";
import { SWALLOW, tables } from "./tables.js";

const { ElementKind, CommonFlags } = tables as Record<"ElementKind" | "CommonFlags", Record<string, number>>;

/** The value of an expression of whole constants; undefined when it is none. */
export function constantIn(resolver: Resolver, flow: Flow, node: Expression): number | undefined {
  const of = (inner: Expression): number | undefined => constantIn(resolver, flow, inner);
  if (node.kind === NodeKind["Parenthesized"])
    return of((node as unknown as { expression: Expression }).expression);
  if (node.kind === NodeKind["Literal"]) {
    const { literalKind, value } = node as unknown as { literalKind: number; value: unknown };
    return literalKind === LiteralKind["Integer"] ? Number(String(value)) : undefined;
  }
  if (node.kind === NodeKind["UnaryPrefix"]) {
    const { operator, operand } = node as UnaryPrefixExpression;
    const value = operator === Token["Minus"] ? of(operand) : undefined;
    return value === undefined ? undefined : -value;
  }
  if (node.kind === NodeKind["Identifier"]) return namedConstant(resolver, flow, node);
  if (node.kind !== NodeKind["Binary"]) return undefined;
  const { operator, left, right } = node as BinaryExpression;
  const [a, b] = [of(left), of(right)];
  if (a === undefined || b === undefined) return undefined;
  if (operator === Token["Plus"]) return a + b;
  if (operator === Token["Minus"]) return a - b;
  if (operator === Token["Asterisk"]) return a * b;
  if (operator === Token["Slash"] && b !== 0) return Math.trunc(a / b);
  return undefined;
}

function namedConstant(resolver: Resolver, flow: Flow, node: Node): number | undefined {
  const name = node as IdentifierExpression;
  const found = resolver.lookupIdentifierExpression(name, flow, flow.sourceFunction, SWALLOW);
  if (found === null || ![ElementKind["Local"], ElementKind["Global"]].includes(found.kind)) return undefined;
  if (!found.is(CommonFlags["Inlined"]!)) return undefined;
  const { constantIntegerValue, type } = found as unknown as { constantIntegerValue: unknown; type: Type };
  return type.isIntegerValue ? Number(String(constantIntegerValue)) : undefined;
}
