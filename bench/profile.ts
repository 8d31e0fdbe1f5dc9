/**
 * `npx tsx bench/profile.ts FILTER [REQUESTS]`: which functions of a benchmark filter its operators are spent in. The
 * names come from a build with names; it is the same code.
 */
import { readFileSync } from "node:fs";
import { compileFilter } from "../tests/support/compile.js";
import { profileOf } from "./count/measure.js";
import { workloads } from "./workloads.js";

const [name = "hdr", requests = "1000"] = process.argv.slice(2);
const workload = workloads.find((candidate) => candidate.name === name);
if (workload === undefined) throw new Error(`no filter ${name}: ${workloads.map((w) => w.name).join(", ")}`);
const wasm = await compileFilter(`bench/filters/as/${name}.ts`, { options: ["--debug"] });
const profile = await profileOf(readFileSync(wasm), workload, Number(requests));
const total = profile.reduce((sum, [, operators]) => sum + operators, 0);
console.log(`${total.toFixed(1).padStart(12)}  ${name}, operators per request`);
for (const [label, operators] of profile.slice(0, 30))
  console.log(`${operators.toFixed(1).padStart(12)}  ${label}`);
