/**
 * The functions of the SDK that the build calls for a user's source. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Compiler, Function as CompiledFunction, Node, Type } from "assemblyscript";

/** The folder of the functions that the language front end calls. */
const FOLDER = "~lib/proxy-wasm-as/assembly/language/";

/** The function `name` of the file `file` of assembly/language, compiled; for generic ones with types. */
export function libraryFunction(
  compiler: Compiler,
  file: string,
  name: string,
  types: readonly Type[] | null = null,
): CompiledFunction {
  const { program } = compiler;
  const prototype = program.filesByName.get(FOLDER + file)?.getMember(name);
  const instance = program.resolver.resolveFunction(prototype as never, types as never);
  if (instance === null || !compiler.compileFunction(instance)) throw new Error(`${file} has no ${name}`);
  return instance;
}

/** A call of such a function with operands that are compiled already. */
export function callLibrary(
  compiler: Compiler,
  instance: CompiledFunction,
  operands: readonly number[],
  place: Node,
): number {
  return compiler.makeCallDirect(instance, [...operands], place);
}
