/**
 * The compiler as the page's worker has it: asc, this package's transform and the SDK's sources, in one file.
 *
 * @module
 */
import { main } from "assemblyscript/asc";
import { sources } from "site:sdk";
import { DIAGNOSTICS_OPTION } from "../../src/diagnostic-module.js";
import ProxyWasmTransform from "../../src/transform/index.js";
import { readDiagnostics } from "./diagnostics.js";
import type { Diagnostic } from "./diagnostics.js";

/** Where the page's source stands, as in a project. */
export const ENTRY = "assembly/index.ts";

/** What became of a source. Without a module there is at least one error. */
export interface Compiled {
  readonly wasm: Uint8Array | undefined;
  /** All that the compiler said. */
  readonly messages: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles as `proxy-wasm-as build` does; with `reasons` the module tells the page why the SDK refuses a call. */
export async function compile(source: string, reasons: boolean): Promise<Compiled> {
  let wasm: Uint8Array | undefined;
  let stderr = "";
  const { error } = await main(
    [
      ...[ENTRY, "--outFile", "plugin.wasm", "--runtime", "minimal"],
      ...["--optimizeLevel", "3", "--shrinkLevel", "2", "--noColors"],
      ...(reasons ? ["--debug", "--use", DIAGNOSTICS_OPTION] : []),
    ],
    {
      transforms: [ProxyWasmTransform as never],
      stdout: stream(() => undefined),
      stderr: stream((text) => (stderr += text)),
      readFile: (name) => readSource(name, source),
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  const said = stderr.replace(/\n*FAILURE \d+ .*$/s, "").trim();
  const messages = said !== "" || error === null ? said : error.message;
  const placed = readDiagnostics(messages, ENTRY);
  const unplaced = { severity: "error" as const, message: messages, line: undefined, column: undefined };
  const diagnostics = error !== null && placed.length === 0 ? [unplaced] : placed;
  return { wasm: error === null ? wasm : undefined, messages, diagnostics };
}

/** A file that the compiler asks for: the page's own, or one of the package's. */
function readSource(name: string, source: string): string | null {
  const path = name.replace(/^(\.\/|\/)+/, "");
  if (path === ENTRY) return source;
  return sources[path.replace(/^node_modules\/proxy-wasm-as\//, "")] ?? null;
}

function stream(write: (text: string) => void): never {
  return { write: (chunk: string | Uint8Array) => (write(textOf(chunk)), true) } as never;
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
}
