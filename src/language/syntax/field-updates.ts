/**
 * `counts[kind]++` of a variable that holds an object literal: a field by its name is set, and read, by code of its own.
 *
 * @module
 */
import type { AssignmentExpression, MemberExpression, UpdateExpression } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { bare, walk, type Syntax } from "./tree.js";

/** `counts[kind]`; undefined for any other target. */
function fieldOf(node: unknown, l: Lowering): (MemberExpression & Syntax) | undefined {
  const target = bare(node);
  if (target.type !== "MemberExpression" || !target.computed) return undefined;
  const { object, property } = target;
  let key = bare(property);
  while (key.type === "TSAsExpression" || key.type === "TSNonNullExpression") key = bare(key.expression);
  if (key.type !== "Identifier") return undefined;
  const isField =
    object.type === "MemberExpression" && object.object.type === "ThisExpression" && !object.computed;
  const holder = isField ? object.property : object;
  if (holder.type !== "Identifier") return undefined;
  return holdsLiteral(holder.name, isField ? "ClassProperty" : "VariableDeclarator", l) ? target : undefined;
}

/** Tells whether a variable or a field of this name, without a type, begins as an object literal. */
function holdsLiteral(name: string, kind: "ClassProperty" | "VariableDeclarator", l: Lowering): boolean {
  let holds = false;
  walk(l.root, (node) => {
    if (node.type !== kind) return;
    const [id, value] = node.type === "ClassProperty" ? [node.key, node.value] : [node.id, node.init];
    const typed = (node.type === "ClassProperty" ? node : id) as { typeAnnotation?: unknown };
    if (id.type === "Identifier" && id.name === name && !typed.typeAnnotation && value)
      holds ||= bare(value).type === "ObjectExpression";
  });
  return holds;
}

function updated(node: Syntax, field: Syntax, operator: string, value: Piece[], l: Lowering): Piece[] {
  return l.make(node, l.lower(field), " = ", l.lower(field), ` ${operator} `, value);
}

addRule<AssignmentExpression & Syntax>(
  "AssignmentExpression",
  (node, l) => {
    const operator = /^([-+*/%&|^]|<<|>>>?)=$/.exec(node.operator)?.[1];
    const field = operator === undefined ? undefined : fieldOf(node.left, l);
    if (operator === undefined || field === undefined) return undefined;
    return updated(node, field, operator, l.make(node, "(", l.lower(node.right), ")"), l);
  },
  true,
);

addRule<UpdateExpression & Syntax>(
  "UpdateExpression",
  (node, l) => {
    const parent = l.parent(node);
    const isStatement =
      parent?.type === "ExpressionStatement" || (parent?.type === "ForStatement" && parent.update === node);
    const field = node.prefix || isStatement ? fieldOf(node.argument, l) : undefined;
    return field && updated(node, field, node.operator[0]!, l.make(node, "1"), l);
  },
  true,
);
