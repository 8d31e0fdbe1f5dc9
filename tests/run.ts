/**
 * `npm test`: the AssemblyScript unit tests (as-pect), then every `*.test.ts` and `*.test.js` under tests/
 * and examples/ (node:test).
 * With CI set, nothing may be skipped, Istio's own code (tests/istio) judges as well, and what begins with nothing is run.
 * `npm test -- headers envoy` keeps the test files whose path contains one of the words.
 * `npm run test:quick` has the unit tests, those of sources, documentation and build, and one Envoy.
 * With `--bail` it runs them in the order of the words, and ends with the first test that fails.
 * It ends with the twenty test files that took most of the processor and the twenty tests that took longest;
 * `.cache/test-times.txt` has the time of each file and of each compilation. Then come the tests that failed, once more.
 * The last line reads `N passed, N failed, N skipped`; the exit code is 1 when anything failed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { pathToFileURL } from "node:url";
import { buildExample, exampleNames } from "../scripts/build-examples.js";
import { serveCompilers } from "../scripts/compilers.js";
import { buildJudge, noGo } from "./istio/support/go.js";
import type { AspectResult } from "./assembly/run.js";
import { bundleTests, placeOf, withPlaces } from "./support/bundles.js";
import { tellFoundEnvoy } from "./support/envoy.js";
import { root } from "./support/paths.js";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What `--quick` stands for: about a minute once the compiler's results are known. */
const QUICK = ["tests/assembly/", "tests/tooling/", "tests/host/kit", "tests/host/vms", "tests/envoy/hello"];

/**
 * What begins with nothing: packages, installations, and compilers that are not the shared ones; and what optimizes the filters of all
 * other tests. CI runs it, and `npm run test:long` by `--from-nothing`.
 */
const FROM_NOTHING = [
  ...["tests/cli/new-user", "tests/envoy/install", "tests/cli/compilers", "tests/tooling/coverage"],
  ...["tests/tooling/package", "tests/tooling/reproducible", "tests/tooling/compile-cache"],
];

/** What an option of this program stands for. */
const options = new Map([
  ["--quick", QUICK],
  ["--bail", []],
  ["--from-nothing", FROM_NOTHING],
]);
const isQuick = process.argv.includes("--quick");
const bail = process.argv.includes("--bail") ? new AbortController() : undefined;
const words = process.argv.slice(2).flatMap((word) => options.get(word) ?? [word]);
const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const skips: string[] = [];
/** The file, name and message of each test that failed. */
const failures: string[] = [];
const durations: (readonly [milliseconds: number, name: string])[] = [];
/** Skips of tests for which something could be installed: all but those of data that others publish. */
let avoidable = 0;
const ci = (process.env["CI"] ?? "") !== "";
/**
 * Istio's own code takes minutes to fetch and build: CI and `npm run test:long` run what it judges. What is called "long"
 * takes as long, and is run by the latter only.
 */
const isLong = (path: string): boolean =>
  path.endsWith(".long.test.ts") || (!ci && path.startsWith("tests/istio/"));
const beginsWithNothing = (path: string): boolean => FROM_NOTHING.some((name) => path.startsWith(name));
const isWanted = (path: string): boolean =>
  words.some((word) => path.includes(word)) && !(isQuick && beginsWithNothing(path));
const matches = (path: string): boolean =>
  isLong(path)
    ? isWanted(path) && words.some((word) => /istio|\.long/.test(word))
    : (words.length === 0 && (ci || !beginsWithNothing(path))) || isWanted(path);

/** The bundles of test files, which Node runs in their place. */
let bundles: ReadonlyMap<string, string> = new Map();

/** The test file, from the repository's top folder, that a file or its bundle is. */
const testOf = (file: string): string =>
  relative(root, [...bundles].find(([, bundle]) => bundle === file)?.[0] ?? file);

/** Runs test files and counts what passes. */
async function runFiles(some: readonly string[]): Promise<void> {
  if (some.length === 0) return;
  const stream = run({
    files: some.map((file) => bundles.get(file) ?? file),
    // More than there are processors, because tests wait for Envoys, timers and compilers about half of their time.
    concurrency: Math.min(8, availableParallelism() * 2 + 1),
    timeout: some.some(isLong) ? 3_600_000 : 600_000,
    ...(bail !== undefined && { signal: bail.signal }),
  });
  stream.on("test:pass", (event) => {
    const file = event.file === undefined ? "" : `${testOf(event.file)}: `;
    if (event.nesting === 0) durations.push([event.details.duration_ms, file + event.name]);
    if (event.details.type === "suite") return;
    if (event.skip !== undefined) {
      counts.skipped++;
      if (!String(event.skip).includes("GOOGLE_SUITES")) avoidable++;
      skips.push(`${event.name}: ${String(event.skip)}`);
    } else counts.passed++;
  });
  stream.on("test:fail", (event) => {
    const { file, line, column } = event;
    if (file !== undefined && line !== undefined && column !== undefined)
      [event.file, event.line, event.column] = placeOf(file, line, column);
    const { error } = event.details;
    for (const each of [error, error.cause])
      if (each instanceof Error) each.stack = withPlaces(each.stack ?? "");
    if (event.details.type === "suite") return;
    counts.failed++;
    const { message } =
      event.details.error.cause instanceof Error ? event.details.error.cause : event.details.error;
    const shown = message.split("\n").slice(0, 12).join("\n    ").slice(0, 1500);
    failures.push(`${testOf(file ?? "")}: ${event.name}\n    ${shown}`);
    bail?.abort();
  });
  await new Promise<void>((resolve) => {
    stream.compose(new spec()).on("end", resolve).pipe(process.stdout, { end: false });
  });
}

const compilers = await serveCompilers(2);
// See tests/support/compile.ts.
if (process.env["OPTIMIZED"] === undefined) process.env["UNOPTIMIZED"] = "1";

tellFoundEnvoy();

// Each file runs in a process of its own, which reads TypeScript by the same loader.
const imports = ["scripts/typescript.mjs", "tests/support/times.mjs"].map(
  (path) => `--import=${pathToFileURL(`${root}/${path}`).href}`,
);
process.env["NODE_OPTIONS"] = [process.env["NODE_OPTIONS"] ?? "", ...imports].join(" ").trim();
const times = join(mkdtempSync(join(tmpdir(), "proxy-wasm-as-times-")), "times");
process.env["PROXY_WASM_TEST_TIMES"] = times;

/** Runs as-pect's tests, while others run, and prints all of it at the end. */
async function runAspect(): Promise<void> {
  const child = fork(`${root}/tests/assembly/run.ts`, { cwd: root, silent: true });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (part) => (output += String(part)));
  let result: AspectResult = { passed: 0, failed: 1 };
  child.on("message", (message) => (result = message as AspectResult));
  await once(child, "close");
  process.stdout.write(output);
  counts.passed += result.passed;
  counts.failed += result.failed;
  if (result.failed > 0) failures.push(`tests/assembly: ${result.failed} of as-pect's tests`);
}

const aspect = matches("tests/assembly/") ? runAspect() : undefined;

const timesFile = `${root}/.cache/test-times.txt`;

/** The processor time that each file took when it ran last. */
const lastTimes = new Map(
  (existsSync(timesFile) ? readFileSync(timesFile, "utf8") : "").split("\n").map((line) => {
    const [seconds, path] = line.split(" ");
    return [path, Number(seconds)];
  }),
);

/** The long ones first, so that none of them is still running when all others have ended; those that are not known before them. */
function longestFirst(a: string, b: string): number {
  const [one, other] = [a, b].map((path) => lastTimes.get(path) ?? 1000) as [number, number];
  return other - one || (a < b ? -1 : 1);
}

/** Those that fit an earlier word first. */
function asGiven(a: string, b: string): number {
  const [one, other] = [a, b].map((path) => words.findIndex((word) => path.includes(word))) as [
    number,
    number,
  ];
  return one - other || (a < b ? -1 : 1);
}

const files = ["tests", "examples"]
  .filter((folder) => existsSync(`${root}/${folder}`))
  .flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path}`,
    ),
  )
  .filter((path) => /\.test\.[jt]s$/.test(path) && !path.includes("node_modules") && matches(path))
  .sort(bail === undefined ? longestFirst : asGiven)
  .map((path) => `${root}/${path}`);

const inTypeScript = files.filter((file) => file.endsWith(".ts"));
if (inTypeScript.length > 0) bundles = await bundleTests(inTypeScript);

if (files.length > 0) {
  if (noGo === undefined && files.some((file) => file.includes("tests/istio/"))) buildJudge();
  // The tests of examples need what is built of them; with all files in one run no processor waits for the last of some.
  const isTested = (name: string): boolean =>
    files.some((file) => file.startsWith(`${root}/examples/${name}/`));
  await Promise.all(
    exampleNames()
      .filter(isTested)
      .map((name) => buildExample(name)),
  );
  await runFiles(files);
}

await aspect;
compilers.end();
for (const line of compilers.report()) console.log(line);

// All of it, for comparisons; the twenty longest are printed.
const report: string[] = compilers.times().map(([seconds, what]) => `${seconds.toFixed(2)} compiler ${what}`);

/** The processor time of each test file, and of the programs that it started. */
const costs = (existsSync(times) ? readFileSync(times, "utf8") : "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const space = line.indexOf(" ");
    return [Number(line.slice(0, space)), testOf(line.slice(space + 1))] as const;
  });
rmSync(dirname(times), { recursive: true });
// Files that did not run this time keep theirs.
const all = new Map([...lastTimes, ...costs.map(([seconds, file]) => [file, seconds] as const)]);
for (const [file, seconds] of all)
  if (file !== undefined && existsSync(`${root}/${file}`)) report.push(`${seconds.toFixed(2)} ${file}`);
writeFileSync(timesFile, `${report.join("\n")}\n`);
if (costs.length > 20) {
  const folders = new Map<string, number>();
  for (const [seconds, file] of costs) {
    const folder = file
      .split("/")
      .slice(0, file.startsWith("tests/") ? 2 : 1)
      .join("/");
    folders.set(folder, (folders.get(folder) ?? 0) + seconds);
  }
  const sum = costs.reduce((total, [seconds]) => total + seconds, 0);
  console.log(`Processor time of ${costs.length} test files: ${sum.toFixed(0)} s, without the compiler's.`);
  const sorted = [...folders].sort(([, a], [, b]) => b - a);
  console.log(sorted.map(([folder, seconds]) => `${folder} ${seconds.toFixed(0)} s`).join(", "));
  for (const [seconds, file] of costs.sort(([a], [b]) => b - a).slice(0, 20))
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${file}`);
}

if (durations.length > 20) {
  console.log("The slowest tests:");
  for (const [milliseconds, name] of durations.sort(([a], [b]) => b - a).slice(0, 20))
    console.log(`${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${name}`);
}

for (const line of new Set(skips)) console.log(`skipped: ${line}`);
if (counts.passed + counts.failed === 0) {
  console.error(`No test matches ${words.join(" ")}.`);
  process.exitCode = 1;
}
if (ci && avoidable > 0) {
  console.error("CI skips nothing: install what the skipped tests name.");
  counts.failed += avoidable;
  counts.skipped -= avoidable;
}
if (counts.failed > 0) process.exitCode = 1;
// Last, since the ends of long logs are what people and machines keep.
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
