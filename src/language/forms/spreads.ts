/**
 * Object literals with other objects in them: `{ ...defaults, limit: 5 }`.
 *
 * @module
 */
import type { Class, Compiler, Expression, ObjectLiteralExpression, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isOpenType } from "../../transform/compiler/absent.js";
import { SWALLOW } from "../../transform/compiler/tables.js";
import { sentences } from "../sentences/table.js";
import { isMadeOfInterface } from "../types/interfaces.js";
import { fieldsOf, getterBehind, isInterface, partsOf, tableValue } from "./fields.js";
import { compiled, markedCall } from "../../transform/compiler/nodes.js";
import { refuse } from "./helpers.js";
import { Types } from "./types.js";

/** A class's object: what is spread is taken once, and each field has the last value that is given for it. */
export function compileFields(
  compiler: Compiler,
  literal: ObjectLiteralExpression,
  classOf: Class,
  finish: (full: ObjectLiteralExpression) => number,
): number {
  const parts = partsOf(literal);
  if (parts.every(({ kind }) => kind === "field")) return finish(literal);
  const make = assemblyscript.Node;
  const { module, currentFlow: flow, resolver } = compiler;
  const wanted = new Map(fieldsOf(classOf).map(({ name, type }) => [name, type]));
  const before: number[] = [];
  const given = new Map<string, Expression>();
  /** Has an expression evaluated in its turn; answers what stands for its value afterwards. */
  const take = (value: Expression, type: Type): (() => Expression) => {
    const local = flow.getTempLocal(type);
    const code = compiler.compileExpression(value, type, 1);
    before.push(module.local_set(local.index, code, type.isManaged));
    return () => compiled(module.local_get(local.index, type.toRef()), type, value);
  };
  const last = parts.findLastIndex(({ kind }) => kind === "spread");
  for (const [index, part] of parts.entries()) {
    if (part.kind === "computed") return refuse(compiler, part.key, sentences.computedKey);
    if (part.kind === "field") {
      const { text } = part.name;
      const type = wanted.get(text);
      given.delete(text);
      given.set(text, index < last && type !== undefined ? take(part.value, type)() : part.value);
      continue;
    }
    const type = resolver.resolveExpression(part.value, flow, Types.auto, SWALLOW);
    const from = type?.getClass();
    if (!from || tableValue(type) !== undefined) return refuse(compiler, part.value, sentences.objectSpread);
    if (type!.isNullableReference) return refuse(compiler, part.value, sentences.spreadOfNothing);
    if (getterBehind(from) !== undefined) return refuse(compiler, part.value, sentences.spreadOfGetter);
    const { declaration } = from.prototype;
    const isDeclared = !isInterface(from) && !isMadeOfInterface(from.prototype.name, declaration);
    const object = take(part.value, type!);
    for (const { name, type: own, optional } of fieldsOf(from)) {
      if (!wanted.has(name)) continue;
      const read = (): Expression =>
        make.createPropertyAccessExpression(
          object(),
          make.createIdentifierExpression(name, literal.range),
          literal.range,
        );
      const earlier = given.get(name);
      const mayBeAbsent = optional && (own.isNullableReference || isOpenType(own)) && !isDeclared;
      // An object of a class has the field in any case, one of a literal may not.
      if (mayBeAbsent && earlier !== undefined && isInterface(from))
        return refuse(compiler, part.value, sentences.objectSpread);
      // A field that is absent in a spread object leaves the value of before.
      given.set(
        name,
        earlier === undefined || !mayBeAbsent
          ? read()
          : markedCall("__language_nullish", [read(), earlier], literal),
      );
    }
  }
  const names = [...given.keys()].map((name) => make.createIdentifierExpression(name, literal.range));
  const code = finish(make.createObjectLiteralExpression(names, [...given.values()], literal.range));
  const type = compiler.currentType;
  const whole = module.block(null, [...before, code], type.toRef());
  compiler.currentType = type;
  return whole;
}
