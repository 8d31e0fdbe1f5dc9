/**
 * Test files as `npm test` runs them: each with all that it imports of this repository in one JavaScript file, which starts in a third
 * of the time that a hundred files of TypeScript take. What an error says of places in it is told of the sources.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Plugin, build, transform, version } from "esbuild";
import { root } from "./paths.js";

const bundles = join(root, ".cache", "bundles");
const options = { target: "node20", sourcesContent: false } as const;

/** Keeps a file's own place, and leaves JavaScript where it is. */
const places: Plugin = {
  name: "places",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.?\/.*\.m?js$/ }, ({ resolveDir, path }) => {
      const file = resolve(resolveDir, path);
      return existsSync(file) ? { path: pathToFileURL(file).href, external: true } : undefined;
    });
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.")) return undefined;
      const define = {
        "import.meta.url": JSON.stringify(pathToFileURL(path).href),
        "import.meta.dirname": JSON.stringify(dirname(path)),
      };
      const { code } = await transform(text, {
        ...{ ...options, loader: "ts", sourcemap: "inline", sourcefile: path, define },
      });
      return { contents: code, loader: "js" };
    });
  },
};

/** A name for all that may be in bundles as it is now: it tells the files' times and sizes. */
function nameOfState(): string {
  const hash = createHash("sha256").update(`${version} ${process.version} `);
  for (const top of ["src", "tests", "scripts", "bench", "site"])
    for (const name of readdirSync(join(root, top), { recursive: true, encoding: "utf8" })) {
      if (!/\.(m?js|ts|json)$/.test(name)) continue;
      const { mtimeMs, size } = statSync(join(root, top, name));
      hash.update(`${top}/${name} ${mtimeMs} ${size} `);
    }
  return hash.digest("hex").slice(0, 16);
}

/** Removes the bundles of earlier states, but for those that another run may be using. */
function removeOld(): void {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of existsSync(bundles) ? readdirSync(bundles) : []) {
    const old = join(bundles, name);
    if (statSync(old).mtimeMs < anHourAgo) rmSync(old, { recursive: true, force: true });
  }
}

/** Makes the bundles of test files, but for those that are there. Answers their paths by those of the tests. */
export async function bundleTests(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = join(bundles, nameOfState());
  const paths = new Map(
    files.map((file) => [file, join(folder, relative(root, file).replace(/ts$/, "mjs"))] as const),
  );
  const missing = files.filter((file) => !existsSync(paths.get(file)!));
  if (missing.length === 0) return paths;
  removeOld();
  await build({
    ...{ ...options, bundle: true, format: "esm", platform: "node", packages: "external" },
    // No place is looked up unless a test fails: a comment with the map's name would make Node read it each time.
    ...{ entryPoints: missing, outbase: root, outdir: folder, sourcemap: "external" },
    ...{ outExtension: { ".js": ".mjs" }, logLevel: "warning", plugins: [places] },
  });
  return paths;
}

const maps = new Map<string, SourceMap>();

/** The place in the sources that a place in a bundle comes from. */
export function placeOf(
  file: string,
  line: number,
  column: number,
): [file: string, line: number, column: number] {
  if (!file.startsWith(bundles)) return [file, line, column];
  let map = maps.get(file);
  if (map === undefined) {
    map = new SourceMap(
      JSON.parse(readFileSync(`${file}.map`, "utf8")) as ConstructorParameters<typeof SourceMap>[0],
    );
    maps.set(file, map);
  }
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return [file, line, column];
  return [resolve(dirname(file), entry.originalSource), entry.originalLine + 1, entry.originalColumn + 1];
}

/** A text, as a stack, with the sources' places instead of the bundles'. */
export function withPlaces(text: string): string {
  return text.replace(/(?:file:\/\/)?(\/[^\s():]*\.mjs):(\d+):(\d+)/g, (all, file: string, line, column) => {
    const place = placeOf(file, Number(line), Number(column));
    return place[0] === file ? all : place.join(":");
  });
}
