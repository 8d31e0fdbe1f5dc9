/** Rest parameters and lists that are spread into them. */
import type { Construct } from "../constructs.js";

export const rest: readonly Construct[] = [
  {
    group: "rest",
    name: "called with values",
    body: `const out = join("-", "a", "b") + join("+");`,
    declarations: `function join(sep: string, ...parts: string[]): string { return parts.join(sep); }`,
  },
  {
    group: "rest",
    name: "called with a list",
    body: `const xs = ["a", "b"]; const out = join("-", ...xs) + join("+", "c", ...xs, "d");`,
    declarations: `function join(sep: string, ...parts: string[]): string { return parts.join(sep); }`,
  },
  {
    group: "rest",
    name: "method",
    body: `const out = new J().join(...["a", "b"]);`,
    declarations: `class J { join(...parts: string[]): string { return parts.join("/"); } }`,
  },
  {
    group: "rest",
    name: "constructor",
    body: `const out = new J(...["a", "b"]).all;`,
    declarations: `class J { all: string; constructor(...parts: string[]) { this.all = parts.join("/"); } }`,
  },
  {
    group: "rest",
    name: "passed on",
    body: `const out = outer("a", "b");`,
    declarations: `function inner(...parts: string[]): string { return parts.join("/"); } function outer(...parts: string[]): string { return inner(...parts) + inner("x", ...parts); }`,
  },
  {
    group: "rest",
    name: "of numbers",
    body: `const out = "" + sum(1, 2.5) + sum(...[1, 2]);`,
    declarations: `function sum(...ns: number[]): number { let t = 0.5; for (const n of ns) t += n; return t; }`,
  },
  {
    group: "null",
    name: "?? in what stands behind a ??",
    body: 'const a: string | null = null; const out = (a ?? (["x"].find((s) => s === "y") ?? "none")) + up((a?.trim() ?? ("k".match(/q/)?.[0] ?? "b")));',
    declarations: "function up(s: string): string { return s.toUpperCase(); }",
  },
  {
    group: "numbers",
    name: "bitwise operators of literals where a number is wanted",
    body: 'const m = new Map<string, number>([["a", 0.5]]); const n: number = 3; const out = [n, 1 << 5, 0.5, 7 >> 1, 6 & 3].join() + (m.get("k") ?? 1 >> 5) + (m.get("q") ?? (12 ^ 5));',
  },
  {
    group: "numbers",
    name: "bitwise operators of what is no whole number, or too large",
    body: "const z: number = 0; const xs: number[] = [1 / z, -1 / z, z / z, 2 ** 53 * 3, -(2 ** 70) - 2 ** 40, 1e20, -1e20, 1e300, 2 ** 63, -(2 ** 63)]; const out = xs.map((x) => `${x | 0} ${~x} ${x >>> 1}`).join();",
  },
];
