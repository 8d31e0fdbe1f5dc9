import { readFileSync } from "node:fs";

/** The processor time of a process, in milliseconds: a machine that has much else to do takes longer, but spends no more. */
export function processorTime(pid: number): number {
  if (process.platform !== "linux") return performance.now();
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
