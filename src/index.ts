/**
 * This package as Node sees it: filters import the AssemblyScript API under the same name, tools import the parts below
 * (`proxy-wasm-as/transform` and others).
 *
 * @module
 */
import { readFileSync } from "node:fs";

interface PackageJson {
  version: string;
}

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as PackageJson;

/** The version of this package, for example `"0.1.0"`. */
export const version: string = manifest.version;
