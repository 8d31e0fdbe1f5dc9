/**
 * `__language_code(text, i)`: a character's code, where an index beyond the end is a bug.
 *
 * @module
 */
import type { Expression } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { callHelper } from "./helpers.js";
import { typesIn } from "./maybe.js";

const make = assemblyscript.Node;

/** The call as it is written. */
function written(object: Expression, index: Expression, { range }: Expression): Expression {
  const member = make.createPropertyAccessExpression(
    object,
    make.createIdentifierExpression("charCodeAt", range),
    range,
  );
  return make.createCallExpression(member, null, [index], range);
}

defineForm("__language_code", {
  compile(compiler, call, type, constraints) {
    const [object, index] = call.args as [Expression, Expression];
    const isText = typesIn(compiler)(object)?.getClass() === compiler.program.stringInstance;
    if (!isText) return compiler.compileExpression(written(object, index, call), type, constraints);
    const isFloat = typesIn(compiler)(index)?.isFloatValue === true;
    return callHelper(compiler, isFloat ? "number/charCodeOf" : "number/charCode", [], [object, index], call);
  },
  resolve: (resolver, call, flow, type, mode) =>
    resolver.resolveExpression(written(call.args[0]!, call.args[1]!, call), flow, type, mode),
});
