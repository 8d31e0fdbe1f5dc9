/**
 * What assembly/context/own-names.ts notes of a configuration, in modules that have no use for it.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { PACKAGE } from "../source/syntax.js";
import { setBody } from "./expressions.js";

const OWN_NAMES = `${PACKAGE}assembly/context/own-names`;

/** Takes the note out where the compiler has compiled nothing that asks for names: it compiles only what is used. */
export function dropUnusedNotes(module: binaryenTypes.Module, binaryen: CompilerHooks["binaryen"]): void {
  const note = module.getFunction(`${OWN_NAMES}/noteConfiguration`);
  if (note !== 0 && module.getFunction(`${OWN_NAMES}/ownName`) === 0) setBody(binaryen, note, module.nop());
}
