/** `npx tsx bench/sizes.ts FILTER`: the bytes of each function of a benchmark filter, and of its data. */
import { readFileSync } from "node:fs";
import { compileFilter } from "../tests/support/compile.js";
import { outline } from "../src/inspect/index.js";

const [name = "hdr-state"] = process.argv.slice(2);
const binary = readFileSync(await compileFilter(`bench/filters/as/${name}.ts`, { options: ["--debug"] }));
const { functions, sections } = outline(binary);
const total = functions.reduce((sum, { bytes }) => sum + bytes, 0);
const data = sections.find(({ name: section, custom }) => section === "data" && !custom)?.bytes ?? 0;
console.log(`${String(total).padStart(8)}  code\n${String(data).padStart(8)}  data`);
for (const { name: label, bytes } of functions.slice(0, 40))
  console.log(`${String(bytes).padStart(8)}  ${label}`);
