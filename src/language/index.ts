/**
 * The language front end: compiles the TypeScript of a user's sources that AssemblyScript does not parse, or takes for something
 * else. Constructs are lowered before the compiler parses (`syntax/`), or compiled with types by forms of their own (`forms/`);
 * what cannot be had is refused in a sentence that says what to write (`sentences/`).
 *
 * @module
 */
import type { Parser, Program, Source } from "assemblyscript";
import { adviseOn } from "../transform/compiler/advice.js";
import type { CompilerHooks } from "../transform/compiler/compiler.js";
import { lowerSources } from "../transform/compiler/parser-hook.js";
import "./forms/arrays.js";
import "./forms/char-codes.js";
import "./forms/index-form.js";
import "./forms/iterate.js";
import "./forms/maybe.js";
import "./forms/nullish.js";
import "./forms/keys.js";
import "./forms/optional.js";
import "./forms/present.js";
import "./forms/guarded.js";
import "./forms/regexes.js";
import "./forms/truth.js";
import "./forms/typeof.js";
import "./syntax/char-codes.js";
import "./syntax/classes.js";
import "./syntax/ends.js";
import "./syntax/exceptions.js";
import "./syntax/field-updates.js";
import "./syntax/functions.js";
import "./syntax/globals.js";
import "./syntax/library.js";
import "./syntax/loops.js";
import "./syntax/modules.js";
import "./syntax/narrowing.js";
import "./syntax/null.js";
import "./syntax/objects.js";
import "./syntax/parameter-fields.js";
import "./syntax/patterns.js";
import "./syntax/powers.js";
import "./syntax/predicates.js";
import "./syntax/regexes.js";
import "./syntax/repeated.js";
import "./syntax/shapes.js";
import "./syntax/spread.js";
import "./syntax/types.js";
import "./syntax/void.js";
import { advice } from "./sentences/advice.js";
import { lowerText } from "./syntax/lowering.js";
import { checkAbstractFields } from "./types/abstract-fields.js";
import { prepareTypes } from "./types/index.js";

/** Turns the front end off: `"use": ["PROXY_WASM_ASSEMBLYSCRIPT=1"]` in asconfig.json. */
const PLAIN = "PROXY_WASM_ASSEMBLYSCRIPT";

/** The steps of the front end after the compiler's own. */
export interface Language {
  afterParse(parser: Parser): void;
  /** Once the transform has made its changes to the syntax trees. */
  prepareTypes(parser: Parser, sources: readonly Source[]): void;
  afterInitialize(program: Program): void;
}

/** Sets the front end up for a compilation that has not begun; undefined when it is turned off. */
export function installLanguage({ program }: CompilerHooks): Language | undefined {
  if (program.options.globalAliases?.get(PLAIN) === "1") return undefined;
  adviseOn(program, advice);
  lowerSources(program, (text, path) =>
    path.startsWith("~lib/") || path.endsWith(".d.ts") ? undefined : lowerText(text, path),
  );
  return {
    afterParse() {},
    prepareTypes: (parser, sources) => prepareTypes(program, parser, sources),
    afterInitialize: checkAbstractFields,
  };
}
