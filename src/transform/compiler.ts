/**
 * The parts of the running AssemblyScript compiler that a transform touches. Node kinds are read from the compiler at
 * run time: its numbers change between releases (0.28.17 inserted one), and TypeScript would inline them.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import type binaryen from "assemblyscript/binaryen";

/** A syntax node's kind by name, for example `NodeKind["ClassDeclaration"]`. */
export const NodeKind = (assemblyscript as unknown as { NodeKind: Record<string, number> }).NodeKind;

/** What asc calls on a transform, and what it puts on its prototype before. */
export interface CompilerHooks {
  program: Program;
  baseDir: string;
  stderr: { write(text: string): void };
  afterParse?(parser: Parser): void | Promise<void>;
  afterInitialize?(program: Program): void | Promise<void>;
  afterCompile?(module: binaryen.Module): void | Promise<void>;
}
