import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes a file so that it is there whole or, when the disk is full or the process dies, as it was before. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) {
    writeFileSync(path, bytes); // a device, a pipe or a link: it stays what it is
    return;
  }
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
