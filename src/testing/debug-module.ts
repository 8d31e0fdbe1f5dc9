/**
 * Debug modules: a debugger stops in their sources.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readModule } from "../host/vm/binary.js";
import { compile } from "../host/vm/registry.js";
import { debugModuleFile, forDebuggers, mapFile, namesMap, noteFile } from "../places/index.js";
import type { SourceMapFile } from "../places/index.js";

/** Set by `proxy-wasm-as test --debug`: tests run debug modules where there are some. */
export const DEBUG_VARIABLE = "PROXY_WASM_AS_DEBUG";

/** Milliseconds in which a debugger that hears of a module sets its breakpoints in it; what to set for one that takes longer. */
const SETTING = 1500;
const SETTING_VARIABLE = "PROXY_WASM_AS_DEBUG_WAIT";

/** Tells whether `test --debug` runs this process. */
export function isDebugging(): boolean {
  return process.env[DEBUG_VARIABLE] === "1";
}

/** The debug module beside a module's file, or the file itself where it is one; otherwise why there is none. */
export async function debugFile(file: string): Promise<{ file: string } | { reason: string }> {
  if (namesMap(await readFile(file))) return { file };
  const beside = debugModuleFile(file);
  try {
    const [debug, shipped] = await Promise.all([stat(beside), stat(file)]);
    return debug.mtimeMs >= shipped.mtimeMs
      ? { file: beside }
      : { reason: `${beside} is older than ${file}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { reason: `there is no ${beside}` };
  }
}

/**
 * Reads the debug module of a module's file, and gives debuggers the time to set breakpoints in it. Undefined where there is none and
 * `isWanted` is not set; with that, throws.
 */
export async function readDebugModule(file: string, isWanted: boolean): Promise<Uint8Array | undefined> {
  const found = await debugFile(file);
  if ("reason" in found) {
    if (!isWanted) return undefined;
    throw new Error(`There is nothing to debug: ${found.reason}. Run: npx proxy-wasm-as build --debug`);
  }
  const module = await withItsMap(found.file);
  await compile(module);
  await sleep(Number(process.env[SETTING_VARIABLE] ?? SETTING));
  return module;
}

/** A debug module's file with the map of its sources in it; as it is where no map stands beside it. */
export async function withItsMap(file: string): Promise<Uint8Array> {
  const module = await readFile(file);
  let map: SourceMapFile;
  try {
    map = JSON.parse(await readFile(mapFile(file), "utf8")) as SourceMapFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return module;
  }
  const shift = readModule(module).binary.length - module.length;
  const debuggable = forDebuggers(module, map, resolve(dirname(file), map.sourceRoot ?? "."), shift);
  noteFile(debuggable, file);
  return debuggable;
}
