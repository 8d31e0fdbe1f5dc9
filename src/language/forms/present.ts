/**
 * `__language_present(x)`: a value that was found not to be null before. If it may have changed, it is checked again. With `true`
 * behind it there is no check if the place takes null as well.
 *
 * @module
 */
import type { Compiler, Expression, Type } from "assemblyscript";
import { defineForm } from "../../transform/compiler/forms-hook.js";

/** The compiler's own method that its types hide. */
interface Inside {
  makeRuntimeNonNullCheck(code: number, type: Type, place: Expression): number;
}

defineForm("__language_present", {
  compile(compiler, call, contextualType) {
    const [value] = call.args as [Expression];
    const code = compiler.compileExpression(value, contextualType);
    const type = compiler.currentType;
    if (!type.isNullableReference || (call.args.length > 1 && contextualType.isNullableReference))
      return code;
    compiler.currentType = type.nonNullableType;
    if (compiler.currentFlow.isNonnull(code, type) || compiler.options.noAssert) return code;
    return (compiler as Compiler & Inside).makeRuntimeNonNullCheck(code, type, value);
  },
  resolve(resolver, call, flow, contextualType, mode) {
    const type = resolver.resolveExpression(call.args[0]!, flow, contextualType, mode);
    return type?.isNullableReference === true ? type.nonNullableType : type;
  },
});
