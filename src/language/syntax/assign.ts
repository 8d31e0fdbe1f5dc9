/**
 * `Object.assign(object, { a: 1, b })` as a statement: the fields are given their values one by one, once all values are there.
 *
 * @module
 */
import type { ObjectExpression } from "@babel/types";
import type { Lowering } from "./lowering.js";
import type { Piece } from "./pieces.js";
import { isRepeatable, type Syntax } from "./tree.js";

/** The statements for `Object.assign(target, literal)`; undefined where they would mean something else. */
export function assignFields(
  node: Syntax,
  target: Syntax,
  others: readonly Syntax[],
  l: Lowering,
): Piece[] | undefined {
  const [literal] = others;
  if (l.parent(node)?.type !== "ExpressionStatement" || others.length !== 1) return undefined;
  if (literal!.type !== "ObjectExpression" || !isRepeatable(target)) return undefined;
  const { properties } = literal as ObjectExpression;
  const values: Piece[] = [];
  const fields: Piece[] = [];
  for (const property of properties) {
    if (property.type !== "ObjectProperty" || property.computed || property.key.type !== "Identifier")
      return undefined;
    const value = property.value as Syntax;
    const name = property.key.name;
    // One alone is evaluated before its field has changed, and a literal has the type of its field.
    const isDirect = properties.length === 1 || /^(String|Numeric|Boolean|Null)Literal$/.test(value.type);
    const kept = isDirect ? "" : l.name("field");
    if (!isDirect) values.push(...l.make(value, `const ${kept} = `, l.lower(value), "; "));
    fields.push(...l.make(value, l.lower(target), `.${name} = `, isDirect ? l.lower(value) : kept, "; "));
  }
  return l.make(node, "{ ", values, fields, "}");
}
