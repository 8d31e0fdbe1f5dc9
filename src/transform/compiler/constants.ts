/**
 * The values of expressions of whole constants.
 *
 * @module
 */
import type {
  BinaryExpression,
  Element,
  Expression,
  Flow,
  Global,
  IdentifierExpression,
  Resolver,
  Type,
  UnaryPrefixExpression,
} from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "./compiler.js";
import { SWALLOW, tables } from "./tables.js";

const { ElementKind, CommonFlags } = tables as Record<"ElementKind" | "CommonFlags", Record<string, number>>;

type Named = (name: IdentifierExpression) => number | undefined;

/** The value of an expression of whole constants, by name those of its function; undefined when it is none. */
export function constantIn(resolver: Resolver, flow: Flow, node: Expression): number | undefined {
  return valueOf(node, (name) => inlined(find(resolver, flow, name)));
}

/** The value of an expression of whole constants, by name also those of files; undefined when it is none. */
export function constantOfAll(resolver: Resolver, flow: Flow, node: Expression): number | undefined {
  return valueOf(node, (name) => {
    const found = find(resolver, flow, name);
    return inlined(found) ?? global(found, new Set());
  });
}

function valueOf(node: Expression, named: Named): number | undefined {
  const of = (inner: Expression): number | undefined => valueOf(inner, named);
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
  if (node.kind === NodeKind["Identifier"]) return named(node as IdentifierExpression);
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

function find(resolver: Resolver, flow: Flow, name: IdentifierExpression): Element | null {
  return resolver.lookupIdentifierExpression(name, flow, flow.sourceFunction, SWALLOW);
}

/** The value of a variable that the compiler has replaced by it. */
function inlined(found: Element | null): number | undefined {
  if (found === null || ![ElementKind["Local"], ElementKind["Global"]].includes(found.kind)) return undefined;
  if (!found.is(CommonFlags["Inlined"]!)) return undefined;
  const { constantIntegerValue, type } = found as unknown as { constantIntegerValue: unknown; type: Type };
  return type.isIntegerValue ? Number(String(constantIntegerValue)) : undefined;
}

/** The value of a file's constant, by what stands in its declaration. `within` has those whose values wait for this one. */
function global(found: Element | null, within: Set<Element>): number | undefined {
  if (found === null || found.kind !== ElementKind["Global"] || !found.is(CommonFlags["Const"]!))
    return undefined;
  const { initializerNode, type, parent } = found as Global;
  if (initializerNode === null || !type.isIntegerValue || within.has(found)) return undefined;
  const inside = new Set([...within, found]);
  return valueOf(initializerNode, ({ text }) => global(parent.lookup(text), inside));
}
