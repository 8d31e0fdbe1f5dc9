/** `npm run build:examples [name …]`: writes `examples/<name>/build/<name>.wasm`, release. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runAsc } from "./compilers.js";

const examples = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");

/** The names of all examples. */
export function exampleNames(): string[] {
  return readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, "asconfig.json")))
    .sort();
}

/** The newest change of a file, or below a folder, in milliseconds. */
function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether an example's module is newer than all that it is made of. */
function isFresh(folder: string, file: string): boolean {
  if (!existsSync(file)) return false;
  const root = join(examples, "..");
  const sources = ["assembly", "asconfig.json", "dist/transform", "dist/language", "package-lock.json"].map(
    (path) => join(root, path),
  );
  sources.push(join(folder, "assembly"), join(folder, "asconfig.json"));
  return sources.every((path) => newest(path) < statSync(file).mtimeMs);
}

/** Builds an example, unless nothing changed since; answers the module's file. */
export async function buildExample(name: string): Promise<string> {
  const folder = join(examples, name);
  const outFile = `build/${name}.wasm`;
  if (isFresh(folder, join(folder, outFile))) return join(folder, outFile);
  const options = ["--config", "asconfig.json", "--target", "release", "--outFile", outFile];
  const { message } = await runAsc([...options, "--baseDir", folder]);
  if (message !== undefined) throw new Error(`examples/${name} does not compile:\n${message}`);
  return join(folder, outFile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : exampleNames()) {
    const file = await buildExample(name);
    console.log(`examples/${name}/build/${name}.wasm  ${statSync(file).size} bytes`);
  }
}
