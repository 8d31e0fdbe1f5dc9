/**
 * Modules with reasons: built beside a module to be shipped, they tell the embedded host why the SDK refuses a call. Tests
 * run them in its place. One belongs to the module whose digest it has; any other is left aside.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { customSection } from "./module-section.js";
import { noteFile } from "./places/index.js";
import { Writer, unsigned } from "./wasm/writer.js";

const SECTION = "proxy-wasm-as.reasons";

/** The option by which asc builds a module with reasons. */
export const REASONS_OPTION = "PROXY_WASM_REASONS=1";

/** The file in which a build leaves the module with reasons that belongs to `file`. */
export function reasonsFile(file: string): string {
  return file.replace(/\.wasm$/, "") + ".reasons.wasm";
}

/** The module with the note that it belongs to `shipped`. */
export function noteOwner(module: Uint8Array, shipped: Uint8Array): Uint8Array {
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

/** The module with reasons that was built beside this one; the module itself where there is none of it. */
export async function withReasons(file: string, module: Uint8Array): Promise<Uint8Array> {
  noteFile(module, file);
  try {
    const other = await readFile(reasonsFile(file));
    const owner = customSection(other, SECTION);
    if (owner !== undefined && new TextDecoder().decode(owner) === digest(module)) {
      noteFile(other, reasonsFile(file));
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
