/** `npx tsx bench/sizes.ts FILTER`: the bytes of each function of a benchmark filter, and of its data. */
import { readFileSync } from "node:fs";
import { compileFilter } from "../tests/support/compile.js";
import { functionNames, functionSizes } from "./count/operators.js";

const [name = "hdr-state"] = process.argv.slice(2);
const binary = readFileSync(await compileFilter(`bench/filters/as/${name}.ts`, { options: ["--debug"] }));
const names = functionNames(binary);
const { functions, data } = functionSizes(binary);
const total = functions.reduce((sum, [, size]) => sum + size, 0);
console.log(`${String(total).padStart(8)}  code\n${String(data).padStart(8)}  data`);
for (const [index, size] of functions.toSorted(([, a], [, b]) => b - a).slice(0, 40))
  console.log(`${String(size).padStart(8)}  ${names.get(index) ?? `function ${index}`}`);
