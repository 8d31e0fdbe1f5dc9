/** `npx tsx tests/flow/generated.ts [modules] [cases] [first seed] [inputs]`: compares random handlers for as long as you like. */
import { runGenerated } from "./support/generated.js";

const [modules = 10, cases = 40, first = 1000, inputs = 10] = process.argv.slice(2).map(Number);
let compared = 0;
let failed = 0;
for (let seed = first; seed < first + modules; seed++) {
  try {
    compared += await runGenerated(seed, cases, inputs);
  } catch (error) {
    failed++;
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (seed % 10 === 9)
    console.log(`${seed - first + 1} modules, ${compared} runs compared, ${failed} failed`);
}
console.log(`${modules} modules, ${compared} runs compared, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
