/**
 * `limits[plan]`: a field of an object literal by its name, where all fields are of one type.
 *
 * @module
 */
import type { Compiler, Expression, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { compiled, markedCall } from "../../transform/compiler/nodes.js";
import { shapeNames, shapeValue } from "./fields.js";
import { tables } from "../../transform/compiler/tables.js";
import { callHelper } from "./helpers.js";
import { Types } from "./types.js";

const make = assemblyscript.Node;
const { BinaryOp } = tables as Record<"BinaryOp", Record<string, number>>;

/** The number of the field that has a name; -1 where none has it. */
export function fieldIndex(names: readonly string[], key: Expression): Expression {
  const list = make.createStringLiteralExpression(names.join(" "), key.range);
  return markedCall("__language_field_index", [list, key], key);
}

defineForm("__language_field_index", {
  compile: (compiler, call) => callHelper(compiler, "record/fieldIndex", [], call.args, call),
  resolve: () => Types.i32,
});

/** The names of the fields, and their type, of an object whose fields can be taken by a name that only run time knows. */
export function fieldsByName(
  type: Type | null,
): { readonly names: readonly string[]; readonly value: Type } | undefined {
  const names = shapeNames(type);
  const value = names === undefined || type === null ? undefined : shapeValue(type);
  return names === undefined || value === undefined ? undefined : { names, value };
}

/** Code that takes the field of a number, which is one of the fields'. */
export function takeField(
  compiler: Compiler,
  type: Type,
  object: number,
  index: number,
  node: Expression,
): number {
  const { module } = compiler;
  const { names, value } = fieldsByName(type)!;
  const fields = names.map((name) => {
    const own = compiled(module.local_get(object, type.toRef()), type, node);
    const property = make.createIdentifierExpression(name, node.range);
    return compiler.compileExpression(
      make.createPropertyAccessExpression(own, property, node.range),
      value,
      1,
    );
  });
  const is = (at: number): number =>
    module.binary(BinaryOp["EqI32"]!, module.local_get(index, Types.i32.toRef()), module.i32(at));
  const code = fields.reduceRight((rest, field, at) => module.if(is(at), field, rest));
  compiler.currentType = value;
  return code;
}
