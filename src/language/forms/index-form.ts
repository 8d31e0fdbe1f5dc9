/**
 * `__language_index(i)`: a number as an index, where it is no whole number beyond the end.
 *
 * @module
 */
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { callLibrary, libraryFunction } from "../../transform/compiler/library.js";
import { Types } from "./types.js";

defineForm("__language_index", {
  compile(compiler, call) {
    const code = compiler.compileExpression(call.args[0]!, Types.f64, 1);
    const index = callLibrary(compiler, libraryFunction(compiler, "number", "elementIndex"), [code], call);
    compiler.currentType = Types.i32;
    return index;
  },
  resolve: () => Types.i32,
});
