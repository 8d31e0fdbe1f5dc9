/** Compiles programs that must refuse all requests, and sends them some. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main as asc } from "assemblyscript/asc";
import { createHost } from "../../src/testing/index.js";
import { root } from "../support/paths.js";
import type { GuardProgram } from "./programs.js";

/** Compiles a program of several files without optimizing; answers the module. */
async function compileProgram({ name, files }: GuardProgram): Promise<Uint8Array<ArrayBuffer>> {
  const folder = `.cache/programs/${createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12)}`;
  mkdirSync(join(root, folder), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, folder, file), text);
  let module: Uint8Array<ArrayBuffer> | undefined;
  const options = ["--config=asconfig.json", "--outFile=plugin.wasm", "--baseDir", root];
  const { error, stderr } = await asc([`${folder}/index.ts`, ...options], {
    writeFile: (_, contents) => void (module = contents as unknown as Uint8Array<ArrayBuffer>),
  });
  assert.equal(error, null, `${name}\n${JSON.stringify(files, null, 1)}\n${stderr.toString()}`);
  return module!;
}

/** Fails at the first program that lets a request pass. */
export async function tryGuards(programs: readonly GuardProgram[]): Promise<void> {
  for (const program of programs) {
    const host = await createHost({ wasm: await compileProgram(program), upstream: "echo" });
    for (let i = 0; i < 2; i++) assert.equal((await host.request({ path: "/" })).status, 401, program.name);
  }
}
