/**
 * `typeof x === "string"`, marked as `__language_typeof(x, "string")`; with `true` behind it where it is unequal. A value that
 * may be null or undefined is checked while the module runs; the result of any other is known.
 *
 * @module
 */
import type { CallExpression, Compiler, Expression, Program, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isAbsent, isOpenType } from "../../transform/compiler/absent.js";
import { openBoolean } from "../../transform/compiler/booleans.js";
import { Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { typesIn } from "./maybe.js";
import { Types } from "./types.js";

/** The result of `typeof` for values of a type that are not null. */
function nameOf(program: Program, type: Type): string {
  if (type === Types.bool || type === openBoolean) return "boolean";
  if (type.isNumericValue) return type.isIntegerValue && type.size === 64 ? "bigint" : "number";
  if (type.getSignature() !== null) return "function";
  return type.getClass() === program.stringInstance ? "string" : "object";
}

function compileTypeof(compiler: Compiler, call: CallExpression): number {
  const [value, text, unequal] = call.args as [Expression, Expression, Expression?];
  const { module, program } = compiler;
  const make = assemblyscript.Node;
  const type = typesIn(compiler)(value);
  const negated = unequal !== undefined;
  const wanted = (text as unknown as { value: string }).value;
  const isOther = type !== null && nameOf(program, type) !== wanted;
  if (type?.isNullableReference === true && !isOther) {
    const operator = Token[negated ? "Equals_Equals_Equals" : "Exclamation_Equals_Equals"]!;
    const nothing = make.createNullExpression(call.range);
    return compiler.compileExpression(
      make.createBinaryExpression(operator, value, nothing, call.range),
      Types.bool,
    );
  }
  const code = compiler.compileExpression(value, Types.auto);
  compiler.currentType = Types.bool;
  if (type !== null && isOpenType(type) && !isOther) {
    const absent = isAbsent(compiler, code, type);
    return negated ? absent : module.if(absent, module.i32(0), module.i32(1));
  }
  return module.block(null, [module.drop(code), module.i32(isOther === negated ? 1 : 0)], Types.bool.toRef());
}

defineForm("__language_typeof", { compile: compileTypeof, resolve: () => Types.bool });
