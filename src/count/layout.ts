/**
 * The facts about a module's functions and globals that are needed to put code into it.
 *
 * @module
 */
import { readImports } from "../wasm/interface.js";
import { SectionId, sectionsOf } from "../wasm/reader.js";
import { UncountedError } from "../wasm/instructions.js";

export interface Layout {
  /** How many parameters the function types have, by type. */
  readonly params: number[];
  /** The types of the functions that the module defines. */
  readonly functions: number[];
  importedFunctions: number;
  importedGlobals: number;
  /** How many globals the module defines. */
  globals: number;
}

const FUNCTION_TYPE = 0x60;

export function layoutOf(binary: Uint8Array): Layout {
  const layout: Layout = { params: [], functions: [], importedFunctions: 0, importedGlobals: 0, globals: 0 };
  for (const { id, content } of sectionsOf(binary)) {
    if (id === SectionId.Global) layout.globals = content.uint();
    else if (id === SectionId.Function) layout.functions.push(...content.list(() => content.uint()));
    else if (id === SectionId.Type)
      content.list(() => {
        if (content.byte() !== FUNCTION_TYPE)
          throw new UncountedError("the module has types that are not those of functions");
        layout.params.push(content.vector().length);
        content.vector();
      });
    else if (id === SectionId.Import)
      for (const { kind } of readImports(content)) {
        if (kind === "function") layout.importedFunctions++;
        else if (kind === "global") layout.importedGlobals++;
      }
  }
  return layout;
}
