/**
 * Which functions call which, and which may therefore wait.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";
import { functionsOf } from "./module-check.js";

interface Calls {
  /** By name. */
  readonly direct: ReadonlySet<string>;
  /** By the type of what is called through the table. */
  readonly indirect: ReadonlySet<string>;
}

/** The calls of a compiled module. */
export class CallGraph {
  private readonly calls = new Map<string, Calls>();
  /** The functions that are in the table, by type. */
  private readonly tabled = new Map<string, string>();

  constructor(module: binaryenTypes.Module, binaryen: CompilerHooks["binaryen"]) {
    const types = typeNames(module);
    for (const info of functionsOf(module, binaryen)) {
      if (info.module) continue;
      this.calls.set(info.name, callsOf(binaryen.emitText(info.body), types));
    }
    for (const name of functionsInTable(module, binaryen)) {
      const info = binaryen.getFunctionInfo(module.getFunction(name));
      this.tabled.set(name, `${info.params}>${info.results}`);
    }
  }
}
