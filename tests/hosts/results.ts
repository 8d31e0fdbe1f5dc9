/** What came of running things in hosts; `npm run test:hosts` writes it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { exampleNames } from "../../scripts/build-examples.js";
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

/** Writes what is new beside what was there, host by host; of examples that are gone nothing stays. */
export async function addResults({ examples = {}, scenarios = {} }: Partial<HostResults>): Promise<void> {
  const old = readResults();
  const cellsOf = (host: string): Cells => {
    const cells = { ...old.examples[host], ...examples[host] };
    return Object.fromEntries(
      exampleNames().flatMap((name) => (cells[name] === undefined ? [] : [[name, cells[name]]])),
    );
  };
  const all = {
    examples: Object.fromEntries(
      Object.keys({ ...old.examples, ...examples }).map((host) => [host, cellsOf(host)]),
    ),
    scenarios: { ...old.scenarios, ...scenarios },
  };
  const options = { ...(await resolveConfig(resultsFile)), filepath: resultsFile };
  writeFileSync(resultsFile, await format(JSON.stringify(all, null, 2), options));
}
