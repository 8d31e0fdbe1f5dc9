/**
 * Random handlers: text that means the same as AssemblyScript, where its waits suspend a flow, and as plain JavaScript,
 * where they answer at once.
 */
import ts from "typescript";
import { ClosureGenerator } from "./closures.js";
import { assemblyScript, javaScript } from "./library.js";

export interface GeneratedModule {
  /** The filter. */
  readonly text: string;
  /** What case `k` answers to `input`, by plain JavaScript; undefined when it would take too long. */
  expected(k: number, input: number): string | undefined;
}

/** Writes a module of `cases` handlers. */
export function generateModule(seed: number, cases: number): GeneratedModule {
  const program = new ClosureGenerator(seed, 4).program(cases);
  const branches = Array.from({ length: cases }, (_, k) => `    case ${k}: return case${k}(input);`);
  const run = `function run(k: i32, input: i32): string {\n  switch (k) {\n${branches.join("\n")}\n    default: return "";\n  }\n}`;
  const text = `${assemblyScript}${program}\n${run}\nregisterFlow("", (x: Exchange): void => {
  const n = I32.parseInt(x.request.headers.get("x-id")!);
  x.respond(200, run(n % ${cases}, n / ${cases}));
});\n`;
  const source = ts.transpileModule(`${program}\n${run}`, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      useDefineForClassFields: false,
    },
  }).outputText;
  const call = new Function(
    `${javaScript}${source}\nreturn (k, input) => { waits = 0; return run(k, input); };`,
  )() as (k: number, input: number) => string;
  return {
    text,
    expected(k, input) {
      try {
        return call(k, input);
      } catch (error) {
        if (error instanceof Error && error.message === "too long") return undefined;
        throw error;
      }
    },
  };
}
