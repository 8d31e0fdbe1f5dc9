/**
 * Operators and operands as they are written, before anything is known of their types.
 *
 * @module
 */
import type { BinaryExpression, Expression, Node } from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "./compiler.js";

/** Tells whether a value is a number of `>>>`, as it is written. */
export function isUnsignedShift(node: Node): boolean {
  if (node.kind === NodeKind["Parenthesized"])
    return isUnsignedShift((node as unknown as { expression: Node }).expression);
  const { operator } = node as BinaryExpression;
  return node.kind === NodeKind["Binary"] && operator === Token["GreaterThan_GreaterThan_GreaterThan"];
}

/** Tells whether a value has all the bits of a whole number, as a hash has. */
export function isShifted(node: Node): boolean {
  if (node.kind === NodeKind["Parenthesized"])
    return isShifted((node as unknown as { expression: Node }).expression);
  if (node.kind !== NodeKind["Binary"]) return false;
  const { operator } = node as BinaryExpression;
  return [Token["LessThan_LessThan"], Token["Caret"], Token["GreaterThan_GreaterThan_GreaterThan"]].includes(
    operator,
  );
}

/** Tells whether reading an expression twice does no more than reading it once. */
export function isPlace(node: Node): boolean {
  if (node.kind === NodeKind["PropertyAccess"])
    return isPlace((node as unknown as { expression: Node }).expression);
  if (node.kind === NodeKind["ElementAccess"]) {
    const { expression, elementExpression } = node as unknown as Record<string, Node>;
    return (
      isPlace(expression!) && (isPlace(elementExpression!) || elementExpression!.kind === NodeKind["Literal"])
    );
  }
  return node.kind === NodeKind["Identifier"] || node.kind === NodeKind["This"];
}

/** `1`, which is a number and no whole one. */
export function isNumberLiteral(value: Expression): boolean {
  let node = value as Expression & { operand?: Expression; expression?: Expression };
  while (node.kind === NodeKind["Parenthesized"] || node.kind === NodeKind["UnaryPrefix"])
    node = (node.operand ?? node.expression) as typeof node;
  if (node.kind === NodeKind["Ternary"]) {
    const { ifThen, ifElse } = node as unknown as Record<"ifThen" | "ifElse", Expression>;
    return isNumberLiteral(ifThen) && isNumberLiteral(ifElse);
  }
  if (node.kind !== NodeKind["Literal"]) return false;
  return (node as unknown as { literalKind: number }).literalKind === LiteralKind["Integer"];
}

/** Tells whether a literal of a number, or one of a choice, is less than 0. */
export function isNegative(literal: Node): boolean {
  const { operator, operand, expression, ifThen, ifElse } = literal as unknown as Record<string, Node> & {
    operator?: number;
  };
  if (literal.kind === NodeKind["UnaryPrefix"]) return operator === Token["Minus"] || isNegative(operand!);
  if (literal.kind === NodeKind["Parenthesized"]) return isNegative(expression!);
  return literal.kind === NodeKind["Ternary"] && (isNegative(ifThen!) || isNegative(ifElse!));
}
