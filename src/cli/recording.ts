/**
 * `--record` of `test` and `run`.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "./error.js";

/** Empties the file that a trace is to go to; answers its whole path. */
export function startRecording(file: string): string {
  try {
    writeFileSync(file, "");
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`);
  }
  return resolve(file);
}
