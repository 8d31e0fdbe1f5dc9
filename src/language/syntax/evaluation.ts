/**
 * How values and statements are evaluated, by the text: which uses only ask for a value, and which statements are left.
 *
 * @module
 */
import { bare, walk, type Syntax } from "./tree.js";

/** The types of nodes with functions. */
export const functions =
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassMethod|ClassPrivateMethod|ObjectMethod)$/;

/** Tells whether a value is never null, as it is written. */
export function isSurelyThere(value: Syntax): boolean {
  if (value.type === "ConditionalExpression")
    return isSurelyThere(bare(value.consequent)) && isSurelyThere(bare(value.alternate));
  return /^(StringLiteral|TemplateLiteral|NumericLiteral|BooleanLiteral|NewExpression|ArrayExpression|ObjectExpression|ArrowFunctionExpression|FunctionExpression|TSNonNullExpression|BinaryExpression)$/.test(
    value.type,
  );
}

/** Tells whether a use only asks for the value, or gives another one. */
export function isTested(node: Syntax, parent: Syntax): boolean {
  const is = (other: unknown): boolean => bare(other) === node;
  switch (parent.type) {
    case "BinaryExpression":
      return /^[=!]==?$|^instanceof$/.test(parent.operator);
    case "LogicalExpression":
      return is(parent.left);
    case "UnaryExpression":
      return /^(!|typeof|delete|void)$/.test(parent.operator);
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return is(parent.test);
    case "OptionalMemberExpression":
      return is(parent.object) && parent.optional;
    case "OptionalCallExpression":
      return is(parent.callee) && parent.optional;
    case "AssignmentExpression":
    case "ForOfStatement":
    case "ForInStatement":
      return is(parent.left);
    case "MemberExpression":
      return !parent.computed && is(parent.property);
    case "ObjectProperty":
      return !parent.computed && is(parent.key) && !parent.shorthand;
    case "TSNonNullExpression":
    case "UpdateExpression":
    case "ExpressionStatement":
    case "TSAsExpression":
      return true;
    case "VariableDeclarator":
      return is(parent.id);
    default:
      return /^(TS|Class|Import|Export)|Pattern$/.test(parent.type);
  }
}

/** Tells whether what stands behind a statement is never reached by way of it. */
export function exits(node: Syntax): boolean {
  if (/^(Return|Throw|Break|Continue)Statement$/.test(node.type)) return true;
  if (node.type === "BlockStatement") {
    const last = node.body.at(-1) as Syntax | undefined;
    return last !== undefined && exits(last);
  }
  return (
    node.type === "IfStatement" &&
    Boolean(node.alternate) &&
    exits(node.consequent as Syntax) &&
    exits(node.alternate as Syntax)
  );
}

/** Tells whether a loop may be left by `break`. */
export function hasBreak(body: Syntax): boolean {
  let breaks = false;
  walk(body, (node) => {
    if (node.type === "BreakStatement") breaks = true;
    return !functions.test(node.type);
  });
  return breaks;
}
