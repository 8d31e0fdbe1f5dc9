/**
 * Bundles for browsers, of sources that are written for Node.
 *
 * @module
 */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BuildOptions, Plugin } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const shims = join(root, "site/shims");

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** The modules that take the place of Node's. */
const shimOf: Readonly<Record<string, string>> = {
  fs: "fs.ts",
  "fs/promises": "fs.ts",
  module: "module.ts",
  crypto: "crypto.ts",
  zlib: "zlib.ts",
  "timers/promises": "timers.ts",
};

/** Modules of Node that packages import where they run in Node only. */
const unused = ["url", "stream", "tty", "os", "util", "events", "vm"];

/** Resolves Node's modules, and leaves out what only tests in Node need. */
const browser: Plugin = {
  name: "browser",
  setup(plugin) {
    plugin.onResolve({ filter: /^(node:)?[a-z/]+$/ }, ({ path, kind }) => {
      if (kind === "entry-point") return undefined;
      const name = path.replace(/^node:/, "");
      const shim = shimOf[name];
      if (shim !== undefined) return { path: join(shims, shim) };
      if (name === "path") return { path: join(root, "node_modules/path-browserify/index.js") };
      if (unused.includes(name)) return { path: name, namespace: "unused" };
      return undefined;
    });
    plugin.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
    // Binaryen is a file of its own, which both workers read: the page's start does not wait for it.
    plugin.onResolve({ filter: /^(binaryen|assemblyscript\/binaryen)$/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path, namespace: "binaryen" },
    );
    plugin.onLoad({ filter: /.*/, namespace: "binaryen" }, () => ({
      contents: `import { loadPacked } from "./packed.js";
        export default (await loadPacked("binaryen.bin")).default;`,
      resolveDir: join(root, "site/worker"),
    }));
    // Coverage writes files, with libraries that are large.
    plugin.onLoad({ filter: /[/\\]src[/\\]coverage[/\\]index\.ts$/ }, () => ({
      contents: `export const COVERAGE_VARIABLE = "";
        export const countCoverage = () => { throw new Error("the page counts no coverage"); };`,
    }));
    plugin.onLoad({ filter: /[/\\]src[/\\]index\.ts$/ }, () => ({
      contents: `export const version = ${JSON.stringify(version)};`,
    }));
    plugin.onResolve({ filter: /^site:sdk$/ }, ({ path }) => ({ path, namespace: "sdk" }));
    plugin.onLoad({ filter: /.*/, namespace: "sdk" }, () => ({
      contents: `export const sources = ${JSON.stringify(sdkSources())};`,
    }));
  },
};

/** The SDK's sources, by path below the package's folder. */
function sdkSources(): Record<string, string> {
  const files = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `assembly/${name.replaceAll("\\", "/")}`);
  return Object.fromEntries(
    ["index.ts", ...files].map((name) => [name, readFileSync(join(root, name), "utf8")]),
  );
}

/** Makes one file for a browser. */
export async function bundle(entry: string, options: BuildOptions = {}): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
    inject: [join(shims, "buffer.ts")],
    define: { "process.argv": "[]", "process.env": "{}", "import.meta.url": '"file:///page/bundle.js"' },
    plugins: [browser],
    logLevel: "error",
    outfile: "out.js",
    ...options,
  });
  return outputFiles![0]!.contents;
}
