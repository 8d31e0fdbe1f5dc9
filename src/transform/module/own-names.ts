/**
 * Completes assembly/context/own-names.ts, which tells two plugins without a name apart.
 *
 * @module
 */
import type { Source } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { createHash } from "node:crypto";
import type { CompilerHooks } from "../compiler/compiler.js";
import { PACKAGE } from "../source/syntax.js";
import { setBody, setGlobal } from "./expressions.js";

const OWN_NAMES = `${PACKAGE}assembly/context/own-names`;

/**
 * Tells the module what its sources are. If the compiler has compiled nothing that asks for names, the note of the configuration
 * is taken out: it compiles only what is used.
 */
export function completeOwnNames(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  sources: readonly Source[],
): void {
  const note = module.getFunction(`${OWN_NAMES}/noteConfiguration`);
  if (note === 0) return;
  if (module.getFunction(`${OWN_NAMES}/ownName`) === 0) return setBody(binaryen, note, module.nop());
  const hash = createHash("sha256");
  for (const text of sources.map((source) => source.text).sort()) hash.update(text).update("\0");
  setGlobal(module, binaryen, `${OWN_NAMES}/sources`, hash.digest().readInt32LE());
}
