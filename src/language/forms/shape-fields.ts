/**
 * `limits[plan]`: a field of an object literal by its name, where all fields are of one type.
 *
 * @module
 */
import type { Compiler, ElementAccessExpression, Expression, Node, Program, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { LiteralKind, NodeKind, Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { compiled, markedCall } from "../../transform/compiler/nodes.js";
import { shapeNames, shapeValue } from "./fields.js";
import { SWALLOW, tables } from "../../transform/compiler/tables.js";
import { isText } from "../../transform/compiler/texts.js";
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

/** The names of the fields of an object literal, and their one type, where a key that only run time knows takes one of them. */
export function fieldsByKey(
  { program }: { readonly program: Program },
  type: Type | null,
  key: Expression,
  typeOf: (expression: Expression) => Type | null,
): { readonly names: readonly string[]; readonly value: Type } | undefined {
  const names = shapeNames(type);
  const value = names === undefined || type === null ? undefined : shapeValue(type);
  // A literal that names no field is refused, as it is in TypeScript.
  if (names === undefined || value === undefined || key.kind === NodeKind["Literal"]) return undefined;
  return isText(program, typeOf(key)) ? { names, value } : undefined;
}

/** The field that a literal key names: `limits["pro"]` is `limits.pro`. */
export function namedField(type: Type | null, key: Expression): string | undefined {
  const names = shapeNames(type);
  if (names === undefined || key.kind !== NodeKind["Literal"]) return undefined;
  const { literalKind, value } = key as unknown as { literalKind: number; value: unknown };
  return literalKind === LiteralKind["String"] ? names.find((name) => name === value) : undefined;
}

/** `object.name` of an object that a variable of the compiler's holds. */
function fieldOf(compiler: Compiler, type: Type, object: number, name: string, place: Node): Expression {
  const own = compiled(compiler.module.local_get(object, type.toRef()), type, place);
  const property = make.createIdentifierExpression(name, place.range);
  return make.createPropertyAccessExpression(own, property, place.range);
}

/** The code at the place that a variable of the compiler's says; `otherwise`, or the last, for all other values. */
function choose({ module }: Compiler, index: number, codes: readonly number[], otherwise?: number): number {
  const { i32 } = assemblyscript.Type;
  const is = (at: number): number =>
    module.binary(BinaryOp["EqI32"]!, module.local_get(index, i32.toRef()), module.i32(at));
  const all = otherwise === undefined ? codes : [...codes, otherwise];
  return all.reduceRight((rest, code, at) => module.if(is(at), code, rest));
}

/** The bug that an object has no field of the name that was asked for. */
export function noField(compiler: Compiler, names: readonly string[], value: Type, place: Node): number {
  const list = make.createStringLiteralExpression(names.join(", "), place.range);
  return callHelper(compiler, "record/noField", [value], [list], place);
}

/** `limits[plan] = value` */
export function assignField(
  compiler: Compiler,
  { expression: object, elementExpression: key, range }: ElementAccessExpression,
  given: Expression,
  contextualType: Type,
): number {
  const { module, currentFlow: flow, resolver } = compiler;
  const type = resolver.resolveExpression(object, flow, Types.auto, SWALLOW)!;
  const names = shapeNames(type)!;
  const valueType = shapeValue(type)!;
  const keep = (expression: Expression, own: Type): { index: number; code: number } => {
    const { index } = flow.getTempLocal(own);
    const code = compiler.compileExpression(expression, own, 1);
    return { index, code: module.local_set(index, code, own.isManaged) };
  };
  const kept = [keep(object, type), keep(fieldIndex(names, key), Types.i32), keep(given, valueType)] as const;
  const [owner, field, value] = kept;
  const get = (): number => module.local_get(value.index, valueType.toRef());
  const assignments = names.map((name) => {
    const target = fieldOf(compiler, type, owner.index, name, object);
    const assigned = make.createBinaryExpression(
      Token["Equals"]!,
      target,
      compiled(get(), valueType, object),
      range,
    );
    return compiler.compileExpression(assigned, assemblyscript.Type.void, 1);
  });
  const none = module.drop(noField(compiler, names, valueType, object));
  const code = [...kept.map((part) => part.code), choose(compiler, field.index, assignments, none)];
  compiler.currentType = isVoid(contextualType) ? contextualType : valueType;
  return isVoid(contextualType)
    ? module.block(null, code)
    : module.block(null, [...code, get()], valueType.toRef());
}

/** Code that takes the field of a number, which is one of the fields'. */
export function takeField(
  compiler: Compiler,
  type: Type,
  object: number,
  index: number,
  place: Node,
): number {
  const value = shapeValue(type)!;
  const fields = shapeNames(type)!.map((name) =>
    compiler.compileExpression(fieldOf(compiler, type, object, name, place), value, 1),
  );
  compiler.currentType = value;
  return choose(compiler, index, fields);
}
