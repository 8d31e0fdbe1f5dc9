/**
 * `limits[plan]`: a field of an object literal by its name, where all fields are of one type.
 *
 * @module
 */
import type { Compiler, ElementAccessExpression, Expression, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { compiled, markedCall } from "../../transform/compiler/nodes.js";
import { shapeNames, shapeValue } from "./fields.js";
import { SWALLOW, tables } from "../../transform/compiler/tables.js";
import { callHelper } from "./helpers.js";
import { Types, isVoid } from "./types.js";

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

export function isText(type: Type | null): boolean {
  const classOf = type?.getClass();
  return !!classOf && classOf === classOf.program.stringInstance;
}

/** The field that a literal key names: `limits["pro"]` is `limits.pro`. */
export function namedField(type: Type | null, key: Expression): string | undefined {
  const names = shapeNames(type);
  if (names === undefined || key.kind !== NodeKind["Literal"]) return undefined;
  const { literalKind, value } = key as unknown as { literalKind: number; value: unknown };
  return literalKind === LiteralKind["String"] ? names.find((name) => name === value) : undefined;
}

/** `limits[plan] = value` */
export function assignField(
  compiler: Compiler,
  access: ElementAccessExpression,
  value: Expression,
  contextualType: Type,
): number {
  const { module, currentFlow: flow, resolver } = compiler;
  const { expression: object, elementExpression: key } = access;
  const type = resolver.resolveExpression(object, flow, Types.auto, SWALLOW)!;
  const fields = fieldsByName(type)!;
  const set = (expression: Expression, own: Type): { index: number; code: number } => {
    const { index } = flow.getTempLocal(own);
    return {
      index,
      code: module.local_set(index, compiler.compileExpression(expression, own, 1), own.isManaged),
    };
  };
  const owner = set(object, type);
  const field = set(fieldIndex(fields.names, key), Types.i32);
  const given = set(value, fields.value);
  const get = (index: number, own: Type): Expression =>
    compiled(module.local_get(index, own.toRef()), own, access);
  const assignments = fields.names.map((name) => {
    const property = make.createIdentifierExpression(name, access.range);
    const target = make.createPropertyAccessExpression(get(owner.index, type), property, access.range);
    const assignment = make.createBinaryExpression(
      Token["Equals"]!,
      target,
      get(given.index, fields.value),
      access.range,
    );
    return compiler.compileExpression(assignment, assemblyscript.Type.void, 1);
  });
  const list = make.createStringLiteralExpression(fields.names.join(", "), access.range);
  const none = module.drop(callHelper(compiler, "record/noField", [fields.value], [list], access));
  const is = (at: number): number =>
    module.binary(BinaryOp["EqI32"]!, module.local_get(field.index, Types.i32.toRef()), module.i32(at));
  const code = [
    ...[owner, field, given].map((part) => part.code),
    assignments.reduceRight((rest, assignment, at) => module.if(is(at), assignment, rest), none),
  ];
  if (isVoid(contextualType)) {
    compiler.currentType = contextualType;
    return module.block(null, code);
  }
  compiler.currentType = fields.value;
  return module.block(
    null,
    [...code, module.local_get(given.index, fields.value.toRef())],
    fields.value.toRef(),
  );
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
