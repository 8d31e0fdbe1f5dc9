import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../index.js";

/** The folder of this package. */
export const home = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * The version that a new project states for "proxy-wasm-as", so that it gets the package that makes it: the tarball or folder
 * that this one was installed from, the checkout that it runs in, or else its version.
 */
export function sdkSpec(): string {
  if (!home.split(sep).includes("node_modules")) return `file:${home}`;
  for (const start of [home, process.cwd()])
    for (let folder = start; ; folder = dirname(folder)) {
      const spec = specIn(folder);
      if (spec !== undefined) return spec;
      if (dirname(folder) === folder) break;
    }
  return `^${version}`;
}

/** The file or folder that a project at `folder` has this package from; undefined when it says none. */
function specIn(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8")) as Record<
      string,
      Record<string, string> | undefined
    >;
    const spec = devDependencies?.["proxy-wasm-as"] ?? dependencies?.["proxy-wasm-as"];
    const path = /^(?:file:|link:|portal:)?(.+)$/.exec(spec ?? "")?.[1];
    if (spec === undefined || path === undefined) return undefined;
    if (/^(file|link|portal):/.test(spec)) return `file:${resolve(folder, path)}`;
    if (/^\.{0,2}\/.*\.t(ar\.)?gz$/.test(spec)) return `file:${resolve(folder, spec)}`;
    return undefined; // a version, or an address that holds elsewhere as well
  } catch {
    return undefined; // not this package's to complain of
  }
}
