/**
 * The files beside a module: its map, and its debug module.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { NoMap, PlaceMap } from "./place-map.js";

/** The file of a module's map, as a build names it. */
export function mapFile(module: string): string {
  return `${module}.map`;
}

/** The file of a module's debug module, as a build names it. */
export function debugModuleFile(module: string): string {
  return module.replace(/(\.wasm)?$/, ".debug.wasm");
}

/** The files of modules that were read. */
const files = new WeakMap<Uint8Array, string>();
const maps = new WeakMap<Uint8Array, PlaceMap | undefined>();

/** Notes which file a module was read from, so that its map is found when it is needed. */
export function noteFile(module: Uint8Array, file: string): void {
  files.set(module, file);
}

/** The map of a module whose file was noted; undefined where none stands beside it. */
export function mapOf(module: Uint8Array): PlaceMap | undefined {
  const file = files.get(module);
  if (file === undefined) return undefined;
  if (!maps.has(module)) maps.set(module, mapBeside(file, module));
  return maps.get(module);
}

/** The map beside a module's file; undefined where there is none of it. */
export function mapBeside(file: string, module: Uint8Array): PlaceMap | undefined {
  try {
    const map = PlaceMap.read(readFileSync(mapFile(file), "utf8"), module);
    return map.isOfAnother(module) ? undefined : map;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof NoMap || code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
