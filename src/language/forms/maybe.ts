/**
 * `__language_maybe(x)`: an element, or a key's value, of which the code asks whether it is there.
 *
 * @module
 */
import type {
  CallExpression,
  Compiler,
  ElementAccessExpression,
  Expression,
  PropertyAccessExpression,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineForm, formOf } from "../../transform/compiler/forms-hook.js";
import { NodeKind } from "../../transform/compiler/compiler.js";
import { absentNumber } from "../../transform/compiler/absent.js";
import { absentBoolean, openBoolean } from "../../transform/compiler/booleans.js";
import { SWALLOW } from "../../transform/compiler/tables.js";
import { indexedType, kindOf } from "./classes.js";
import { bareOf, compiled } from "../../transform/compiler/nodes.js";
import { compileEnumNameOrNull, isEnumName } from "./enum-names.js";
import { callHelper } from "./helpers.js";
import { shapeNames, shapeValue } from "./fields.js";
import { fieldIndex, fieldsByKey, noField, takeField } from "./shape-fields.js";
import { Types, isVoid } from "./types.js";

const make = assemblyscript.Node;

interface Access {
  readonly object: Expression;
  readonly objectType: Type;
  readonly key?: Expression;
  readonly keyType: Type;
  readonly has: string;
  readonly take: string | typeof takeField;
  readonly types: Type[];
  readonly value: Type;
}

type TypeOf = (expression: Expression) => Type | null;

/** The expression in a `__language_maybe(…)`. */
export function maybeOf(expression: Expression): Expression | undefined {
  const bare = bareOf(expression);
  if (formOf(bare) === undefined) return undefined;
  const call = bare as CallExpression;
  return (call.expression as unknown as { text: string }).text === "__language_maybe"
    ? call.args[0]
    : undefined;
}

/** A key of a table as a text. */
function textOf(key: Expression): Expression {
  return make.createTemplateLiteralExpression(null, ["", ""], ["", ""], [key], key.range);
}

/** How it is found out whether something is there; undefined when it always is. */
export function accessOf(expression: Expression, typeOf: TypeOf): Access | undefined {
  let object: Expression;
  let key: Expression | undefined;
  let method: string;
  if (expression.kind === NodeKind["ElementAccess"]) {
    const access = expression as ElementAccessExpression;
    object = access.expression;
    key = access.elementExpression;
    method = "[]";
  } else if (expression.kind === NodeKind["PropertyAccess"]) {
    const { expression: table, property } = expression as PropertyAccessExpression;
    const type = property.text.startsWith("__") ? null : typeOf(table);
    if (type === null || kindOf(type)?.name !== "record/Record") return undefined;
    object = table;
    key = make.createStringLiteralExpression(property.text, property.range);
    method = "[]";
  } else if (expression.kind === NodeKind["Call"]) {
    const { expression: callee, args } = expression as CallExpression;
    if (isElementForm(callee)) return accessTo(args[0]!, args[1], "[]", typeOf);
    if (callee.kind !== NodeKind["PropertyAccess"] || args.length > 1) return undefined;
    const access = callee as unknown as { expression: Expression; property: { text: string } };
    object = access.expression;
    key = args[0];
    method = access.property.text;
  } else return undefined;
  return accessTo(object, key, method, typeOf);
}

/** `__language_element(x, i)`, which is `x[i]` unless `x` is a tuple. */
function isElementForm(callee: Expression): boolean {
  return (
    callee.kind === NodeKind["Identifier"] &&
    (callee as unknown as { text: string }).text === "__language_element"
  );
}

function accessTo(
  object: Expression,
  key: Expression | undefined,
  method: string,
  typeOf: TypeOf,
): Access | undefined {
  const objectType = typeOf(object);
  const kind = objectType === null ? undefined : kindOf(objectType);
  if (kind === undefined || objectType === null) return undefined;
  const base = { object, objectType: objectType.nonNullableType, key, types: kind.types };
  const [first, second] = kind.types;
  if (kind.name === "map/Map" && (method === "get" || method === "[]") && key !== undefined)
    return { ...base, keyType: first!, has: "hasKey", take: "takeKey", value: second! };
  if (kind.name === "record/Record" && method === "[]" && key !== undefined)
    return {
      ...base,
      key: typeOf(key)?.isNumericValue === true ? textOf(key) : key,
      keyType: kind.classOf.program.stringInstance.type,
      has: "record/recordHas",
      take: "record/recordTake",
      value: first!,
    };
  const fields =
    method === "[]" && key !== undefined ? fieldsByKey(kind.classOf, objectType, key, typeOf) : undefined;
  if (fields !== undefined)
    return {
      ...base,
      key: fieldIndex(fields.names, key!),
      keyType: Types.i32,
      has: "record/hasField",
      take: takeField,
      types: [objectType],
      value: fields.value,
    };
  if (kind.name === "array/Array") {
    const array = { ...base, keyType: Types.i32, value: first! };
    if (method === "[]") return { ...array, has: "hasElement", take: "takeElement" };
    if (method === "at") return { ...array, has: "hasRelative", take: "takeRelative" };
    if (method === "pop" && key === undefined) return { ...array, has: "hasAny", take: "takeLast" };
    if (method === "shift" && key === undefined) return { ...array, has: "hasAny", take: "takeFirst" };
  }
  const element = kind.name === "typedarray" ? indexedType(kind) : undefined;
  if (element !== undefined && isNumber(element) && key !== undefined) {
    const array = { ...base, types: [base.objectType], keyType: Types.i32, value: Types.f64 };
    if (method === "[]") return { ...array, has: "hasElementOf", take: "takeElementOf" };
    if (method === "at") return { ...array, has: "hasRelativeOf", take: "takeRelativeOf" };
  }
  if (kind.name === "string/String" && method === "codePointAt" && key !== undefined)
    return {
      ...base,
      types: [],
      keyType: Types.i32,
      has: "hasCharacter",
      take: "takeCodePoint",
      value: Types.i32,
    };
  if (kind.name === "string/String" && (method === "[]" || (method === "at" && key !== undefined)))
    return {
      ...base,
      types: [],
      keyType: Types.i32,
      has: method === "at" ? "hasRelativeCharacter" : "hasCharacter",
      take: method === "at" ? "takeRelativeCharacter" : "takeCharacter",
      value: objectType,
    };
  return undefined;
}

/** Compiles an access: `there` makes code of the value when it is there, `otherwise` is what it is when not. */
export function compileAccess(
  compiler: Compiler,
  access: Access,
  node: Expression,
  finish: (code: number, type: Type) => { code: number; otherwise: number; type: Type },
): number {
  const { module } = compiler;
  const flow = compiler.currentFlow;
  const object = flow.getTempLocal(access.objectType);
  const objectCode = compiler.compileExpression(access.object, access.objectType, 1);
  const key = flow.getTempLocal(access.keyType);
  const keyCode = access.key === undefined ? module.i32(0) : compileKey(compiler, access.key, access.keyType);
  const set = [
    module.local_tee(object.index, objectCode, access.objectType.isManaged),
    module.local_tee(key.index, keyCode, access.keyType.isManaged),
  ];
  const call = (name: string, codes: number[]): number =>
    callHelper(
      compiler,
      name.includes("/") ? name : `maybe/${name}`,
      access.types,
      [compiled(codes[0]!, access.objectType, node), compiled(codes[1]!, access.keyType, node)],
      node,
    );
  const has = call(access.has, set);
  const { take } = access;
  const taken =
    typeof take === "string"
      ? call(take, [
          module.local_get(object.index, access.objectType.toRef()),
          module.local_get(key.index, access.keyType.toRef()),
        ])
      : take(compiler, access.objectType, object.index, key.index, node);
  const { code, otherwise, type } = finish(taken, compiler.currentType);
  compiler.currentType = type;
  return module.if(has, code, otherwise);
}

/** A key; an index that is no whole number is beyond the end. */
function compileKey(compiler: Compiler, key: Expression, type: Type): number {
  const own = typesIn(compiler)(key);
  if (type !== Types.i32 || own?.isFloatValue !== true) return compiler.compileExpression(key, type, 2);
  return callHelper(compiler, "number/elementIndex", [], [key], key);
}

/** Types of expressions where the compiler is. */
export function typesIn(compiler: Compiler): TypeOf {
  return (expression) => compiler.resolver.resolveExpression(expression, compiler.currentFlow, Types.auto, 1);
}

/** Tells whether a type's values are numbers that TypeScript's `number` can hold. */
export function isNumber(type: Type): boolean {
  return type.isNumericValue && type !== Types.bool && (type.isFloatValue || type.size <= 32);
}

defineForm("__language_maybe", {
  compile(compiler, call, contextualType, constraints) {
    const expression = call.args[0]!;
    if (isEnumName(compiler.resolver, expression, compiler.currentFlow))
      return compileEnumNameOrNull(compiler, expression);
    const access = accessOf(expression, typesIn(compiler));
    const isCondition = contextualType === Types.bool;
    const { bool } = Types;
    const known =
      access !== undefined &&
      (access.value.isReference || isCondition || access.value === bool || isNumber(access.value));
    if (!known || isVoid(contextualType))
      return compiler.compileExpression(expression, contextualType, constraints);
    if (access.value === bool)
      return compileAccess(compiler, access, expression, (code, type) => ({
        code,
        otherwise: isCondition ? compiler.module.i32(0) : absentBoolean(compiler),
        type: isCondition ? type : openBoolean,
      }));
    if (!access.value.isReference)
      return compileAccess(compiler, access, expression, (code, type) => ({
        code: compiler.convertExpression(code, type, Types.f64, true, expression),
        otherwise: absentNumber(compiler),
        type: Types.f64,
      }));
    return compileAccess(compiler, access, expression, (code, type) => ({
      code,
      otherwise: compiler.makeZero(type),
      type: type.asNullable(),
    }));
  },
  resolve(resolver, call, flow, type, mode) {
    const found = resolver.resolveExpression(call.args[0]!, flow, type, mode);
    if (isEnumName(resolver, call.args[0]!, flow)) return found?.asNullable() ?? null;
    const access = accessOf(call.args[0]!, (expression) =>
      resolver.resolveExpression(expression, flow, Types.auto, SWALLOW),
    );
    if (found !== null && access !== undefined && isNumber(found)) return Types.f64;
    if (found === Types.bool && access !== undefined && type !== Types.bool) return openBoolean;
    if (found === null || access === undefined || !found.isReference) return found;
    return found.asNullable();
  },
});

/** `limits[plan]`, of which the code does not ask whether it is there. */
defineForm("__language_field", {
  compile(compiler, call) {
    const [object, key] = call.args as [Expression, Expression];
    const access = accessTo(object, key, "[]", typesIn(compiler))!;
    return compileAccess(compiler, access, call, (code, type) => ({
      code,
      otherwise: noField(compiler, shapeNames(access.objectType)!, type, call),
      type,
    }));
  },
  resolve(resolver, call, flow, _type, mode) {
    const type = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
    return type === null ? null : (shapeValue(type) ?? null);
  },
});
