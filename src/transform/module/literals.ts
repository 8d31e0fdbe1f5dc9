/**
 * The addresses of literals under names, while passes run. An optimizer that sees a number adds and subtracts other numbers,
 * after which nobody can tell which literal was meant: `"0123".charCodeAt(digit - 48)` reads from 96 bytes before the text.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { Layout } from "../compiler/layout.js";
import { isObject, segmentsOf } from "./static-data.js";
import { functionsOf, infoOf, replaceExpressions, setBody } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];

const PREFIX = "~literal|";

/** Puts imported globals in the place of all constants that are addresses of literals. */
export function nameLiterals(module: binaryenTypes.Module, binaryen: Binaryen, layout: Layout): void {
  const addresses = new Set(
    segmentsOf(module)
      .filter((segment) => isObject(segment, layout))
      .map(({ offset }) => offset + layout.object),
  );
  const named = new Set<number>();
  const name = (expression: number): number | undefined => {
    if (binaryen.getExpressionId(expression) !== binaryen.ConstId) return undefined;
    const { value, type } = infoOf(binaryen, expression);
    if (type !== binaryen.i32 || !addresses.has(value as number)) return undefined;
    named.add(value as number);
    return module.global.get(`${PREFIX}${value as number}`, binaryen.i32);
  };
  replaceEverywhere(module, binaryen, name);
  for (const address of named) {
    const global = `${PREFIX}${address}`;
    module.addGlobalImport(global, PREFIX, String(address), binaryen.i32, false);
  }
}

/** Puts the constants back; answers the addresses that code still refers to. */
export function unnameLiterals(module: binaryenTypes.Module, binaryen: Binaryen): Set<number> {
  const referred = new Set<number>();
  replaceEverywhere(module, binaryen, (expression) => {
    if (binaryen.getExpressionId(expression) !== binaryen.GlobalGetId) return undefined;
    const name = infoOf(binaryen, expression)["name"] as string;
    if (!name.startsWith(PREFIX)) return undefined;
    const address = Number(name.slice(PREFIX.length));
    referred.add(address);
    return module.i32.const(address);
  });
  for (const name of globalNames(module, binaryen)) if (name.startsWith(PREFIX)) module.removeGlobal(name);
  return referred;
}

/** Replaces expressions in functions and in what globals begin with. */
function replaceEverywhere(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  replace: (expression: number) => number | undefined,
): void {
  for (const { name, base, body } of functionsOf(module, binaryen)) {
    if (base) continue;
    const whole = replace(body);
    if (whole === undefined) replaceExpressions(binaryen, body, replace);
    else setBody(binaryen, module.getFunction(name), whole);
  }
  for (const name of globalNames(module, binaryen)) {
    const { base, type, mutable, init } = binaryen.getGlobalInfo(module.getGlobal(name));
    const whole = base ? undefined : replace(init);
    if (whole === undefined) continue;
    module.removeGlobal(name);
    module.addGlobal(name, type, mutable, whole);
  }
}

function globalNames(module: binaryenTypes.Module, binaryen: Binaryen): string[] {
  return Array.from(
    { length: module.getNumGlobals() },
    (_, index) => binaryen.getGlobalInfo(module.getGlobalByIndex(index)).name,
  );
}
