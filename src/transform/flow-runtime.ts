/**
 * The runtime that flow needs: one whose collector sees what suspended functions hold, by its shadow stack.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";

/** The compiler's numbers for runtimes. */
const MINIMAL = 1;
const INCREMENTAL = 2;

/** What asc gives the incremental runtime when nobody says. */
const STACK_SIZE = 32768;

/** Compiles with the incremental runtime where the minimal one was asked for. */
export function useIncrementalRuntime(
  program: Program,
  parser: Parser,
  define: (name: string, value: string) => void,
): void {
  define("PROXY_WASM_FLOW", "1");
  const { options } = program;
  if ((options.runtime as number) !== MINIMAL) return;
  options.runtime = INCREMENTAL;
  if (options.stackSize === 0) options.stackSize = STACK_SIZE;
  const replaced = new Set(["~lib/rt/index-minimal.ts", "~lib/rt/tcms.ts"]);
  for (let index = parser.sources.length - 1; index >= 0; index--)
    if (replaced.has(parser.sources[index]!.normalizedPath)) parser.sources.splice(index, 1);
  parser.parseFile('import "./tlsf"; import "./itcms";', "~lib/rt/index-incremental.ts", true);
}
