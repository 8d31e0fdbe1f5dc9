import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OciError } from "./error.js";

/**
 * Writes a file so that it is there whole or, when the disk is full or the process dies, as it was before. Throws
 * `OciError` with the code "file".
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isFile()) {
      writeFileSync(path, bytes); // a device, a pipe or a link: it stays what it is
      return;
    }
    const file = openSync(temporary, "wx");
    try {
      try {
        writeFileSync(file, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary);
      throw error;
    }
  } catch (error) {
    throw new OciError("file", explain(path, error as NodeJS.ErrnoException), { cause: error });
  }
}

function explain(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOSPC" || code === "EDQUOT") return `The disk is full; ${path} was not written.`;
  if (code === "ENOENT" || code === "ENOTDIR")
    return `There is no folder ${dirname(path)}; ${path} was not written.`;
  return `${path} was not written: ${message}.`;
}
