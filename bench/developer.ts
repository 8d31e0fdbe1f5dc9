/**
 * `npm run bench:developer`: the developer's own time, as ratios in one run: builds of `hello` beside a plain asc and cargo, a new
 * project's tests, and how long a saved change takes until `run --watch` answers with it.
 *
 * Options: `--rounds N` (5): each is done once in a round. The processor's time of all processes together is what to compare: what else runs
 * on the machine changes it least. Prints a table in Markdown.
 */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { env, main, startProgram } from "../tests/cli/support.js";
import { request } from "../tests/support/http.js";
import { root } from "../tests/support/paths.js";
import { buildRustExamples, cargo } from "./rust.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(values.rounds);
const progress = (line: string): void => console.error(`  ${line}`);

/** Seconds by the clock, and of the processor where that is known. */
interface Time {
  readonly wall: number;
  readonly cpu?: number;
}

/** Runs a command with all that it starts, and answers what it took. */
function timed(command: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Time {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" >&3 2>&4; } 2>&1';
  const output = execFileSync("bash", ["-c", `exec 3>/dev/null 4>&2; ${script}`, "-", ...command], {
    ...{ cwd, env: { ...env, ...more }, encoding: "utf8" as const },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [wall, user, system] = output.trim().split(" ").map(Number);
  return { wall: wall!, cpu: user! + system! };
}

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-developer-"));
const asc = join(
  dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")),
  "bin/asc.js",
);
const rustFilters = join(root, "bench", "filters", "rust");

/** A new project from the template `http`, with the packages of this clone. */
function newProject(): string {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
  // As npm would link it, which also makes it executable.
  const command = `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`;
  writeFileSync(join(modules, ".bin", "proxy-wasm-as"), command, { mode: 0o755 });
  execFileSync(process.execPath, [main, "new", "developer", "--template", "http", "--no-install"], {
    ...{ cwd: folder, env },
  });
  return join(folder, "developer");
}

/** The smallest module that asc makes: what its start costs. */
function plainModule(): string {
  const home = join(folder, "plain");
  mkdirSync(home);
  writeFileSync(join(home, "index.ts"), "export function add(a: i32, b: i32): i32 {\n  return a + b;\n}\n");
  return home;
}

/** From a saved change to the first answer that has it, again and again. */
async function fromSaveToUse(project: string, times: number): Promise<Time[]> {
  const running = await startProgram(process.execPath, [main, "run", "--port", "0", "--watch"], project);
  const source = join(project, "assembly", "index.ts");
  const text = readFileSync(source, "utf8");
  const taken: Time[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    writeFileSync(source, text.replace('"denied\\n"', `"change ${i}"`));
    while ((await request(running.port, { path: "/denied" })).body !== `change ${i}`)
      if (performance.now() - began > 120_000) throw new Error(`change ${i} did not come into use`);
    taken.push({ wall: (performance.now() - began) / 1000 });
    progress(`from save to in use: ${taken.at(-1).wall.toFixed(2)} s`);
  }
  await running.interrupt();
  writeFileSync(source, text);
  return taken;
}

const project = newProject();
const plain = plainModule();
const hello = join(root, "examples", "hello");
const hdr = join(rustFilters, "filters", "hdr.rs");
const change = (file: string): void => utimesSync(file, new Date(), new Date());

const actions: readonly (readonly [what: string, measure: () => Time])[] = [
  [
    "asc, a function of one line",
    () => timed([process.execPath, asc, "index.ts", "-o", "a.wasm", "-O3"], plain),
  ],
  [
    "asc with this package's asconfig.json, `hello`",
    () => timed([process.execPath, asc, "assembly/index.ts", "--target", "release"], hello),
  ],
  [
    "`proxy-wasm-as build`, `hello`",
    () => timed([process.execPath, main, "build", "--out", join(folder, "hello.wasm")], hello),
  ],
  ["`npm test` of a new project", () => timed(["npm", "test"], project)],
];

const times = new Map<string, Time[]>(actions.map(([what]) => [what, []]));
const CARGO = "`cargo build` of the same filter in Rust, after a change";
let cargoMissing: string | undefined;
try {
  buildRustExamples(rustFilters, ["hdr"], progress);
  times.set(CARGO, []);
} catch (error) {
  cargoMissing = (error as Error).message;
}
try {
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const [what, measure] of actions) times.get(what)!.push(measure());
    if (cargoMissing === undefined) {
      const { parameters, env: surroundings } = cargo(rustFilters, () => undefined);
      change(hdr);
      times
        .get(CARGO)!
        .push(timed(["cargo", ...parameters, "--example", "hdr", "--quiet"], rustFilters, surroundings));
    }
  }
  times.set("from a saved change to its first answer, `run --watch`", await fromSaveToUse(project, rounds));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
const middle = (all: readonly number[]): number => sorted(all)[all.length >> 1]!;
const range = (all: readonly number[]): string => {
  const [least, most] = [sorted(all)[0]!, sorted(all).at(-1)];
  return `${middle(all).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
};
const base = middle(times.get(actions[0]![0])!.map(({ wall }) => wall));
const cpuBase = middle(times.get(actions[0]![0])!.map(({ cpu }) => cpu!));
console.log(`${rounds} rounds, ${cpus().length} processors, Node ${process.version}\n`);
console.log(
  "| what | s by the clock | x asc | s of the processor | x asc |\n| --- | --: | --: | --: | --: |",
);
for (const [what, taken] of times) {
  const walls = taken.map(({ wall }) => wall);
  const used = taken.flatMap(({ cpu }) => (cpu === undefined ? [] : [cpu]));
  const ratio = (value: number, of: number): string => (value / of).toFixed(2);
  const cells = [what, range(walls), ratio(middle(walls), base)];
  cells.push(...(used.length === 0 ? ["", ""] : [range(used), ratio(middle(used), cpuBase)]));
  console.log(`| ${cells.join(" | ")} |`);
}
if (cargoMissing !== undefined) console.log(`\nleft out: cargo: ${cargoMissing.split("\n")[0]}`);
