/**
 * `list[i++] += x`, `next().n++`: what stands before the operator is evaluated once. The compiler reads and writes it as if it
 * were written twice.
 *
 * @module
 */
import type {
  AssignmentExpression,
  ExpressionStatement,
  MemberExpression,
  UpdateExpression,
} from "@babel/types";
import { addRule } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { isRepeatable, bare, methodCall, walk, type Syntax } from "./tree.js";

type Compound = (AssignmentExpression | UpdateExpression) & Syntax;

/** The member that an operator reads and writes, if it does harm to evaluate that twice. */
function targetOf(node: Compound): (MemberExpression & Syntax) | undefined {
  if (node.type === "AssignmentExpression" && !/^[-+*/%&|^<>]+=$/.test(node.operator)) return undefined;
  const target = bare(node.type === "AssignmentExpression" ? node.left : node.argument);
  if (target.type !== "MemberExpression" || isRepeatable(target)) return undefined;
  return target;
}

addRule<ExpressionStatement & Syntax>(
  "ExpressionStatement",
  (statement, l) => {
    const node = bare(statement.expression);
    if (node.type !== "AssignmentExpression" && node.type !== "UpdateExpression") return undefined;
    const target = targetOf(node);
    if (target === undefined || !acts(target)) return undefined;
    const parts: Piece[] = [];
    const hold = (part: Syntax, what: string): Piece[] => {
      if (isRepeatable(part)) return l.lower(part);
      const name = l.name(what);
      parts.push(...l.make(part, `const ${name} = `, l.lower(part), "; "));
      return l.make(part, name);
    };
    const object = hold(target.object as Syntax, "object");
    const property = target.property as Syntax;
    const whole = target.computed
      ? l.make(target, object, "[", hold(property, "key"), "]")
      : l.make(target, object, ".", l.lower(property));
    const rest =
      node.type === "AssignmentExpression"
        ? l.make(node, whole, ` ${node.operator} `, l.lower(node.right))
        : l.make(node, whole, node.operator);
    return l.make(statement, "{ ", parts, rest, "; }");
  },
  true,
);

for (const type of ["AssignmentExpression", "UpdateExpression"])
  addRule<Compound>(
    type,
    (node, l) => {
      const target = targetOf(node);
      return target !== undefined && acts(target) ? l.refuse(node, "chainedAssignment") : undefined;
    },
    true,
  );

const reading = /^(at|get|find|findLast|charAt|slice|keys|values|entries)$/;

/** Tells whether an expression does more than to read. */
function acts(node: Syntax): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === "UpdateExpression" || inner.type === "AssignmentExpression") found = true;
    if (inner.type === "NewExpression") found = true;
    if (inner.type === "CallExpression" && !reading.test(methodCall(inner)?.method ?? "")) found = true;
    return !found;
  });
  return found;
}
