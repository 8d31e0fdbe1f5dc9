/** Whole numbers beside those with a fraction: what stands beside a value is no wish for its type. */
import type { Construct } from "../constructs.js";

export const beside: readonly Construct[] = [
  {
    group: "numbers side by side",
    name: "division compared",
    body: 'let out = ""; const a = "b,c".length; const b = ["x"].findIndex((x) => x === "x"); out += String(1 <= ("b,c".length / ["x"].findIndex((x) => true)));',
  },
  {
    group: "numbers side by side",
    name: "division compared with map size",
    body: `let out = ""; const m = new Map([["a", "b"]]); out += String(m.size <= ("b,cd".length / ["x", "y", "z"].findIndex((x) => x === "z")));
out += String(m.size * 2 < (m.size * 5 / 2)); out += String(m.size == "abc".length / 2); out += String(m.size < ("abc".length / 2));`,
  },
  {
    group: "numbers side by side",
    name: "times NaN",
    body: `let out = ""; out += "b,c".length * (0 / 0); const m = new Map<string, number>([["a", ("b,c".length * (0 / 0))]]); out += m.get("a");
out += "abc".length * (1 / 2);  out += "abc".length + (1 / 2);`,
  },
  {
    group: "numbers side by side",
    name: "ternary",
    body: 'let out = ""; const n = "abc".length; const b = n > 5; out += b ? n : n / 2; const v = b ? n : n / 2; out += v; out += b ? 1 : n / 2; const w: number = b ? 1 : n / 2; out += w; const z = !b ? n / 2 : n; out += z;',
  },
  {
    group: "numbers side by side",
    name: "or",
    body: 'let out = ""; const n = "abc".length; const e = "".length; out += e || n / 2; const v = e || n / 2; out += v; out += (n && n / 2); const w = (n && n / 2) + 1; out += w;',
  },
  {
    group: "numbers side by side",
    name: "array literals",
    body: 'let out = ""; const n = "abc".length; const xs = [1, n / 2]; out += xs.join(); const ys = [n, n / 2]; out += ys.join(); const zs = [n / 2, n]; out += zs.join();',
  },
  {
    group: "numbers side by side",
    name: "rest",
    body: 'let out = ""; const n = "abc".length; out += Math.max(1, n / 2); out += Math.min(n, n / 2); const xs: number[] = []; xs.push(n, n / 2); out += xs.join();',
  },
  {
    group: "numbers side by side",
    name: "arithmetic",
    body: 'let out = ""; const n = "abc".length; out += n + n / 2; out += n - n / 2; out += n * (n / 2); out += n / (n / 2); out += n % (n / 2); out += n ** (n / 2); out += 1 + n / 2; out += 10 - n / 2; out += 2 * (n / 2); out += 10 % (n / 2);',
  },
  {
    group: "numbers side by side",
    name: "compare",
    body: 'let out = ""; const n = "abc".length; out += n < n / 2; out += n > n / 2; out += 1 < n / 2; out += 2 > n / 2; out += 1 === n / 2; out += n == n / 2; out += 1 != n / 2; out += n / 2 === 1; out += 1 >= n / 2;',
  },
  {
    group: "numbers side by side",
    name: "switch",
    body: 'let out = ""; const n = "abc".length; switch (1) { case n / 2: out += "half"; break; default: out += "d"; } switch (n / 2) { case 1: out += "1"; break; case 1.5: out += "1.5"; }',
  },
  {
    group: "numbers side by side",
    name: "function that returns",
    body: 'let out = ""; out += f(3) + g(3) + h("abc");',
    declarations: `function f(n: number) { return n > 5 ? 1 : n / 2; }
function g(n: number): number { return n > 5 ? 1 : n / 2; }
function h(s: string) { if (s === "") return 1; return s.length / 2; }`,
  },
  {
    group: "numbers side by side",
    name: "arrow",
    body: 'let out = ""; const half = (s: string) => s.length / 2; out += half("abc"); const g = (s: string) => s === "" ? 0 : s.length / 2; out += g("abc"); out += ["a", "ab", "abc"].map((s) => s.length > 1 ? s.length / 2 : 0).join(); out += ["a", "ab"].reduce((a, s) => a + s.length / 2, 0);',
  },
  {
    group: "numbers side by side",
    name: "big product sibling",
    body: 'let out = ""; const n = "abc".length * 1000000; out += 1 < n * n; out += n < n * n; const m = n > 5 ? 1 : n * n; out += n > n * n; out += n + n * n; out += n > 5 ? n * n : 1; out += n < 5 ? 1 : n * n; const v = [1, n * n]; out += v.join();',
  },
  {
    group: "numbers side by side",
    name: "nullish",
    body: 'let out = ""; const m = new Map<string, number>(); const n = "abc".length; out += m.get("a") ?? n / 2; out += (m.get("a") ?? 0) + n / 2; const xs: number[] = []; out += xs[0] ?? n / 2; out += xs.at(0) ?? n / 2;',
  },
  {
    group: "numbers side by side",
    name: "fields and defaults",
    body: 'let out = ""; const c = new C(3); out += c.half + c.n; out += d(3); out += d(3, 1);',
    declarations: `class C { half = 0; n: number; constructor(n: number) { this.half = n / 2; this.n = n / 4; } }
function d(n: number, m = n / 2) { return m; }`,
  },
  {
    group: "numbers side by side",
    name: "let and assignment",
    body: 'let out = ""; let h = 0; const n = "abc".length; h = n / 2; out += h; let g = 1; g += n / 2; out += g; let k = 5; k /= 2; out += k; let j = n; j = j / 2; out += j; let l = n; l /= 2; out += l;',
  },
  {
    group: "numbers side by side",
    name: "index counters",
    body: 'let out = ""; const xs = ["a", "b", "c"]; const mid = Math.floor(xs.length / 2); out += xs[mid]; out += xs[(xs.length / 2) | 0]; out += xs[xs.length >> 1]; out += xs.slice(xs.length / 2).join(); out += "abcde".slice(5 / 2); out += "abcde".substring(0, "abc".length / 2); out += "ab".repeat(5 / 2);',
  },
  {
    group: "numbers side by side",
    name: "percent",
    body: 'let out = ""; const done = "abc".length; const total = "abcdefg".length; out += (done / total * 100).toFixed(1); out += Math.round(done / total * 100); out += Math.round(100 * done / total); out += Math.round(100 * (done / total)); out += (100 * (done / total)).toFixed(2);',
  },
  {
    group: "numbers side by side",
    name: "counting",
    body: 'let out = ""; let hits = 0; let all = 0; for (const s of ["a", "b", "a"]) { all++; if (s === "a") hits++; } out += hits / all; out += (hits / all).toFixed(2); out += 1 - hits / all; out += 100 * (hits / all); if (1 > hits / all) out += "less"; const rate = all > 0 ? hits / all : 0; out += rate; const r2 = all === 0 ? 0 : hits / all; out += r2; out += all === 0 ? 0 : hits / all;',
  },
  {
    group: "numbers side by side",
    name: "module and captured",
    body: 'let out = ""; work(); out += total; out += avg2; const n = "abc".length; let avg = 0; ["a"].forEach((x) => { avg = n / 2; }); out += avg; let q = 1; const f = () => { q /= 2; }; f(); out += q; const k = new K(); k.set(2, "abc"); out += k.avg; out += k.count; out += K.all; k.avg /= 2; out += k.avg;',
    declarations: `let total = 0; let avg2 = 1;
class K { avg = 0; count: number = 0; static all = 0; set(n: number, m: string): void { this.avg = m.length / 2; this.count = m.length / n; K.all = m.length / 2; } }
function work(): void { const n = "abc".length; total = n / 2; avg2 /= 4; }`,
  },
  {
    group: "numbers side by side",
    name: "compound",
    body: 'let out = ""; const n = "abc".length; let a = 1; a += n / 2; out += a; let b = 10; b -= 0.5; out += b; let c = 2; c *= 1.5; out += c; let d = 2; d *= n; out += d; let e = 2; e **= 3; out += e; let g = 7; g %= 2.5; out += g; let h = n; h *= 0.5; out += h; let i = n; i++; i *= 100000; i *= 100000; out += i;',
  },
  {
    group: "numbers side by side",
    name: "objects",
    body: 'let out = ""; const n = "abc".length; const o = { half: n / 2, n }; out += o.half; out += o.n; o.n = n / 2; out += o.n; const list = [{ v: 1 }, { v: n / 2 }]; out += list.map((x) => x.v).join();',
  },
  {
    group: "numbers side by side",
    name: "maps",
    body: 'let out = ""; const n = "abc".length; const m = new Map([["a", 1], ["b", n / 2]]); out += m.get("a") ?? 0; out += m.get("b") ?? 0; const s = new Set([1, n / 2]); out += s.has(1.5); const t: [number, number] = [1, n / 2]; out += t[1];',
  },
  {
    group: "numbers side by side",
    name: "nested",
    body: 'let out = ""; const n = "abc".length; const m = 7; out += (1 + (2 * (n / 2))); out += 1 < 2 * (n / m) ? "a" : "b"; out += (n > 2 ? n : n / 2) + (n > 5 ? 1 : n / 2) * 2; out += Math.max(n > 5 ? 1 : n / 2, 0); out += `${n > 5 ? 1 : n / 2} ${1 + n / 2} ${(1 - n / m).toFixed(3)}`;',
  },
  {
    group: "numbers side by side",
    name: "numbers of >>>",
    body: 'let out = ""; const n = "abc".length; out += -(two(4) >>> 3); out += -(n >>> 0); out += (n >>> 0) - 5; out += (-1 >>> 0) + 1; out += (-1 >>> 0) * 2; const h = -n >>> 0; out += h - 1; out += h + h; out += h * 3; out += h % 10; out += h / 2; out += -h; const xs = ["a", "b"]; out += xs[h % xs.length]; out += (n >>> 1) / 2; out += h > -1; out += (n >>> 0) > -1; let g = n >>> 0; g -= 10; out += g; out += Math.abs((n >>> 0) - 9); out += `${-(n >>> 1)}`;',
    declarations: "function two(n: number): number { return n * 2; }",
  },
  {
    group: "numbers side by side",
    name: "whole types that are written keep their size",
    body: 'let out = ""; out += hash("abc") % 100;',
    declarations:
      "type u32 = number; function hash(text: string): u32 { let sum: u32 = 0x811c9dc5; for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 0x01000193) ^ text.charCodeAt(i)) >>> 0; return sum; }",
  },
];
