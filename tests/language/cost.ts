/**
 * What constructs of TypeScript cost beside the same by hand, in release builds: WebAssembly's operators for one use, and a module's
 * bytes. `npx tsx tests/language/cost.ts` writes the table of docs/typescript.md.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CountingHost } from "../../src/count/index.js";
import { compileFilterText } from "../support/compile.js";

export interface Pair {
  readonly name: string;
  readonly construct: string;
  readonly byHand: string;
  readonly declarations?: string;
}

/** Bodies of a loop that has `i`, `xs` (a list of 8 texts), `map` and `box`, and adds to `sum`. */
export const pairs: readonly Pair[] = [
  {
    name: "for…of over a list of 8",
    construct: "for (const x of xs) sum += x.length;",
    byHand: "for (let k = 0; k < xs.length; k++) sum += xs[k].length;",
  },
  {
    name: "for…of over entries() of 8",
    construct: "for (const [k, x] of xs.entries()) sum += x.length + k;",
    byHand: "for (let k = 0; k < xs.length; k++) sum += xs[k].length + k;",
  },
  {
    name: "a ?? b",
    construct: 'sum += (given(i) ?? "other").length;',
    byHand: 'const text = given(i); sum += (text !== null ? text : "other").length;',
  },
  {
    name: "a?.b ?? 0",
    construct: "sum += find(i)?.size ?? 0;",
    byHand: "const it = find(i); sum += it !== null ? it.size : 0;",
  },
  {
    name: "[a, b] = pair taken apart",
    construct: "const [a, b] = xs; sum += a.length + b.length;",
    byHand: "const a = xs[0]; const b = xs[1]; sum += a.length + b.length;",
  },
  {
    name: "a call of a function that holds a variable",
    construct: "sum += held(i);",
    byHand: "sum += holder.call(i);",
  },
  {
    name: "making such a function",
    construct: "const f = (n: i32): i32 => n + i; sum += apply(f, i);",
    byHand: "const f = new Adder(i); sum += applyTo(f, i);",
  },
];

const REPEATS = 500;

const filterOf = (
  body: string,
): string => `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Box { size: i32 = 3; }
class Adder { constructor(public base: i32) {} call(n: i32): i32 { return n + this.base; } }
const box = new Box();
const holder = new Adder(2);
const makeHeld = (base: i32): ((n: i32) => i32) => (n) => n + base;
const held: (n: i32) => i32 = makeHeld(2);
const xs: string[] = "a,bb,c,dd,e,ff,g,hh".split(",");
function given(i: i32): string | null { return i & 1 ? xs[0] : null; }
function find(i: i32): Box | null { return i & 1 ? box : null; }
function apply(f: (n: i32) => i32, n: i32): i32 { return f(n); }
function applyTo(f: Adder, n: i32): i32 { return f.call(n); }
class Mine extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    let sum: i32 = 0;
    for (let i: i32 = 0; i < ${REPEATS}; i++) { ${body} }
    return sum == -1 ? this.respond(500, "never") : FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Mine>();
`;

/** Operators for one use of a body, and the module's bytes. */
async function measure(body: string): Promise<{ operators: number; bytes: number }> {
  const wasm = readFileSync(await compileFilterText(filterOf(body), { optimized: true }));
  const host = await CountingHost.start({ wasm });
  const request = { method: "GET", path: "/" } as never;
  for (let i = 0; i < 20; i++) host.request(request);
  const before = host.operators;
  for (let i = 0; i < 20; i++) host.request(request);
  return { operators: (host.operators - before) / 20 / REPEATS, bytes: wasm.length };
}

export interface Row {
  readonly name: string;
  readonly construct: { operators: number; bytes: number };
  readonly byHand: { operators: number; bytes: number };
}

export async function table(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, construct, byHand } of pairs)
    rows.push({ name, construct: await measure(construct), byHand: await measure(byHand) });
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  for (const { name, construct, byHand } of await table())
    console.log(
      `| ${name} | ${construct.operators.toFixed(1)} | ${byHand.operators.toFixed(1)} | ${construct.bytes - byHand.bytes} |`,
    );
