/**
 * The objects of closures, made in the running compiler: function objects, and the places of variables that change.
 *
 * @module
 */
import type { Compiler, Function as CompiledFunction, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";

/** The module that has the classes of closures. */
export const CLOSURE_MODULE = "~lib/proxy-wasm-as/assembly/language/closure";

export const { TypeRef } = assemblyscript as unknown as { TypeRef: Record<string, number> };

/** The compiler's own methods and fields that its types hide. */
export type Inside = Omit<Compiler, "compileFunction"> & {
  functionTable: CompiledFunction[];
  currentType: Type;
  compileFunction(instance: CompiledFunction): boolean;
};

/** The class of that name in the module of closures, resolved. */
export function classNamed({ program }: Inside, name: string): { id: number; type: Type } {
  const file = program.filesByName.get(CLOSURE_MODULE)!;
  const prototype = file.getMember(name) as never;
  return program.resolver.resolveClass(prototype, null) as unknown as { id: number; type: Type };
}

/** Allocates an object of that class. */
export function allocate(compiler: Inside, size: number, className: string): number {
  const { module, program } = compiler;
  compiler.compileFunction(program.newInstance);
  const { id } = classNamed(compiler, className);
  return module.call(program.newInstance.internalName, [module.i32(size), module.i32(id)], TypeRef["I32"]!);
}
