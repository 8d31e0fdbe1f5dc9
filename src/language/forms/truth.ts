/**
 * `__language_truth(x)`: the result of a function that is given to `filter` and the like, which may be a text or a number.
 *
 * @module
 */
import * as assemblyscript from "assemblyscript";
import { Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { typesIn } from "./maybe.js";
import { Types } from "./types.js";

const make = assemblyscript.Node;

defineForm("__language_truth", {
  compile(compiler, call, type, constraints) {
    const value = call.args[0]!;
    if (type !== Types.bool || typesIn(compiler)(value) === Types.bool)
      return compiler.compileExpression(value, type, constraints);
    const not = make.createUnaryPrefixExpression(Token["Exclamation"]!, value, call.range);
    return compiler.compileExpression(
      make.createUnaryPrefixExpression(Token["Exclamation"]!, not, call.range),
      type,
      constraints,
    );
  },
  resolve: (resolver, call, flow, type, mode) => resolver.resolveExpression(call.args[0]!, flow, type, mode),
});
