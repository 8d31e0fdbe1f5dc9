/**
 * Modules that count what of their sources a test executes.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { COVERAGE_VARIABLE, countCoverage } from "../coverage/index.js";
import type { Counting } from "../coverage/index.js";
import { mapBeside } from "../places/index.js";
import { debugFile } from "./debug-module.js";

/** The folder in which `test --coverage` wants this process's counts; undefined without it. */
export function coverageFolder(): string | undefined {
  const folder = process.env[COVERAGE_VARIABLE];
  return folder === "" ? undefined : folder;
}

/**
 * Reads the debug module of a module's file, and makes it count. Undefined where there is none and `isWanted` is not set; with that, throws.
 */
export async function readCovered(
  file: string,
  folder: string,
  isWanted: boolean,
): Promise<Counting | undefined> {
  const found = await debugFile(file);
  if ("file" in found) {
    const wasm = await readFile(found.file);
    const map = mapBeside(found.file, wasm);
    if (map !== undefined) return countCoverage(wasm, map, found.file, folder);
  }
  if (!isWanted) return undefined;
  const reason = "file" in found ? `there is no map beside ${found.file}` : found.reason;
  throw new Error(`There is nothing to cover: ${reason}. Run: npx proxy-wasm-as build --debug`);
}
