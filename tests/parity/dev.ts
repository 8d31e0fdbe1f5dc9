import { findEnvoy } from "../../src/envoy/index.js";
import { join } from "node:path";
import { writeFileSync, mkdirSync } from "node:fs";
import { root } from "../support/paths.js";
import { compilePuppet } from "./puppet.js";
import { runInEnvoy } from "./in-envoy.js";
import { runInHost } from "./in-host.js";
import { groupKey, loadScenarios } from "./scenario.js";
import type { Outcome, Scenario } from "./scenario.js";
const words = process.argv.slice(2);
const wasm = await compilePuppet();
const all = loadScenarios().filter((s) => words.length === 0 || words.some((w) => s.name.includes(w)));
const groups = new Map<string, Scenario[]>();
for (const s of all) (groups.get(groupKey(s)) ?? groups.set(groupKey(s), []).get(groupKey(s))!).push(s);
const found = findEnvoy(join(root, "node_modules/.cache/proxy-wasm-as"));
let bad = 0;
mkdirSync(join(root, "tests/parity/recorded"), { recursive: true });
for (const group of groups.values()) {
  let outcomes: Map<string, Outcome>;
  try { outcomes = await runInEnvoy(found.path!, group, wasm); } catch (e) { console.log("ENVOY FAILED", group[0]!.name, String(e).slice(0, 600)); bad += group.length; continue; }
  for (const s of group) {
    const envoy = outcomes.get(s.name)!;
    writeFileSync(join(root, "tests/parity/recorded", s.name + ".json"), JSON.stringify(envoy, null, 1) + "\n");
    let host: Outcome;
    try { host = await runInHost(s, wasm); } catch (e) { console.log("HOST FAILED", s.name, e); bad++; continue; }
    const diffs: string[] = [];
    if (s.crash) { if (!envoy.crashed || !host.crashed) diffs.push(`crashed envoy ${envoy.crashed} host ${host.crashed}`); }
    else for (const k of ["trace", "logs", "wire", "upstream", "details", "crashed"] as const) {
      if (s.compare && k !== "crashed" && !(s.compare as string[]).includes(k)) continue;
      const a = JSON.stringify(envoy[k]), b = JSON.stringify(host[k]);
      if (a === b) continue;
      if (Array.isArray(envoy[k]) && (k === "trace" || k === "logs")) {
        const x = envoy[k] as string[], y = host[k] as string[];
        let i = 0; while (x[i] === y[i]) i++;
        diffs.push(`${k} at ${i}:\n   before ${JSON.stringify(x.slice(Math.max(0, i - 2), i))}\n   envoy ${JSON.stringify(x.slice(i, i + 5))}\n   host  ${JSON.stringify(y.slice(i, i + 5))}`);
      } else diffs.push(`${k}:\n   envoy ${a}\n   host  ${b}`);
    }
    if (diffs.length > 0) { bad++; console.log(`DIFF ${s.name}\n ${diffs.join("\n ")}`); }
  }
}
console.log(`${all.length - bad} of ${all.length} equal`);
process.exit(0);
