/** The memory of a process. */
import { readFileSync } from "node:fs";

/** Whether the system tells what a process's memory is made of. */
export const canMeasure = process.platform === "linux";

/** Memory of a process that belongs to no file, in MiB. */
export function anonymousMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Anonymous:\s+(\d+)/m.exec(text)![1]) / 1024;
}
