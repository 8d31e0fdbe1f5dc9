/**
 * `npm run test:hosts`: runs the examples and the scenarios in the hosts that registries give, and writes what came of it to
 * results.json, from which docs/hosts.md has its tables. Envoys come from PyPI, the Java host from Maven, into the user's cache.
 * `npm run test:hosts -- 1.36 java` renews what belongs to these; examples' names, or `scenarios`, leave it at these.
 * It ends with 1 where an Envoy does other than what is recorded of it.
 */
import { exampleNames } from "../../scripts/build-examples.js";
import { envoyReleases } from "../../src/hosts/envoy-releases.js";
import { envoyOf, examplesIn, scenariosIn } from "./envoys.js";
import { runInJava } from "./java.js";
import type { Cells } from "./results.js";
import { addResults } from "./results.js";

const words = process.argv.slice(2);
const named = exampleNames().filter((name) => words.includes(name));
const onlyScenarios = words.includes("scenarios");
const names = named.length > 0 ? named : onlyScenarios ? [] : exampleNames();
const hostNames = [...envoyReleases.map(({ version }) => version), "java"];
const chosen = hostNames.filter((name) => words.includes(name));
const isWanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
for (const word of words)
  if (![...exampleNames(), ...hostNames, "scenarios"].includes(word))
    throw new Error(`There is no host and no example "${word}".`);
let failed = false;

async function report(examples: Readonly<Record<string, Cells>>): Promise<void> {
  await addResults({ examples });
  for (const [host, cells] of Object.entries(examples)) {
    const all = Object.values(cells);
    console.log(`${host}: ${all.filter((cell) => cell === "runs").length} of ${all.length} examples run`);
  }
}

for (const release of envoyReleases.filter(({ version }) => isWanted(version))) {
  const envoy = envoyOf(release);
  const name = `envoy-${release.version}`;
  if (named.length === 0 || onlyScenarios) {
    const scenarios = await scenariosIn(envoy, release);
    await addResults({ scenarios: { [name]: scenarios } });
    console.log(
      `${name}: ${scenarios.equal} scenarios as recorded; not ${scenarios.differing.join(", ") || "one other"}`,
    );
    failed ||= scenarios.differing.length > 0;
  }
  if (names.length === 0) continue;
  const cells = await examplesIn(envoy, names);
  await report({ [name]: cells });
  failed ||= Object.values(cells).some((cell) => cell.startsWith("fails"));
}
if (isWanted("java") && names.length > 0) await report(await runInJava(names));
process.exit(failed ? 1 : 0);
