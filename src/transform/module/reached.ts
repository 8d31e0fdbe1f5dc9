/**
 * Tells whether the compiled module really registers what its sources say, when it starts.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { Registrations } from "../program/registrations.js";
import { registering } from "../program/registrations.js";
import { calleesOf } from "./calls.js";
import { functionsOf } from "./expressions.js";

/** Fails the build when nothing is registered while the module starts, or less than stands at the top of its files. */
export function checkReached(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  { calls }: Registrations,
): void {
  const bodies = new Map(
    functionsOf(module, binaryen).map(({ name, base, body }) => [name, base ? 0 : body]),
  );
  const reached = new Set(["~start"]);
  let registered = 0;
  let throughTable = false;
  for (const name of reached) {
    const body = bodies.get(name);
    if (body === undefined || body === 0) continue;
    const text = binaryen.emitText(body);
    throughTable ||= text.includes("(call_indirect ");
    for (const callee of calleesOf(text)) {
      if (registering.some((one) => callee.name === one || callee.name.startsWith(`${one}<`)))
        registered += callee.times;
      reached.add(callee.name);
    }
  }
  const direct = calls.filter(({ isDirect }) => isDirect).length;
  if (registered >= direct && (registered > 0 || throughTable)) return;
  const where = calls[0];
  throw new BuildError(
    "this is not called while the module starts, so the filter would let everything pass; call it at the top of the entry file, or of a file that the entry imports.",
    where?.call.range,
  );
}
