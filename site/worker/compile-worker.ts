/**
 * The worker that compiles. The compiler arrives when it is first asked for: three megabytes, packed.
 *
 * @module
 */
import type { Compiled, compile } from "./compiler.js";
import { loadPacked } from "./packed.js";

/** What the page asks. */
export interface CompileOrder {
  /** Undefined only fetches the compiler. */
  readonly source: string | undefined;
  /** Whether the module tells the page why the SDK refuses a call; one that is shipped does not. */
  readonly reasons: boolean;
}

/** What it is told: first `loaded`, once the compiler is there, then the outcome of each order. */
export type CompileAnswer = { readonly loaded: true } | { readonly compiled: Compiled };

interface Compiler {
  readonly compile: typeof compile;
}

const post = (answer: CompileAnswer): void => globalThis.postMessage(answer);

let compiler: Promise<Compiler> | undefined;

globalThis.onmessage = async ({ data }: MessageEvent<CompileOrder>) => {
  try {
    compiler ??= loadPacked<Compiler>("compiler.bin");
    const { compile: run } = await compiler;
    post({ loaded: true });
    if (data.source !== undefined) post({ compiled: await run(data.source, data.reasons) });
  } catch (error) {
    compiler = undefined;
    const message = error instanceof Error ? error.message : String(error);
    const diagnostics = [{ severity: "error" as const, message, line: undefined, column: undefined }];
    post({ compiled: { wasm: undefined, messages: message, diagnostics } });
  }
};
