/** Keys that are no number, lists of numbers, BigInt, and functions before their variables. */
import type { Construct } from "../constructs.js";

export const known: readonly Construct[] = [
  {
    group: "newcomer",
    name: "bigint small power",
    body: 'let out = ""; const a = 10n ** 5n; out += a; const b = 2n ** 40n; out += b;',
  },
  {
    group: "newcomer",
    name: "map NaN",
    body: 'let out = ""; const m = new Map<number, string>(); m.set(NaN, "n"); out += m.get(NaN) ?? "none"; out += m.has(NaN); m.set(NaN, "o"); out += m.size; out += m.delete(NaN); out += m.size; const z = new Map<number, string>([[0, "z"]]); out += z.get(-0) ?? "none"; z.set(-0, "y"); out += z.size;',
  },
  {
    group: "newcomer",
    name: "set NaN",
    body: 'let out = ""; const s = new Set<number>([NaN, NaN, 1]); out += s.size; out += s.has(NaN); s.delete(NaN); out += s.size; const t = new Set<number>([0, -0]); out += t.size; out += t.has(-0);',
  },
  {
    group: "newcomer",
    name: "number list to parameter",
    body: 'let out = ""; const xs = [1, 2]; out += sum(xs); const ys = [1, 2, 3]; const t = sum(ys) / ys.length; out += t; out += sum([1, 2]);',
    declarations: "function sum(xs: number[]): number { let s = 0; for (const x of xs) s += x; return s; }",
  },
  {
    group: "newcomer",
    name: "number list later",
    body: 'let out = ""; const xs = [1, 2]; xs.push(2.5); out += xs.join(); const ys = [1, 2]; ys[0] = 0.5; out += ys.join(); const a = new A(); const zs = [3]; a.set(zs); out += a.list.join(); const ws = [4]; a.list = ws; out += a.list.join(); out += give().join(); const o: { l: number[] } = { l: zs }; out += o.l.length;',
    declarations: `class A { list: number[] = []; set(xs: number[]): void { this.list = xs; } }
function give(): number[] { const xs = [1, 2]; return xs; }`,
  },
  {
    group: "newcomer",
    name: "readonly list parameter",
    body: 'let out = ""; const xs = [1, 2]; out += f(xs) + g(xs) + h(xs);',
    declarations:
      "function f(xs: readonly number[]): number { return xs.length ? xs[0] / 2 : 0; } function g(xs: ReadonlyArray<number>): number { return xs.length; } function h(xs: Array<number>): number { return xs[0]; }",
  },
  {
    group: "newcomer",
    name: "boolean map get",
    body: 'let out = ""; const m = new Map<string, boolean>([["a", true], ["b", false]]); out += m.get("a") ?? false; out += m.get("b") ?? true; out += m.get("c") ?? true; if (m.get("a")) out += "A"; if (!m.get("c")) out += "C"; out += m.get("c") === undefined;',
  },
  {
    group: "newcomer",
    name: "tuple length",
    body: 'let out = ""; const t: [string, number] = ["a", 1]; out += t.length; const [x, y] = t; out += x + y; out += t[0] + t[1];',
  },
  {
    group: "newcomer",
    name: "narrowing or",
    body: 'let out = ""; out += f(null, false) + f(new Node1(), false) + f(new Node1(), true) + g(null) + g(new Node1()) + h(false, null) + h(false, new Node1());',
    declarations: `class Node1 { path: string = "/p"; next: Node1 | null = null; }
function f(x: Node1 | null, a: boolean): string { if (a || x === null || x.path === "/") return "early"; return x.path; } function g(x: Node1 | null): string { return x === null || x.path.startsWith("/q") ? "no" : x.path; } function h(a: boolean, x: Node1 | null): boolean { return a || x === null || x.path.length > 1; }`,
  },
  {
    group: "newcomer",
    name: "narrowing field or",
    body: 'let out = ""; const p = new P(); out += f(p); p.path = "a"; out += f(p); out += g(p, false); p.next = new P(); out += g(p, false); p.next!.path = "b"; out += g(p, false);',
    declarations:
      'class P { next: P | null = null; path: string | null = null; } function f(p: P): string { if (p.path === null || p.path.length === 0) return "empty"; return p.path; } function g(p: P, a: boolean): string { if (a || p.next === null || p.next.path === null || p.next.path.length > 3) return "x"; return p.next.path; }',
  },
  {
    group: "newcomer",
    name: "power",
    body: 'let out = ""; const a = 10n ** 5n; out += a; const b = 2n ** 40n; out += b; out += 2n ** 62n; out += (-2n) ** 3n;',
  },
  {
    group: "newcomer",
    name: "factorial",
    body: 'let out = ""; let f = 1n; for (let i = 1n; i <= 20n; i++) f *= i; out += f; let n = 5n; n += 2n; n -= 1n; n <<= 3n; n >>= 1n; n %= 7n; out += n; out += 7n / 2n; out += -7n / 2n; out += 1n << 40n; out += 10n > 9n; out += 5n === 5n; out += `${3n}`; out += typeof 1n; out += (255n).toString(); out += -(5n);',
  },
  {
    group: "newcomer",
    name: "division by zero",
    body: 'let out = ""; try { let z = 0n; out += 1n / z; } catch (e) { out += (e as Error).message; }',
  },
  {
    group: "newcomer",
    name: "mixed compare",
    body: 'let out = ""; const a = 10n; out += a > 5n ? "big" : "small"; out += a == 10n; const xs = [1n, 2n, 3n]; out += xs.reduce((p, q) => p + q, 0n); out += (255n).toString(16); const m = new Map<string, string>([["a", "b"]]); out += 1n + 2n * 3n; out += 0n ? "t" : "f"; out += 1n ? "t" : "f"; out += 5n & 3n; out += 5n | 3n; out += 5n ^ 1n;',
  },
  {
    group: "newcomer",
    name: "generic function values",
    body: 'let out = ""; out += identity("x") + identity(5); out += twiceOf("a", (s) => s + "!"); out += mapValues<number, string>(new Map([["a", 1.5]]), (v) => v + "v").get("a") ?? "";',
    declarations:
      "function mapValues<V, R>(m: Map<string, V>, f: (v: V) => R): Map<string, R> { const r = new Map<string, R>(); for (const [k, v] of m) r.set(k, f(v)); return r; } const identity = <T>(x: T): T => x; const twiceOf = <T>(x: T, f: (y: T) => T): T => { const y = f(x); return f(y); };",
  },
  {
    group: "newcomer",
    name: "nested function before its variables",
    body: 'let out = ""; out += outer(); function later(): number { return base * 2; } const base = 4; out += later();',
    declarations:
      'function outer(): string { function inner(s: string): string { return s + x + deep(); } function deep(): string { return y; } const x = "x"; let y = "y"; y += "z"; return inner("a"); }',
  },
  {
    group: "newcomer",
    name: "element types of lists",
    body: 'let out = ""; const l: Level = "high"; out += l + rank(l); for (const x of LEVELS) out += x; const key: keyof typeof SIZES = "m"; out += key;',
    declarations:
      'const LEVELS = ["low", "high"] as const; type Level = (typeof LEVELS)[number]; const SIZES = { s: 1, m: 2 } as const; function rank(l: Level): number { return LEVELS.indexOf(l); }',
  },
  {
    group: "newcomer",
    name: "kept or another",
    body: 'let out = ""; let a: string | undefined; a ??= "x"; out += a; let b: string | null = null; b ||= "or"; out += b + b.length; b ??= "no"; out += `${b}`; let n: number | undefined; n ??= 5; out += n + 1;',
  },
  {
    group: "newcomer",
    name: "kept in fields",
    body: 'let out = ""; const c = new C(); out += c.label; out += c.label; out += c.count() + c.count();',
    declarations:
      'class C { name?: string; n?: number; get label(): string { this.name ??= "d"; return this.name + this.name.length; } count(): number { this.n ??= 1; this.n += 1; return this.n; } }',
  },
  {
    group: "newcomer",
    name: "typeof",
    body: 'let out = ""; let i = 0; const x = (i++, i + 5); out += x; out += typeof x + typeof "s" + typeof true + typeof (() => 1) + typeof undefined + typeof null; void i; out += !!"a"; out += i > 0 ? i > 1 ? "a" : "b" : "c";',
  },
];
