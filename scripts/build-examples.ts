/** `npm run build:examples [name …]`: writes `examples/<name>/build/<name>.wasm`, release. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runAsc, writeNew } from "./compilers.js";

const examples = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");

/** The names of all examples. */
export function exampleNames(): string[] {
  return readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, "asconfig.json")))
    .sort();
}

/** Builds an example; answers the module's file, which is written anew only when it is another. */
export async function buildExample(name: string): Promise<string> {
  const folder = join(examples, name);
  const outFile = `build/${name}.wasm`;
  const options = ["--config", "asconfig.json", "--target", "release", "--outFile", outFile];
  const { message, files } = await runAsc([...options, "--baseDir", folder]);
  if (message !== undefined) throw new Error(`examples/${name} does not compile:\n${message}`);
  for (const [file, contents] of files) writeNew(join(folder, file), contents);
  return join(folder, outFile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : exampleNames()) {
    const file = await buildExample(name);
    console.log(`examples/${name}/build/${name}.wasm  ${statSync(file).size} bytes`);
  }
}
