/**
 * The output file of a build that names none. Without one, asc would print the module's text to the terminal.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";

/** The output file of a build that names none. */
export const DEFAULT_OUTPUT = "build/plugin.wasm";

/**
 * Makes asc write `build/plugin.wasm` and say so, in place of printing text. asc asks the module for its text only when
 * a text file is wanted, or no file at all; the latter is when it did not ask for the binary before.
 */
export function writeDefaultOutput(module: binaryenTypes.Module, hooks: CompilerHooks): void {
  if (wantsText(hooks.baseDir)) return;
  const { emitBinary, emitStackIR } = module as binaryenTypes.Module & { emitStackIR(): string };
  let emitted = false;
  Object.assign(module, {
    emitBinary(...parameters: Parameters<typeof emitBinary>) {
      emitted = true;
      return emitBinary.apply(module, parameters);
    },
    emitStackIR() {
      if (emitted) return emitStackIR.call(module);
      const binary = (emitBinary as () => Uint8Array).call(module);
      void hooks.writeFile(DEFAULT_OUTPUT, binary, hooks.baseDir);
      return `wrote ${DEFAULT_OUTPUT}, ${binary.length} bytes (--outFile FILE writes elsewhere)\n`;
    },
  });
}

/** Tells whether the command line or the project's asconfig.json asks for a text file. */
function wantsText(baseDir: string): boolean {
  if (process.argv.some((argument) => /^(-t|--textFile)\b/.test(argument))) return true;
  const flag = process.argv.indexOf("--config");
  const config = flag < 0 ? "asconfig.json" : process.argv[flag + 1]!;
  try {
    return readFileSync(resolve(baseDir, config), "utf8").includes('"textFile"');
  } catch {
    return false; // no configuration file: no text file in it
  }
}
