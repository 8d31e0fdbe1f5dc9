/**
 * Diagnostic modules: built beside a module to be shipped, they tell the embedded host why the SDK refuses a call. Tests
 * run them in its place. One belongs to the module whose digest it has; any other is left aside.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { customSection } from "./module-section.js";
import { noteFile } from "./places/index.js";
import { Writer, unsigned } from "./wasm/writer.js";

const SECTION = "proxy-wasm-as.diagnostic";

/** The option by which asc builds a diagnostic module. */
export const DIAGNOSTICS_OPTION = "PROXY_WASM_DIAGNOSTICS=1";

/** The file in which a build leaves the diagnostic module that belongs to `file`. */
export function diagnosticFile(file: string): string {
  return file.replace(/\.wasm$/, "") + ".diagnostic.wasm";
}

/** The module with the note that it belongs to `shipped`. */
export function withOwner(module: Uint8Array, shipped: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(SECTION);
  const content = new TextEncoder().encode(digest(shipped));
  const size = unsigned(1 + name.length + content.length);
  return new Writer()
    .add(module)
    .add(Uint8Array.of(0, ...size, name.length))
    .add(name)
    .add(content)
    .bytes();
}

/** The diagnostic module that was built beside this one; the module itself where there is none of it. */
export async function diagnosticModule(file: string, module: Uint8Array): Promise<Uint8Array> {
  noteFile(module, file);
  try {
    const other = await readFile(diagnosticFile(file));
    const owner = customSection(other, SECTION);
    if (owner !== undefined && new TextDecoder().decode(owner) === digest(module)) {
      noteFile(other, diagnosticFile(file));
      return other;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  return module;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
