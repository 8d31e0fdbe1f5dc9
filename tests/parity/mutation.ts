/**
 * Breaks each rule of the embedded host in turn, and tells which faults no parity scenario sees.
 * Run by `npm run test:long`, or alone: `npx tsx tests/parity/mutation.ts`.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../support/paths.js";
import { runInHost } from "./in-host.js";
import { differences, recorded } from "./outcome.js";
import { moduleOf } from "./modules.js";
import { mutants } from "./mutants.js";
import type { Scenario } from "./scenario.js";
import { loadScenarios } from "./scenario.js";

// Building the Rust SDK takes longer than all the rest.
const scenarios = loadScenarios().filter(({ sdk }) => sdk !== "rust");
const folder = join(root, ".cache", "mutants");
const survivors: string[] = [];
let caught = 0;

type Kit = NonNullable<Parameters<typeof runInHost>[2]>;

/** The first scenario that sees the fault. */
async function catcher(kit: Kit): Promise<Scenario | undefined> {
  for (const scenario of scenarios) {
    try {
      const all = differences(
        scenario,
        recorded(scenario)!,
        await runInHost(scenario, await moduleOf(scenario), kit),
      );
      if (all.length > 0) return scenario;
    } catch {
      return scenario;
    }
  }
  return undefined;
}

/** A copy of the host and the test kit below `folder`; all else of the sources is the same as ever. */
function copyOfHost(name: string): string {
  const copy = join(folder, name);
  mkdirSync(copy, { recursive: true });
  const copied = ["host", "testing"];
  for (const part of copied) cpSync(join(root, "src", part), join(copy, part), { recursive: true });
  for (const part of readdirSync(join(root, "src")))
    if (!copied.includes(part)) symlinkSync(join(root, "src", part), join(copy, part));
  return copy;
}

const kitOf = async (copy: string): Promise<Kit> =>
  (await import(pathToFileURL(join(copy, "testing", "index.ts")).href)) as Kit;

rmSync(folder, { recursive: true, force: true });
const seen = await catcher(await kitOf(copyOfHost("as it is")));
if (seen !== undefined) throw new Error(`the host without a fault fails in ${seen.name}`);
for (const [i, { file, from, to }] of mutants.entries()) {
  const copy = copyOfHost(String(i));
  const path = join(copy, "host", file);
  const text = readFileSync(path, "utf8");
  const parts = text.split(from);
  if (parts.length !== 2) {
    survivors.push(`${file}: ${JSON.stringify(from)} stands there ${parts.length - 1} times`);
    continue;
  }
  writeFileSync(path, parts.join(to));
  const seenBy = await catcher(await kitOf(copy));
  if (seenBy === undefined) survivors.push(`${file}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
  else caught++;
}
rmSync(folder, { recursive: true, force: true });
for (const survivor of survivors) console.log(`not seen: ${survivor}`);
console.log(`${caught} of ${mutants.length} faults are seen`);
process.exit(survivors.length === 0 ? 0 : 1);
