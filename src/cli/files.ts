import { readFileSync, rmSync } from "node:fs";
import { UserError } from "./error.js";
import { shown } from "./output.js";

/** The remedy for a module that is not there. */
export const BUILD_FIRST = "build it first (npm run build)";

/** Reads a file that the user named; what keeps it from being read is the user's to put right. */
export function readNamed(file: string, remedy: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(cannotRead(file, remedy, error as NodeJS.ErrnoException));
  }
}

function cannotRead(file: string, remedy: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT" || code === "ENOTDIR") return `There is no file ${shown(file)}; ${remedy}.`;
  if (code === "EISDIR") return `${shown(file)} is a folder; ${remedy}.`;
  if (code === "EACCES") return `${shown(file)} may not be read; change its permissions.`;
  return `${shown(file)} cannot be read: ${message}.`;
}

/** Removes a folder of this process's own; what cannot be removed stays. */
export function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // there is a file where the folder was to be, or its parent is read-only: it was never made
  }
}
