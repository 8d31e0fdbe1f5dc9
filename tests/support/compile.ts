/** Compiles filters as a user's build does, and remembers the result while nothing changed. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runAsc } from "../../scripts/compilers.js";
import { root } from "./paths.js";

export interface CompileOptions {
  readonly target?: "release" | "debug";
  /** More options of asc. */
  readonly options?: readonly string[];
}

const cache = join(root, ".cache", "filters");

function hashOf(paths: readonly string[], options: readonly string[]): string {
  const hash = createHash("sha256");
  for (const option of options) hash.update(option).update("\0");
  for (const path of paths) {
    const files = path.endsWith(".ts")
      ? [path]
      : readdirSync(path, { recursive: true, encoding: "utf8" })
          .filter((name) => /\.(ts|js|json)$/.test(name) && !name.includes("node_modules"))
          .sort()
          .map((name) => join(path, name));
    for (const file of files) hash.update(file).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 24);
}

/** A filter's source and those that it imports by a relative path. */
function sourcesOf(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file) || !existsSync(file)) return known;
  known.add(file);
  for (const [, path] of readFileSync(file, "utf8").matchAll(/ from "(\.[^"]*)"/g))
    sourcesOf(join(dirname(file), `${path!}.ts`), known);
  return known;
}

/** What changes when the SDK does. */
const sdk = ["assembly", "dist/transform", "dist/language", "dist/abi.js", "package-lock.json"].map((path) =>
  join(root, path),
);

/** Compiles the file `entry` (from the repository's top folder) and answers the module's path. */
export async function compileFilter(entry: string, options: CompileOptions = {}): Promise<string> {
  const { target = "release", options: more = [] } = options;
  const folders = sdk.filter((path) => !path.endsWith(".json") && !path.endsWith(".js"));
  const hash = hashOf([...folders, ...sourcesOf(join(root, entry))], [target, ...more]);
  const file = join(cache, `${basename(entry, ".ts")}.${hash}.wasm`);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const draft = `${file}.${process.pid}`;
  const message = await compile(entry, [`--outFile=${draft}`, `--target=${target}`, ...more]);
  if (message !== undefined) throw new Error(`${entry} does not compile:\n${message}`);
  renameSync(draft, file);
  return file;
}

/** Compiles the text of a filter that has an error; answers what the build says. */
export async function buildError(text: string, options?: TextOptions): Promise<string> {
  const message = await compileText(text, options);
  if (message === undefined) throw new Error(`this compiles:\n${text}`);
  return message;
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
  const message = await compile(entry, all, true);
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
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, "filter.ts"), text);
  return `${folder}/filter.ts`;
}

/** Runs asc with the users' configuration; answers its messages when it fails. */
async function compile(
  entry: string,
  options: readonly string[],
  inMemory = false,
): Promise<string | undefined> {
  const parameters = [entry, "--config=asconfig.json", ...options, "--baseDir", root];
  const { message } = await runAsc(parameters, inMemory);
  return message?.replace(/\x1b\[\d+m/g, "").trimEnd();
}
