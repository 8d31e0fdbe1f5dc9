/**
 * Puts the SDK's own memory manager in the place of the compiler's: assembly/memory/heap.ts, under the runtime `minimal`.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import type { Layout } from "../compiler/layout.js";
import { requireGlobal, setBody, setGlobal } from "./expressions.js";
import { PACKAGE } from "../source/syntax.js";
import type { Makers } from "./collector-visits.js";
import { dropVisitors } from "./collector-visits.js";

/** The compiler's number for the runtime `minimal`. */
export const MINIMAL = 1;

/** The entry's import of the heap. */
export const HEAP_IMPORT = 'import "./assembly/memory/heap";';

const HEAP = `${PACKAGE}assembly/memory/heap`;
/** The compiler's own, where the data ends. */
const BASE = "~lib/memory/__heap_base";
const COLLECT = `${PACKAGE}assembly/runtime/collector/collectGarbage`;

const MAKERS: Makers = {
  create: `${HEAP}/create`,
  passing: new Set([`${HEAP}/__new`, "~lib/rt/__newArray", "~lib/rt/__newBuffer"]),
  copying: new Set([`${HEAP}/__renew`]),
};

/** The compiler's own, which the runtime's entry imports. */
const REPLACED = ["~lib/rt/tlsf.ts", "~lib/rt/tcms.ts"];

const PAGE = 65536;

/** Tells whether the SDK's memory manager is used. */
export function usesHeap({ options }: Program): boolean {
  return (options.runtime as number) === MINIMAL;
}

/** Takes the compiler's memory manager out of the sources. */
export function removeRuntime(parser: Parser): void {
  for (const path of REPLACED) {
    const source = parser.sources.find(({ normalizedPath }) => normalizedPath === path);
    if (source === undefined)
      throw new BuildError(`this compiler has no ${path}; use AssemblyScript 0.28.20.`);
    source.statements.length = 0;
  }
}

/** The variables of the heap that say where its memory is. */
const BOUNDS = ["start", "fixed", "run", "runEnd", "ahead", "end", "total", "due"] as const;

/** Fails the build where the module does not have the variables that `setBounds` sets; code that uses them cannot be written then. */
export function checkBounds(module: binaryenTypes.Module): void {
  if (module.getFunction(MAKERS.create) === 0) return;
  if (module.getGlobal(BASE) === 0)
    throw new BuildError(
      "this compiler does not say where a module's data ends, which the heap needs; use AssemblyScript 0.28.20.",
    );
  for (const name of BOUNDS) requireGlobal(module, `${HEAP}/${name}`);
}

/** Tells the heap where its memory begins and ends. A module that never allocates needs no collector either. */
export function setBounds(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  program: Program,
  layout: Layout,
  optimized: boolean,
): void {
  // The bytes that the heap keeps at its end: a header without the memory manager's part.
  const header = layout.object - layout.managerBytes;
  const { options } = program;
  const base = module.getGlobal(BASE);
  if (base !== 0) {
    const { init } = binaryen.getGlobalInfo(base);
    const { value } = binaryen.getExpressionInfo(init) as unknown as { value: number };
    const start = Math.ceil(value / layout.alignment) * layout.alignment;
    let limit = Math.max(Math.ceil(value / PAGE), options.initialMemory) * PAGE;
    if (start === limit) {
      // The data ends with a page, so that there is no room for a header.
      limit += PAGE;
      const initialize = module.getFunction("~start");
      const { body } = binaryen.getFunctionInfo(initialize);
      const grow = module.drop(module.memory.grow(module.i32.const(1)));
      setBody(binaryen, initialize, module.block(null, [grow, body]));
    }
    const end = limit - header;
    const total = limit - start;
    const values = { start, fixed: start, run: start, runEnd: end, ahead: end, end, total, due: total >> 1 };
    for (const name of BOUNDS) setGlobal(module, binaryen, `${HEAP}/${name}`, values[name]);
  }
  if (!optimized) return;
  // The passes follow constants. The functions that remain are those that the module can reach.
  const passes = ["dae-optimizing", "simplify-globals-optimizing", "remove-unused-module-elements"];
  module.runPasses(passes);
  dropVisitors(module, binaryen, program, layout, MAKERS);
  // The globals that are never set to anything else can be found only now.
  module.runPasses(passes);
  const collect = module.getFunction(COLLECT);
  if (module.getFunction(`${HEAP}/create`) === 0 && collect !== 0) setBody(binaryen, collect, module.nop());
}
