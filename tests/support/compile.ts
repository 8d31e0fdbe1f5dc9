/** Compiles filters as a user's build does. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { type Compiled, runAsc, writeNew } from "../../scripts/compilers.js";
import { root } from "./paths.js";

export interface CompileOptions {
  readonly target?: "release" | "debug";
  /** More options of asc. */
  readonly options?: readonly string[];
  /**
   * Says that sizes, counts or the optimizer are what is tested. `npm test` leaves out the optimizing of all other releases, which
   * takes three times as long as the rest; `npm run test:optimized` does it, as a test file does that is run by itself.
   */
  readonly optimized?: boolean;
}

/** Compiles the file `entry` (from the repository's top folder) and answers the module's path. */
export async function compileFilter(entry: string, options: CompileOptions = {}): Promise<string> {
  const {
    target = "release",
    options: more = [],
    optimized = process.env["UNOPTIMIZED"] === undefined,
  } = options;
  const name = basename(entry, ".ts");
  const levels = optimized || more.some((option) => option.startsWith("-O")) ? [] : ["-O0"];
  const parameters = [`--outFile=${name}.wasm`, `--target=${target}`, ...levels, ...more];
  const { message, files } = await compile(entry, parameters);
  if (message !== undefined) throw new Error(`${entry} does not compile:\n${message}`);
  return keepModule(name, files);
}

/** Writes a module under a name of its own, with what belongs to it, and answers its path. */
export function keepModule(name: string, files: Compiled["files"]): string {
  const module = files.find(([file]) => file === `${name}.wasm`)![1];
  const hash = createHash("sha256").update(module).digest("hex").slice(0, 24);
  const path = join(root, ".cache", "filters", `${name}.${hash}.wasm`);
  for (const [file, contents] of files) writeNew(path + file.slice(`${name}.wasm`.length), contents);
  return path;
}

/** Compiles the text of a filter that has an error; answers what the build says. */
export async function buildError(text: string, options?: TextOptions): Promise<string> {
  const message = await compileText(text, options);
  if (message === undefined) throw new Error(`this compiles:\n${text}`);
  return message;
}

/** Compiles the text of a filter; answers the build's warnings. */
export async function buildWarnings(text: string): Promise<string> {
  const entry = writeText(text);
  const { message, warnings = "" } = await compile(entry, ["--outFile=never.wasm"]);
  if (message !== undefined) throw new Error(`this does not compile:\n${message}\n${text}`);
  return warnings.replaceAll(entry, "filter.ts");
}

export interface TextOptions {
  readonly options?: readonly string[];
  readonly config?: string;
}

/** Compiles the text of a filter; answers what the build says when it fails. */
export async function compileText(
  text: string,
  { options = [], config = "asconfig.json" }: TextOptions = {},
): Promise<string | undefined> {
  const entry = writeText(text);
  const all = ["--outFile=never.wasm", `--config=${config}`, ...options];
  const { message } = await compile(entry, all);
  return message?.replaceAll(entry, "filter.ts");
}

/** Compiles the text of a filter and answers the module's path. */
export function compileFilterText(text: string, options?: CompileOptions): Promise<string> {
  return compileFilter(writeText(text), options);
}

/** Keeps the text as a file, and answers its path from the repository's top folder. */
function writeText(text: string): string {
  const name = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const folder = `.cache/texts/${name}`;
  writeNew(join(root, folder, "filter.ts"), Buffer.from(text));
  return `${folder}/filter.ts`;
}

const plain = (text: string | undefined): string | undefined => text?.replace(/\x1b\[\d+m/g, "");

/** Runs asc with the users' configuration; answers its messages when it fails. */
async function compile(entry: string, options: readonly string[]): Promise<Compiled> {
  const parameters = [entry, "--config=asconfig.json", ...options, "--baseDir", root];
  const { message, warnings, files } = await runAsc(parameters);
  return { message: plain(message)?.trimEnd(), warnings: plain(warnings), files };
}
