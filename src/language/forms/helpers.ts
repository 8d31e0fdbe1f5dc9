/**
 * Calling the front end's own functions, which are in AssemblyScript (`assembly/language/`), with types.
 *
 * @module
 */
import type {
  Class,
  ClassPrototype,
  Compiler,
  Element,
  Expression,
  Function,
  FunctionPrototype,
  Node,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import { say } from "../../transform/compiler/say.js";

const FOLDER = "~lib/proxy-wasm-as/assembly/language/";

function element(program: Program, path: string): Element {
  const found = program.elementsByName.get(FOLDER + path);
  if (found === undefined) throw new Error(`assembly/language/${path} is not there`);
  return found;
}

/** The function `name` of a file of `assembly/language/`, for the given types. */
export function helper(resolver: Resolver, path: string, types: Type[]): Function | null {
  return resolver.resolveFunction(element(resolver.program, path) as FunctionPrototype, types);
}

/** The class `name` of a file of `assembly/language/`, for the given types. */
export function helperClass(resolver: Resolver, path: string, types: Type[]): Class | null {
  return resolver.resolveClass(element(resolver.program, path) as ClassPrototype, types);
}

/** Calls a function of `assembly/language/`. */
export function callHelper(
  compiler: Compiler,
  path: string,
  types: Type[],
  args: Expression[],
  node: Node,
): number {
  const target = helper(compiler.resolver, path, types);
  return target === null ? compiler.module.unreachable() : compiler.compileCallDirect(target, args, node);
}

/** Makes an object of a class of `assembly/language/`. */
export function newHelper(
  compiler: Compiler,
  path: string,
  types: Type[],
  args: Expression[],
  node: Node,
): number {
  const target = helperClass(compiler.resolver, path, types);
  const constructor = target?.constructorInstance;
  if (!constructor) return compiler.module.unreachable();
  return compiler.compileInstantiate(constructor, args, 0, node);
}

/** Says that an expression cannot be used so. */
export function refuse(compiler: Compiler, node: Node, text: string): number {
  say(compiler, node, text);
  return compiler.module.unreachable();
}
