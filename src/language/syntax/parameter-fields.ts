/**
 * Fields that are declared as parameters of a derived class's constructor, with defaults.
 *
 * @module
 */
import type { AssignmentPattern, CallExpression } from "@babel/types";
import { askedDefault, type AnyFunction } from "./functions.js";
import { addRule } from "./lowering.js";
import { walk, type Syntax } from "./tree.js";

/** `super()`: fields are set before it here, so that those whose parameter was undefined are set again behind it. */
addRule<CallExpression>(
  "CallExpression",
  (node, l) => {
    if ((node.callee as Syntax).type !== "Super") return undefined;
    const statement = l.parent(node as Syntax);
    const method = statement && l.parent(l.parent(statement) ?? statement);
    if (statement?.type !== "ExpressionStatement" || method?.type !== "ClassMethod") return undefined;
    const owner = method as unknown as AnyFunction;
    const fields = (owner.params as Syntax[])
      .filter((param) => param.type === "TSParameterProperty" && askedDefault(param, owner, l) !== undefined)
      .map((param) => {
        const { left } = (param as unknown as { parameter: AssignmentPattern }).parameter;
        return (left as { name: string }).name;
      });
    if (fields.length === 0) return undefined;
    const body = l.parent(method);
    for (const member of (body as unknown as { body: Syntax[] }).body)
      if (member.type === "ClassProperty" && !member.static && member.value)
        for (const name of fields)
          if (mentionsField(member.value as Syntax, name)) l.refuse(member.value, "fieldOfDefault");
    return [...l.inside(node), ...l.make(node, fields.map((name) => `; this.${name} = ${name}`).join(""))];
  },
  true,
);

function mentionsField(value: Syntax, name: string): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.type !== "MemberExpression" || node.computed) return;
    found ||=
      (node.object as Syntax).type === "ThisExpression" && (node.property as { name?: string }).name === name;
  });
  return found;
}
