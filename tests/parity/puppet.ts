import { runAsc } from "../../scripts/compilers.js";
import { keepModule } from "../support/compile.js";
import { root } from "../support/paths.js";

const source = "tests/parity/filters/puppet.ts";

/** The module that does what scenarios say. */
export async function compilePuppet(): Promise<string> {
  const options = ["--config=tests/parity/filters/asconfig.json", "--outFile=puppet.wasm", "--baseDir", root];
  const { message, files } = await runAsc([source, ...options]);
  if (message !== undefined) throw new Error(message);
  return keepModule("puppet", files);
}
