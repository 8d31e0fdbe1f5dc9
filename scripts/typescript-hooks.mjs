/** The hooks of `typescript.mjs`, which Node runs in a thread of their own. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cache = join(root, ".cache", "typescript");
const options = { loader: "ts", format: "esm", target: "node20", sourcemap: "inline", sourcesContent: false };

/** What decides the output besides the text. */
const compiler = `${readFileSync(join(root, "node_modules/esbuild/package.json"), "utf8")}${JSON.stringify(options)}`;

/** A `.ts` file imports others as `.js`, which they become. */
export async function resolve(specifier, context, next) {
  if (/^\.\.?\/.*\.js$/.test(specifier) && context.parentURL?.includes(".ts")) {
    const url = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
    if (existsSync(fileURLToPath(url))) return { url: url.href, format: "module", shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:" || !pathname.endsWith(".ts")) return next(url, context);
  const path = fileURLToPath(`file://${pathname}`);
  return { format: "module", source: await javaScript(path), shortCircuit: true };
}

/** The JavaScript of a file, which is kept by what it is made from. */
async function javaScript(path) {
  const text = readFileSync(path, "utf8");
  const name = createHash("sha256").update(compiler).update(`\0${path}\0`).update(text).digest("hex");
  const file = join(cache, `${name.slice(0, 32)}.js`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    // not compiled yet
  }
  const { transform } = await import("esbuild");
  const { code } = await transform(text, { ...options, sourcefile: path });
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}
