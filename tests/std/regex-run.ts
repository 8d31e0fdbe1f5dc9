/**
 * `npx tsx tests/std/regex-run.ts [patterns [seed]]`: compares regular expressions with re2js on five texts for each random
 * pattern, 25,000 patterns unless told.
 */
import { startPlainModule } from "../support/plain-module.js";
import { compareWithJudge } from "./regex-cases.js";

const [patterns = 25_000, seed = 1] = process.argv.slice(2).map(Number);
const module = await startPlainModule("tests/std/filters/regex.ts");
console.log(compareWithJudge(module, patterns, 5, seed));
