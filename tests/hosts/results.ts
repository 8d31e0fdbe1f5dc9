/** What came of running the examples in hosts; `npm run test:hosts` writes it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths.js";

export const resultsFile = join(root, "tests", "hosts", "results.json");

/** By host, then by example: "runs", or what happened. */
export type HostResults = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function readResults(): HostResults {
  return JSON.parse(readFileSync(resultsFile, "utf8")) as HostResults;
}
