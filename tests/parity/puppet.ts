import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { runAsc } from "../../scripts/compilers.js";
import { root } from "../support/paths.js";

const source = "tests/parity/filters/puppet.ts";

/** The module that does what scenarios say, compiled when it has changed. */
export async function compilePuppet(): Promise<string> {
  const files = [source, "tests/parity/filters/asconfig.json", "assembly/abi/imports.ts"];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  const folder = join(root, ".cache", "filters");
  const path = join(folder, `puppet.${hash.digest("hex").slice(0, 24)}.wasm`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const options = ["--config=tests/parity/filters/asconfig.json", `--outFile=${draft}`, "--baseDir", root];
  const { message } = await runAsc([source, ...options]);
  if (message !== undefined) throw new Error(message);
  renameSync(draft, path);
  return path;
}
