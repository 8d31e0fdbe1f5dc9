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
];
