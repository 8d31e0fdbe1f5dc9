/** Random programs: TypeScript that Node and a module run, and what each has told. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { createHost } from "../../../src/testing/index.js";
import { runAsc } from "../../../scripts/compilers.js";
import { root } from "../../support/paths.js";
import { Source } from "./source.js";
import { program } from "./statements.js";

const prelude = `
export let turns = 0;
export const held: (() => string)[] = [];
export class Box {
  next: Box | null = null;
  label?: string;
  tags: string[] = [];
  constructor(public name: string, public n: number) {}
  get twice(): number { return this.n * 2; }
  add(k: number): Box { this.n += k; this.tags.push("t" + k); return this; }
}
export class Big extends Box { extra = "big"; }
export function maybe(s: string): string | null { return s.length % 2 === 0 ? s : null; }
export function optional(n: number): number | undefined { return n > 2 ? n : undefined; }
export function find(there: boolean, name: string): Box | null {
  if (!there) return null;
  const box = new Box(name, name.length);
  if (name.length > 2) box.next = new Box("next of " + name, 1);
  return box;
}
export function counter(start: number): () => number { let n = start; return () => { n += 1; return n; }; }
export function twice(n: number): number { return n * 2; }
export function shout(s: string): string { return s.toUpperCase() + "!"; }
export function compose(f: (s: string) => string, g: (s: string) => string): (s: string) => string { return (s) => f(g(s)); }
export function times(n: number, f: (i: number) => string): string { let all = ""; for (let i = 0; i < n; i++) all += f(i); return all; }
export function letter(kind: "a" | "b" | "c"): string { switch (kind) { case "a": return "A"; case "b": return "B"; case "c": return "C"; } }
`;

/** What was held by functions is told in a callback of its own, after a collection. */
const later = `export function runHeld(): string { let out = ""; for (const f of held) out += f() + ";"; held.length = 0; return out; }\n`;

/** The text of a program: a function that answers what it has told. */
export function textOf(seed: number): string {
  const source = new Source(seed);
  program(source);
  return `export function run${seed}(): string {\n  let out = "";\n  turns = 0;\n${source.text()}\n  return out;\n}\n`;
}

const fileOf = (seeds: readonly number[]): string =>
  `${prelude.replaceAll("export ", "")}\n${later}\n${seeds.map(textOf).join("\n")}`;

/** What Node says. */
async function inNode(seeds: readonly number[]): Promise<Map<number, string>> {
  const { code } = transformSync(fileOf(seeds), { loader: "ts", format: "esm", target: "es2022" });
  const path = join(root, ".cache/generated", `node-${seeds[0]}-${process.pid}.mjs`);
  writeFileSync(path, code);
  const module = (await import(path)) as Record<string, () => string>;
  return new Map(
    seeds.map((seed) => {
      try {
        return [seed, module[`run${seed}`]!() + module["runHeld"]!()];
      } catch (error) {
        return [seed, `ends: ${String(error)}`];
      }
    }),
  );
}

export interface Options {
  /** How much is optimized; a debug build without is by far the quickest. */
  readonly level: "-O0" | "-O3" | "-Oz";
  readonly target: "debug" | "release";
}

/** What became of programs. */
export interface Outcome {
  readonly compared: number;
  /** Programs that the build refuses, with what it says. */
  readonly refused: readonly { seed: number; message: string }[];
  readonly different: readonly { seed: number; node: string; module: string }[];
}

/** A module of programs: a request's header says which runs. They stand in a table, so that none is put into another. */
async function compile(
  seeds: readonly number[],
  { level, target }: Options,
): Promise<{ wasm: Buffer<ArrayBuffer> } | { message: string }> {
  const name = `language-${seeds[0]}${level}-${target}`;
  const folder = join(root, ".cache/generated");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.ts`),
    `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
${fileOf(seeds)}
const programs: (() => string)[] = [${seeds.map((seed) => `run${seed}`).join(", ")}];
class Mine extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const program = this.request.headers.get("x-program")!;
    return this.respond(200, program === "held" ? runHeld() : programs[<i32>parseInt(program)]());
  }
}
registerHttpFilter<Mine>();
`,
  );
  const { message = "nothing was made", files } = await runAsc([
    ...[`.cache/generated/${name}.ts`, "--config=asconfig.json", `--target=${target}`, level],
    ...["--outFile=made.wasm", "--transform", "./tests/flow/support/harsh-collector.mjs", "--baseDir", root],
  ]);
  const made = files.find(([path]) => path.endsWith("made.wasm"));
  return made === undefined ? { message: message.replace(/\x1b\[\d+m/g, "") } : { wasm: made[1] };
}

/** The program in which a place of the module's source is. */
function programAt(seeds: readonly number[], message: string): { seed: number; message: string }[] {
  const lines = fileOf(seeds).split("\n");
  const found: { seed: number; message: string }[] = [];
  for (const part of message.split(/^(?=ERROR )/m)) {
    const place = /└─ in \S+\((\d+),\d+\)/.exec(part);
    if (!place) continue;
    const head = lines
      .slice(0, Number(place[1]) - 1)
      .findLast((line) => /^export function run\d+/.test(line));
    const seed = Number(/run(\d+)/.exec(head ?? "")?.[1] ?? -1);
    if (!found.some((known) => known.seed === seed)) found.push({ seed, message: part.trim() });
  }
  return found;
}

/** Runs programs in Node and in a module, and compares what they told. */
export async function compare(all: readonly number[], options: Options): Promise<Outcome> {
  let seeds = [...all];
  const refused: { seed: number; message: string }[] = [];
  let bytes = new Uint8Array();
  while (seeds.length > 0) {
    const built = await compile(seeds, options);
    if ("wasm" in built) {
      bytes = built.wasm;
      break;
    }
    const wrong = programAt(seeds, built.message).filter(({ seed }) => seeds.includes(seed));
    if (wrong.length === 0) throw new Error(`the build fails elsewhere:\n${built.message}`);
    refused.push(...wrong);
    seeds = seeds.filter((seed) => !wrong.some((other) => other.seed === seed));
  }
  const different: { seed: number; node: string; module: string }[] = [];
  if (seeds.length === 0) return { compared: 0, refused, different };
  const expected = await inNode(seeds);
  let host = await createHost({ wasm: bytes, mayFail: true });
  const run = async (program: string): Promise<{ told: string; ended: boolean }> => {
    const { body, logs } = await host.request({ path: "/", headers: { "x-program": program } });
    const ended = logs.length > 0;
    return { told: ended ? `ends: ${logs.map(({ message }) => message).join("; ")}` : String(body), ended };
  };
  for (const [index, seed] of seeds.entries()) {
    const first = await run(String(index));
    const second = first.ended ? first : await run("held");
    if (second.ended) host = await createHost({ wasm: bytes, mayFail: true });
    const module = first.ended ? first.told : first.told + second.told;
    // A half of a character becomes U+FFFD where a body is sent.
    const node = Buffer.from(expected.get(seed)!).toString();
    if (module !== node) different.push({ seed, node, module });
  }
  return { compared: seeds.length, refused, different };
}
