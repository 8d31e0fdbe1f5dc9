/** Compiles programs that must refuse all requests, and sends them some. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createHost } from "../../src/testing/index.js";
import { runAsc, writeNew } from "../../scripts/compilers.js";
import { root } from "../support/paths.js";
import type { GuardProgram } from "./programs.js";

/** Compiles a program of several files without optimizing; answers the module. */
export async function compileProgram(
  { name, files }: GuardProgram,
  more: readonly string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = `.cache/programs/${createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12)}`;
  for (const [file, text] of Object.entries(files)) writeNew(join(root, folder, file), Buffer.from(text));
  const options = ["--config=asconfig.json", "--outFile=plugin.wasm", "--baseDir", root, ...more];
  const { message, files: made } = await runAsc([`${folder}/index.ts`, ...options]);
  assert.equal(message, undefined, `${name}\n${JSON.stringify(files, null, 1)}\n${message}`);
  return made.find(([file]) => file.endsWith(".wasm"))![1];
}

/** Fails at the first program that lets a request pass. */
export async function tryGuards(programs: readonly GuardProgram[]): Promise<void> {
  for (const program of programs) {
    const host = await createHost({ wasm: await compileProgram(program), upstream: "echo" });
    for (let i = 0; i < 2; i++) assert.equal((await host.request({ path: "/" })).status, 401, program.name);
  }
}
