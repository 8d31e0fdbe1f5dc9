/**
 * Adds advice to messages of the compiler: the line below a message says what to write instead. Tried with AssemblyScript 0.28.9
 * to 0.28.20.
 *
 * @module
 */
import type { Program, Range, Source } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isUserSource } from "../source/syntax.js";
import { around, once } from "./patches.js";

/** "Expression is never 'null'." */
const NEVER_NULL = 210;

/** The advice for a message with two arguments; undefined where there is none. */
export type Advice = (code: number, first: string, second: string) => string | undefined;

interface Emitter {
  diagnostics: { message: string; range: (Range & { source: Source }) | null }[];
}

const wanted = new WeakMap<object, Advice>();

/** Has a program's messages about users' sources followed by advice. */
export function adviseOn(program: Program, advice: Advice): void {
  // A parser, resolver and compiler have the list of their program.
  wanted.set((program as unknown as Emitter).diagnostics, advice);
  install();
}

const install = once(() => {
  const { DiagnosticEmitter } = assemblyscript as unknown as { DiagnosticEmitter: { prototype: object } };
  around<
    (
      this: Emitter,
      code: number,
      category: number,
      range: unknown,
      related: unknown,
      ...args: (string | null)[]
    ) => void
  >(
    DiagnosticEmitter.prototype,
    "emitDiagnostic",
    (original) =>
      function (code, category, range, related, ...args) {
        // `map.get(key)!` is how TypeScript writes what is never null here.
        const isUsers = range !== null && isUserSource((range as { source: Source }).source);
        if (code === NEVER_NULL && isUsers && wanted.has(this.diagnostics)) return;
        const known = this.diagnostics.length;
        original.call(this, code, category, range, related, ...args);
        const message = this.diagnostics[known];
        const advise = wanted.get(this.diagnostics);
        if (advise === undefined || !message?.range || !isUserSource(message.range.source)) return;
        const more = advise(code, args[0] ?? "", args[1] ?? "");
        if (more !== undefined) message.message += `\n  ${more}`;
      },
  );
});
