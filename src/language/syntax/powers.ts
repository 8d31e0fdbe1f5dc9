/**
 * Numbers that are more than whole ones hold: powers, and literals of many digits.
 *
 * @module
 */
import type { AssignmentExpression, BinaryExpression, NumericLiteral } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { isRepeatable, bare, type Syntax } from "./tree.js";

/** The whole numbers from here on are no i64. */
const TOO_MANY = 2 ** 63;

addRule<NumericLiteral & Syntax>("NumericLiteral", (node, l) => {
  if (node.value < TOO_MANY || !/^[\d_]+$/.test(l.textOf(node))) return undefined;
  // An author who writes the type has whole numbers of 64 bits in mind.
  const line = l.text.slice(l.text.lastIndexOf("\n", node.start) + 1, node.start);
  return /\bu64\b/.test(line) ? undefined : l.make(node, `${l.textOf(node)}.0`);
});

/** `2 ** -1` has a fraction, and `10 ** 12` is no i32: powers are numbers, but for those of 64 bits. */
function power(node: unknown, left: Syntax, right: Syntax, l: Lowering): Piece[] | undefined {
  const isWide = [left, right].some((side) => /<[iu]\d+>|\bas [iu]\d+\b|\dn$/.test(l.textOf(side)));
  if (isWide || isSmallPower(left, right)) return undefined;
  return l.make(node, "(<f64>(", l.lower(left), ") ** <f64>(", l.lower(right), "))");
}

/** `2 ** 10`: a constant that fits. */
function isSmallPower(left: Syntax, right: Syntax): boolean {
  const [base, exponent] = [bare(left), bare(right)];
  if (base.type !== "NumericLiteral" || exponent.type !== "NumericLiteral") return false;
  const value = base.value ** exponent.value;
  return Number.isInteger(value) && value < 2 ** 31 && Number.isInteger(base.value);
}

addRule<BinaryExpression & Syntax>("BinaryExpression", (node, l) =>
  node.operator === "**" ? power(node, node.left as Syntax, node.right as Syntax, l) : undefined,
);

addRule<AssignmentExpression & Syntax>("AssignmentExpression", (node, l) => {
  const left = node.left as Syntax;
  if (node.operator !== "**=" || !isRepeatable(left)) return undefined;
  const value = power(node, left, node.right as Syntax, l);
  return value && l.make(node, l.lower(left), " = ", value);
});
