/**
 * The parts of the running AssemblyScript compiler that a transform touches. Node kinds are read from the compiler at
 * run time: its numbers change between releases (0.28.17 inserted one), and TypeScript would inline them.
 *
 * @module
 */
import type { Parser, Program, Source } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { libraryFiles as files } from "assemblyscript/asc";
import type binaryen from "assemblyscript/binaryen";

interface CompilerTables {
  NodeKind: Record<string, number>;
  LiteralKind: Record<string, number>;
  CommonFlags: Record<string, number>;
  Token: Record<string, number>;
  SourceKind: Record<string, number>;
  DiagnosticCategory: Record<string, number>;
  Parser: new () => Parser;
}

const tables = assemblyscript as unknown as CompilerTables;

/** A syntax node's kind by name, for example `NodeKind["ClassDeclaration"]`. */
export const NodeKind = tables.NodeKind;

/** A literal's kind by name. */
export const LiteralKind = tables.LiteralKind;

/** A declaration's flag by name, for example `CommonFlags["Static"]`. */
export const CommonFlags = tables.CommonFlags;

/** A token by name. */
export const Token = tables.Token;

/** Tells whether a build names an option: `--use NAME=1`. */
export function namesOption({ options }: Program, name: string): boolean {
  return options.globalAliases?.has(name) === true;
}

/** Tells whether a program is of the compiler that this package finds: another copy of the compiler has other classes. */
export function isOwnCompiler(program: Program): boolean {
  return program instanceof (assemblyscript as unknown as { Program: new () => Program }).Program;
}

/** Tells whether a source was named as an entry of the compilation, so that the module exports what it exports. */
export function isEntry({ sourceKind }: Source): boolean {
  return (sourceKind as number) === tables.SourceKind["UserEntry"];
}

/** Tells whether the compiler has reported an error so far. */
export function hasErrors(program: Program): boolean {
  const { diagnostics } = program as unknown as { diagnostics: readonly { category: number }[] };
  return diagnostics.some(({ category }) => category === tables.DiagnosticCategory["Error"]);
}

/** A parser of the running compiler. */
export function newParser(): Parser {
  return new tables.Parser();
}

/** The compiler's own library, by path without `~lib/` and `.ts`. */
export const libraryFiles: Record<string, string> = files;

/** A transform as asc calls it, with the fields that asc puts on its prototype before. */
export interface CompilerHooks {
  program: Program;
  binaryen: typeof binaryen;
  baseDir: string;
  stderr: { write(text: string): void };
  writeFile(name: string, contents: Uint8Array | string, baseDir: string): void | Promise<void>;
  afterParse?(parser: Parser): void | Promise<void>;
  afterInitialize?(program: Program): void | Promise<void>;
  afterCompile?(module: binaryen.Module): void | Promise<void>;
}
