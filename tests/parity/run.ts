/**
 * `npm run parity -- words`: runs the scenarios whose names contain one of the words in a real Envoy and in the embedded
 * host, and tells where they differ. With `--record`, Envoy's outcomes become those that tests compare with; those of an older Envoy
 * (`ENVOY=/path/of/it`) where they are other ones than Envoy 1.40's.
 */
import { join } from "node:path";
import { findEnvoy } from "../../src/envoy/index.js";
import { root } from "../support/paths.js";
import { envoyVersions } from "../../src/testing/index.js";
import { runInEnvoy } from "./in-envoy.js";
import { runInHost } from "./in-host.js";
import { moduleOf } from "./modules.js";
import { differences, groups, record, recordSame, recorded } from "./outcome.js";
import { loadScenarios } from "./scenario.js";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const records = process.argv.includes("--record");
const found = findEnvoy(join(root, "node_modules", ".cache", "proxy-wasm-as"));
if (found.path === undefined) throw new Error(found.reason);
const version = envoyVersions.find((each) => found.version.startsWith(`${each}.`)) ?? "1.40";
const scenarios = loadScenarios().filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
let equal = 0;
for (const group of groups(scenarios)) {
  const wasm = await moduleOf(group[0]!);
  const outcomes = await runInEnvoy(found.path, group, wasm);
  for (const scenario of group) {
    const envoy = outcomes.get(scenario.name)!;
    const isSame = version !== "1.40" && differences(scenario, recorded(scenario)!, envoy).length === 0;
    if (records && isSame) recordSame(scenario, version);
    else if (records) record(scenario, envoy, version);
    const all = differences(scenario, envoy, await runInHost(scenario, wasm, undefined, version));
    if (all.length === 0) equal++;
    else console.log(`${scenario.name}: ${scenario.rule}\n ${all.join("\n ")}`);
  }
}
console.log(`${equal} of ${scenarios.length} equal`);
process.exit(equal === scenarios.length ? 0 : 1);
