/**
 * `npm run mutate -- FOLDER|FILE… [--limit N] [--seed N] [--at-least PERCENT] [--tests WORD]…`: puts small faults into the sources there, one
 * by one, and runs the tests that are near until one fails. Lists the faults that none sees. With `--limit`, so many of them at random.
 * `npm run mutate -- named [WORD]` puts in those of `named.ts`, each of which has a test of its own.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../fuzz/random.js";
import { root } from "../support/paths.js";
import { Copy } from "./copy.js";
import { named } from "./named.js";
import { Nearness, namesAt } from "./near.js";
import type { Mutant } from "./operators.js";
import { mutantsOf, mutated } from "./operators.js";
import { reasonOf } from "./reasons.js";
import { testsOf } from "./tests-of.js";

/** The compiler's messages: such a fault nobody can commit. */
const REFUSED = /does not compile|\bERROR (TS|AS)\d+|\bFAILURE \d+ compile error/;

/** So many tests are run one by one first; the rest is run side by side. */
const ALONE = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "at-least": { type: "string", default: "0" },
    tests: { type: "string", multiple: true, default: [] },
  },
});
if (positionals.length === 0) throw new Error("which folder, file or `named`?");
const copy = new Copy();
/** How long each test took without a fault, how many faults it has seen; those that fail then are left out. */
const times = new Map<string, number>();
const seen = new Map<string, number>();

async function isFine(test: string): Promise<boolean> {
  if (!times.has(test)) {
    const run = await copy.run(test, 600_000);
    times.set(test, run.passed ? run.milliseconds : Infinity);
    if (!run.passed) console.log(`left out, it fails without a fault: ${test}\n${run.output.slice(-1500)}`);
  }
  return times.get(test) !== Infinity;
}

type Verdict = "seen" | "refused" | "not seen";

const survivors: string[] = [];
const excused: string[] = [];
let killed = 0;
let refused = 0;

const nearnesses = new Map<string, Nearness>();
function nearness(file: string): Nearness {
  const folder = file.split("/")[0]!;
  const known = nearnesses.get(folder) ?? new Nearness(folder);
  nearnesses.set(folder, known);
  return known;
}

/** Runs tests until one fails, beginning with those that are near, have seen much and take little time. */
async function verdictOf(
  file: string,
  source: string,
  mutant: Mutant,
  tests: readonly string[],
): Promise<Verdict> {
  const near = nearness(file).of(tests, namesAt(source, mutant.start));
  // How likely a test is to see it, for the time that it takes. One that has not run yet is taken for one of five seconds.
  const worth = (test: string): number =>
    (0.1 + near.get(test)! + (seen.get(test) ?? 0) / (1 + killed)) / (times.get(test) ?? 5000);
  const order = [...tests].sort((a, b) => worth(b) - worth(a));
  const seenBy = async (test: string): Promise<Verdict | undefined> => {
    copy.write(file, source);
    if (!(await isFine(test))) return undefined;
    copy.write(file, mutated(source, mutant));
    const run = await copy.run(test, times.get(test)! * 3 + 20_000);
    if (run.passed) return undefined;
    if (REFUSED.test(run.output)) return "refused";
    seen.set(test, (seen.get(test) ?? 0) + 1);
    return "seen";
  };
  for (const test of order.slice(0, ALONE)) {
    const verdict = await seenBy(test);
    if (verdict !== undefined) return verdict;
  }
  // One that fails beside others has to fail alone as well.
  for (let rest = order.slice(ALONE); rest.length > 0;) {
    copy.write(file, mutated(source, mutant));
    const { failed, run } = await copy.runTogether(rest, 1_800_000);
    if (run.passed) break;
    if (failed === undefined) {
      // No test can run with this fault, and each of the first ran without it.
      if (REFUSED.test(run.output)) return "refused";
      console.log(`no test told of a failure, but they ended so:\n${run.output.slice(-1000)}`);
      return "seen";
    }
    const verdict = await seenBy(failed);
    if (verdict !== undefined) return verdict;
    rest = rest.filter((test) => test !== failed);
  }
  return "not seen";
}

async function tryOne(file: string, source: string, mutant: Mutant, tests: readonly string[]): Promise<void> {
  const verdict = await verdictOf(file, source, mutant, tests);
  copy.write(file, source);
  const was = source.slice(mutant.start, mutant.end).replace(/\s+/g, " ");
  const line = `${file}:${mutant.line}: ${was} -> ${mutant.text}`;
  console.log(`${verdict.padEnd(8)}  ${line}`);
  if (verdict === "seen") killed++;
  else if (verdict === "refused") refused++;
  else {
    const reason = reasonOf(file, was, mutant.text);
    if (reason === undefined) survivors.push(line);
    else excused.push(`${line}: ${reason}`);
  }
}

/** The sources below a folder, or the file itself. */
function sourcesOf(path: string): string[] {
  if (!existsSync(join(root, path))) throw new Error(`${path} is not there`);
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(path, name))
    .sort();
}

if (positionals[0] === "named") {
  for (const { title, file, from, to, test } of named) {
    if (!title.includes(positionals[1] ?? "")) continue;
    const source = copy.read(file);
    const start = source.indexOf(from);
    if (start < 0 || source.indexOf(from, start + 1) >= 0) throw new Error(`${file} has not once: ${from}`);
    const line = source.slice(0, start).split("\n").length;
    await tryOne(file, source, { start, end: start + from.length, text: to, line }, [test]);
  }
} else {
  const random = randomFrom(Number(values.seed));
  const all = positionals.flatMap((path) =>
    sourcesOf(path.replace(/\/$/, "")).flatMap((file) => {
      const source = copy.read(file);
      return mutantsOf(file, source).map((mutant) => ({ file, source, mutant }));
    }),
  );
  const count = all.length;
  const limit = Number(values.limit);
  while (limit > 0 && all.length > limit) all.splice(random(all.length), 1);
  console.log(`${all.length} of ${count} faults`);
  for (const { file, source, mutant } of all) {
    const tests = testsOf(file).filter(
      (test) => values.tests.length === 0 || values.tests.some((word) => test.includes(word)),
    );
    if (tests.length === 0) throw new Error(`no test is near ${file}`);
    await tryOne(file, source, mutant, tests);
  }
}

for (const line of excused) console.log(`with a reason: ${line}`);
for (const line of survivors) console.log(`survivor: ${line}`);
const judged = killed + survivors.length;
const percent = judged === 0 ? 100 : (100 * killed) / judged;
console.log(
  `${killed} of ${judged} faults are seen (${percent.toFixed(0)} %); ${excused.length} have a reason, ${refused} do not compile`,
);
process.exitCode = percent < Number(values["at-least"]) ? 1 : 0;
