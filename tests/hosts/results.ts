/** What came of running things in hosts; `npm run test:hosts` writes it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../support/paths.js";

const resultsFile = join(root, "tests", "hosts", "results.json");

/** By example: "runs", or what happened. */
export type Cells = Readonly<Record<string, string>>;

export interface HostResults {
  /** By host. */
  readonly examples: Readonly<Record<string, Cells>>;
  /** By Envoy: how many scenarios did what is recorded of it, and which did not. */
  readonly scenarios: Readonly<
    Record<string, { readonly equal: number; readonly differing: readonly string[] }>
  >;
}

export function readResults(): HostResults {
  return JSON.parse(readFileSync(resultsFile, "utf8")) as HostResults;
}

/** Writes what is new beside what was there. */
export async function addResults({ examples = {}, scenarios = {} }: Partial<HostResults>): Promise<void> {
  const old = readResults();
  const all = {
    examples: { ...old.examples, ...examples },
    scenarios: { ...old.scenarios, ...scenarios },
  };
  const options = { ...(await resolveConfig(resultsFile)), filepath: resultsFile };
  writeFileSync(resultsFile, await format(JSON.stringify(all, null, 2), options));
}
