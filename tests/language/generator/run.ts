/**
 * `npm run fuzz:language -- [modules] [programs] [first seed]`: compares random programs in Node and in modules that are
 * debug builds, and each eighth with both levels of optimization, in debug and release builds. It lists what differs, and what the build refuses, the most frequent first.
 */
import { compare, textOf, type Options } from "./program.js";

const [modules = 10, programs = 100, first = 1000] = process.argv.slice(2).map(Number);
const optimized: readonly Options[] = (["-O3", "-Oz"] as const).flatMap((level) =>
  (["release", "debug"] as const).map((target) => ({ level, target })),
);
/** What optimizes takes most of the time: one module in eight is optimized. */
const variants: readonly Options[] = optimized.flatMap((option) => [
  option,
  ...Array<Options>(7).fill({ level: "-O0", target: "debug" }),
]);
let compared = 0;
let differences = 0;
const refused = new Map<string, number[]>();
for (let index = 0; index < modules; index++) {
  const seeds = Array.from({ length: programs }, (_, at) => first + index * programs + at);
  const options = variants[index % variants.length]!;
  const outcome = await compare(seeds, options);
  compared += outcome.compared;
  differences += outcome.different.length;
  for (const { seed, message } of outcome.refused) {
    const kind = message.split("\n")[0]!.replace(/\bv\d+/g, "v");
    refused.set(kind, [...(refused.get(kind) ?? []), seed]);
  }
  for (const { seed, node, module } of outcome.different)
    console.log(
      `seed ${seed}, ${options.level}, ${options.target}:\n  Node:   ${node}\n  module: ${module}\n${textOf(seed)}`,
    );
  console.log(`${index + 1} modules: ${compared} programs compared, ${differences} differ`);
}
for (const [kind, seeds] of [...refused].sort(([, a], [, b]) => b.length - a.length))
  console.log(`refused ${seeds.length} times (seed ${seeds[0]!}): ${kind}`);
if (differences > 0) process.exitCode = 1;
