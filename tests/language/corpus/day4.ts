/** Booleans that may be undefined, defaults, computed types, and what reads and writes a member. */
import type { Construct } from "../constructs.js";

export const day4: readonly Construct[] = [
  {
    group: "first days",
    name: "bool: interface fields",
    body: 'let out = ""; out += enabled({}) + enabled({ beta: false }) + enabled({ beta: true, dark: true }); const f: Flags = {}; if (f.beta) out += "!"; if (!f.beta) out += "no"; f.beta = true; if (f.beta) out += "yes"; f.beta = undefined; out += f.beta === undefined; out += f.beta === false; out += typeof f.beta;',
    declarations: `interface Flags { beta?: boolean; dark?: boolean; n?: number }
function enabled(f: Flags): string { return \`\${f.beta ?? true},\${f.dark ?? false},\${f.beta}\`; }`,
  },
  {
    group: "first days",
    name: "bool: parameter",
    body: 'let out = ""; out += greet("ann") + greet("bob", false) + greet("cy", true); out += state() + state(true) + state(false) + state(undefined); const v: boolean | undefined = undefined; out += state(v);',
    declarations: `function greet(name: string, loud?: boolean): string { const l = loud ?? true; return l ? name.toUpperCase() : name; }
function state(on?: boolean): string { return on === undefined ? "unset" : on ? "on" : "off"; }`,
  },
  {
    group: "first days",
    name: "bool: tri state",
    body: 'let out = ""; for (const s of ["1", "0", "x"]) { const t = tri(s); if (t === null) out += "?"; else if (t) out += "t"; else out += "f"; out += tri2(s) ?? "d".length > 5; out += `${tri(s)}${tri2(s)}`; out += tri3(s) === null; } out += tri("x") ?? true; out += String(tri("x"));',
    declarations: `function tri(s: string): boolean | null { return s === "1" ? true : s === "0" ? false : null; }
function tri2(s: string): boolean | undefined { if (s === "1") return true; if (s === "0") return false; return undefined; }
function tri3(s: string) { if (s === "1") return true; if (s === "0") return false; return null; }`,
  },
  {
    group: "first days",
    name: "bool: map and record",
    body: 'let out = ""; for (const k of ["a", "b", "c"]) { out += flags.get(k) === undefined ? "u" : "d"; out += flags.get(k) ? 1 : 0; out += flags.get(k) ?? true; const v = flags.get(k); if (v === undefined) out += "?"; else out += v; out += on[k] ?? true; out += on[k] === undefined; } if (!on["zz"]) out += "!"; const w = on["zz"]; out += w === undefined ? "none" : "some";',
    declarations: `const flags = new Map<string, boolean>([["a", true], ["b", false]]);
const on: Record<string, boolean> = { a: true, b: false };`,
  },
  {
    group: "first days",
    name: "bool: class fields and closures",
    body: 'let out = ""; const a = new C(), b = new C(true), c = new C(false); out += a.text + b.text + c.text; a.toggle(); b.toggle(); out += a.text + b.text; out += a.off === null; a.off = false; out += a.off === null; let v: boolean | undefined; const set = (x: boolean) => { v = x; }; out += v === undefined; set(true); out += v; out += v === true; const o = a.on && b.on; out += o; out += a.on || b.on; out += a.on === b.on;',
    declarations:
      'class C { on?: boolean; off: boolean | null = null; constructor(on?: boolean) { this.on = on; } get text(): string { return this.on === undefined ? "-" : String(this.on); } toggle(): void { this.on = !this.on; } }',
  },
  {
    group: "first days",
    name: "bool: optional chain",
    body: 'let out = ""; const n: N | null = new N(); const m: N | null = out.length > 5 ? new N() : null; out += n?.ok ?? false; out += m?.ok ?? "x".length === 1; out += m?.ok === undefined; if (m?.ok) out += "!"; out += m?.next?.ok ?? true; out += n?.maybe ?? true; const x = m?.ok; out += x === undefined; out += x ? 1 : 2; out += !m?.ok;',
    declarations: "class N { ok = true; next: N | null = null; maybe?: boolean }",
  },
  {
    group: "first days",
    name: "bool: arrays of them",
    body: 'let out = ""; const xs = [true, false]; out += xs[0] ?? false; out += xs[5] ?? true; out += xs.pop() ?? true; out += xs.find((x) => x) ?? false; out += xs.join(); const g = xs[7]; out += g === undefined;',
  },
  {
    group: "first days",
    name: "bool: spread of options",
    body: 'let out = ""; const d: O = { a: true, b: false }; const o: O = { ...d, b: true }; const p: O = { ...d, ...{ s: "x" } }; out += `${o.a}${o.b}${p.a}${p.b}${p.s ?? ""}`; const q: O = { ...p }; out += q.a ?? false; out += q.b ?? true; const { a, b = true, s = "s" } = d; out += a ?? false; out += b; out += s; const e: O = {}; const { a: ea = true } = e; out += ea;',
    declarations: "interface O { a?: boolean; b?: boolean; s?: string }",
  },
  {
    group: "first days",
    name: "bool: generic holder",
    body: 'let out = ""; const b = new Box<boolean>(); out += b.has(); b.v = false; out += b.has(); out += b.get() ?? true; const n = new Box<number>(); out += n.has(); n.v = 0; out += n.has(); const s = new Box<string>(); out += s.has();',
    declarations:
      "class Box<T> { v: T | undefined; get(): T | undefined { return this.v; } has(): boolean { return this.v !== undefined; } }",
  },
  {
    group: "first days",
    name: "bool: object literal without a type",
    body: 'let out = ""; const o = { on: true, off: false }; out += o.on ? "y" : "n"; const list = [{ ok: true }, { ok: false }]; out += list.filter((x) => x.ok).length; out += list.map((x) => x.ok).join();',
  },
  {
    group: "first days",
    name: "chain number inner absent",
    body: 'let out = ""; const n = f(true); out += n?.n ?? 5; out += n?.k ?? 6; out += f(false)?.n ?? 7; out += n?.next?.n ?? 8; n!.n = 0; out += n?.n ?? 9; n!.next = new N(); out += n?.next?.n ?? 10;',
    declarations: `class N { n?: number; k: number = 1; next: N | null = null }
function f(t: boolean): N | null { return t ? new N() : null; }`,
  },
  {
    group: "first days",
    name: "map number chain",
    body: 'let out = ""; out += (m.get("a") ?? 3) + 1; const o: { c?: { max?: number } } = { c: {} }; out += o.c?.max ?? 10;',
    declarations: "const m = new Map<string, number>();",
  },
  {
    group: "first days",
    name: "compound targets",
    body: 'let out = ""; let k = 0; const xs = [1, 2, 3]; xs[k++] += 10; xs[k++]++; xs[k++] -= 1; out += xs.join() + k; next().n += 5; next().n++; out += one.n + "" + calls; next().k[0] *= 3; out += one.k.join() + calls; const m = new Map<string, N>([["a", one]]); m.get("a")!.n += 2; m.get("a")!.n--; out += one.n; let t = ["a"]; t[0] += "b"; out += t[0]; const ys = [[1]]; let y = 0; ys[y++][0] += 4; out += ys[0][0] + y;',
    declarations:
      "let calls = 0; class N { n = 1; k: number[] = [1, 2]; } const one = new N(); function next(): N { calls++; return one; }",
  },
  {
    group: "first days",
    name: "large constants",
    body: 'let out = ""; out += DAY * 30; out += MIN * 60; out += T.WEEK * 52; out += T.SEC * 86400 * 365; out += new T().month * 1000; const H = 3600 * 1000; out += H * 24; out += H / 7; const big = 2 ** 31; out += big + 1; const s = 1 << 20; out += s;',
    declarations: `const DAY = 24 * 60 * 60 * 1000; const MIN = 60 * 1000;
class T { static readonly WEEK = 7 * 24 * 3600 * 1000; static readonly SEC = 1000; month = 30 * 86400; }`,
  },
  {
    group: "first days",
    name: "defaults with undefined",
    body: 'let out = ""; const a: O2 = {}, b: O2 = { delay: 5, on: false }; out += wait(a.delay, a.on) + "," + wait(b.delay, b.on) + wait(undefined, false) + wait(1); let n: number | undefined; out += new Retry(n).next(n) + "," + new Retry(5).next(2) + new Retry().times; out += pad(5, n) + pad(5, 4) + pad(7); out += range(5, undefined, 2).join() + range(0, 1, undefined).join() + range(1).join();',
    declarations: `interface O2 { delay?: number; on?: boolean }
function wait(ms = 100, on = true): string { return ms + "" + on; }
class Retry { constructor(readonly times = 3) {} next(by = 1): number { return this.times + by; } }
const pad = (n: number, width = 2): string => String(n).padStart(width, "0");
function range(start: number, end = start + 3, step: number = 1): number[] { const r: number[] = []; for (let i = start; i < end; i += step) r.push(i); return r; }`,
  },
  {
    group: "first days",
    name: "partial config",
    body: 'let out = ""; const c = load({ port: 443, tls: true }); out += `${c.host}:${c.port} ${c.tls} ${c.tags.length}`; const d = load({}); out += `${d.port}${d.tls}`; out += load().host; out += pick({ host: "h", port: 1 }) + omit({ host: "g", port: 2 }); const p: Partial<Config> = { tls: false }; out += p.tls ?? true; out += p.port ?? 9; out += load(p).tls; const e = load({ tags: ["a"] }); out += e.tags.join();',
    declarations: `interface Config { host: string; port: number; tls: boolean; tags: string[] }
const defaults: Config = { host: "localhost", port: 80, tls: false, tags: [] };
function load(over: Partial<Config> = {}): Config { return { ...defaults, ...over }; }
function pick(c: Pick<Config, "host" | "port">): string { return c.host + c.port; }
function omit(c: Omit<Config, "tags" | "tls">): string { return c.host + c.port; }`,
  },
  {
    group: "first days",
    name: "list of objects returned as interface",
    body: 'let out = ""; out += parseAccept("da, en-gb;q=0.8, en;q=0.7, *;q=0.1").map((l) => `${l.tag}:${l.q}`).join(" ") + two().length;',
    declarations: `interface Lang { tag: string; q: number }
const parseAccept = (h: string): Lang[] => h.split(",").map((part) => { const [tag, q] = part.trim().split(";q="); return { tag, q: q ? parseFloat(q) : 1 }; }).sort((a, b) => b.q - a.q);
function two(): Lang[] { return ["a", "b"].map((tag) => ({ tag, q: 0.5 })); }`,
  },
  {
    group: "first days",
    name: "spread table",
    body: 'let out = ""; const more = { ...base, b: "3", c: "4" }; out += Object.entries(more).map(([k, v]) => k + v).join(); out += base["b"]; const typed: Record<string, string> = { z: "0", ...base }; out += Object.keys(typed).join(""); const pre = { z: "9", ...base, ...typed }; out += Object.keys(pre).join("");',
    declarations: 'const base: Record<string, string> = { a: "1", b: "2" };',
  },
  {
    group: "first days",
    name: "rest with whole literals",
    body: 'let out = ""; const xs = [1, 2, 3]; out += sum(...xs); out += sum(1, ...xs, 0.5); out += sum(); out += sum(...[4, 5]); const ys = [3, 9, 4]; out += Math.max(...ys) + Math.min(...ys); out += Math.max(...ys, 10.5); out += Math.max(0, ...ys.map((x) => x * 2)); out += Math.min(...ys, 1, 2);',
    declarations: "function sum(...xs: number[]): number { return xs.reduce((a, b) => a + b, 0); }",
  },
  {
    group: "first days",
    name: "held functions",
    body: 'let out = ""; out += new Sorter(true).run([1, 3, 2]) + "|" + new Sorter(false).run([3, 1, 2]); out += new T().all(); out += new Counter().each(["a", "b"]); out += ["a"].map(Counter.twice).join();',
    declarations: `class Sorter { constructor(private desc: boolean) {} compare = (a: number, b: number): number => this.desc ? b - a : a - b; run(xs: number[]): string { return xs.sort(this.compare).join(); } }
class T { private pre = "p"; items = ["a", "b"]; private fmt = (s: string): string => this.pre + s; all(): string { return this.items.map(this.fmt).join(); } }
class Counter { count = 0; inc = () => { this.count++; }; each(xs: string[]): number { xs.forEach(() => this.inc()); xs.forEach(this.inc); return this.count; } static twice(s: string): string { return s + s; } }`,
  },
  {
    group: "first days",
    name: "object is",
    body: 'let out = ""; out += Object.is(1, 1); out += Object.is("a", "a"); out += Object.is(NaN, NaN); out += Object.is("a", "b"); out += Object.is(0, -0); const u: number | undefined = undefined; out += Object.is(u, undefined as unknown as number); out += Object.is(true, false);',
  },
  {
    group: "first days",
    name: "reduce with types and never",
    body: 'let out = ""; const counts = ["x", "y", "x"].reduce((acc: Record<string, number>, s) => { acc[s] = (acc[s] || 0) + 1; return acc; }, {}); out += Object.entries(counts).sort(([, a], [, b]) => b - a).map(([k, n]) => `${k}${n}`).join(); out += code("allow") + code("deny"); out += ["a", "b"].reduce((acc: string[], s) => [...acc, s + s], []).join();',
    declarations: `type Action = "allow" | "deny";
function code(a: Action): number { switch (a) { case "allow": return 1; case "deny": return 2; default: { const _x: never = a; throw new Error("never " + _x); } } }`,
  },
  {
    group: "first days",
    name: "enum lists",
    body: 'let out = ""; out += Object.values(Color).join() + Object.keys(Color).join(); const has = Object.values(Color).includes("red" as Color); out += has; for (const m of Object.values(Color)) out += m; for (const [k, v] of Object.entries(Color)) out += k + v;',
    declarations: 'enum Color { Red = "red", Blue = "blue" }',
  },
  {
    group: "first days",
    name: "object as enum",
    body: 'let out = ""; out += text(Status.Ok) + text(404) + Object.keys(Status).join();',
    declarations: `const Status = { Ok: 200, NotFound: 404 } as const; type Status = (typeof Status)[keyof typeof Status];
function text(s: Status): string { return s === Status.Ok ? "ok" : "nf"; }`,
  },
  {
    group: "first days",
    name: "flat and spliced and sets",
    body: 'let out = ""; const nested = [[[1], [2]], [[3]]]; out += nested.flat(2).join(); out += nested.flat().length; const xs = [3, 1, 2]; out += xs.toSpliced(1, 1, 7, 8).join() + xs.toSpliced(0, 1).join() + xs.toSpliced(1).join() + xs.join();',
  },
  {
    group: "first days",
    name: "from entries",
    body: 'let out = ""; const o: Record<string, number> = { a: 1, b: 2 }; const d = Object.fromEntries(Object.entries(o).map(([k, v]) => [k.toUpperCase(), v * 2])); out += Object.entries(d).map(([k, v]) => k + v).join(); const q: Record<string, string> = { a: "1", utm_source: "x", b: "" }; const clean = Object.fromEntries(Object.entries(q).filter(([k, v]) => !k.startsWith("utm_") && v !== "")); out += Object.keys(clean).join(); const l = Object.fromEntries("a=1&b=2".split("&").map((p) => p.split("="))); out += l.a + l["b"]; const m = Object.fromEntries([["x", 1], ["y", 2]]); out += m.x + m.y; out += Object.fromEntries(new Map([["k", "v"]])).k;',
  },
  {
    group: "first days",
    name: "object assign",
    body: 'let out = ""; const x: O = { a: "1", b: "2" }; const y = Object.assign({}, x, { b: "3" }); out += y.a + y.b + x.b; const t: Record<string, string> = { k: "1" }; Object.assign(t, { z: "2" } as Record<string, string>); out += Object.keys(t).join();',
    declarations: "interface O { a: string; b: string }",
  },
  {
    group: "first days",
    name: "evolving lists",
    body: 'let out = ""; const parts = []; parts.push("x"); parts.push("y"); out += parts.join("-"); const nums = []; for (let i = 0; i < 3; i++) nums.push(i * 1.5); out += nums.join(); const objs = []; for (const s of ["a", "b"]) objs.push({ name: s, n: s.length }); out += objs.map((o) => o.name + o.n).join(); let later = []; if (out.length > 0) { later.push(1); later.push(2.5); } out += later.join(); const byIndex = []; byIndex[0] = "q"; out += byIndex[0];',
  },
  {
    group: "first days",
    name: "number keys",
    body: 'let out = ""; const c: Code = 301; out += names[c] + names[200]; for (const k of Object.keys(names)) out += k; out += byStatus[404] + (byStatus[200] ?? "none"); byStatus[200] = "ok"; out += Object.keys(byStatus).join(); out += 404 in byStatus; const p: ByPort = { 80: "http" }; p[443] = "https"; out += p[80] + p[443]; delete byStatus[404]; out += byStatus[404] === undefined; const n = 500; if (byStatus[n]) out += byStatus[n]; const k = 1.5; byStatus[k] = "f"; out += byStatus["1.5"];',
    declarations: `type Code = 200 | 301; const names: Record<Code, string> = { 200: "OK", 301: "Moved" };
const byStatus: Record<number, string> = { 404: "nf", 500: "err" };
interface ByPort { [port: number]: string }`,
  },
  {
    group: "first days",
    name: "locale compare",
    body: 'let out = ""; out += ["b", "a", "C", "A", "_", "1", " ", "-", "ä", "z", "é", "e"].sort((x, y) => x.localeCompare(y)).join(""); out += "a".localeCompare("b") + "b".localeCompare("a") + "a".localeCompare("a"); out += "résumé".localeCompare("resume"); out += "a b".localeCompare("ab"); out += "aB".localeCompare("Ab"); out += ["item10", "item9", "Item1"].sort((a, b) => a.localeCompare(b)).join(); out += "".localeCompare("a");',
  },
  {
    group: "first days",
    name: "dates parsed",
    body: 'let out = ""; for (const s of ["2024-01-31", "2024-05", "2024", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.123Z", "2024-01-01T10:00:00+05:30", "Sun, 06 Nov 1994 08:49:37 GMT", "x", "", "2024-13-01"]) out += Date.parse(s) + ","; const h = "Sun, 06 Nov 1994 08:49:37 GMT"; const d = new Date(h); out += d.toISOString() + new Date("2024-01-02T03:04:05Z").getTime(); const ms = d.getTime(); out += new Date(ms).toISOString() + new Date(ms + 1000).toISOString() + new Date(0).toISOString();',
  },
  {
    group: "first days",
    name: "dates calculated",
    body: 'let out = ""; const a = new Date(Date.UTC(2024, 0, 1)), b = new Date(Date.UTC(2024, 0, 31)); out += (b.getTime() - a.getTime()) / 86400000; out += a < b; out += Math.round((+b - +a) / 36e5); const c = new Date(a.getTime() + 1000); out += c > a; const age = b - a; out += age; out += (+c - +since) / 1000; out += new Date(+a).toISOString(); out += +a;',
    declarations: "const since = new Date(Date.UTC(2024, 0, 1));",
  },
  {
    group: "first days",
    name: "number keys again",
    body: 'let out = ""; delete byStatus[404]; out += byStatus[404] === undefined; const n = 500; if (byStatus[n]) out += byStatus[n]; const k = 1.5; byStatus[k] = "f"; out += byStatus["1.5"];',
    declarations: 'const byStatus: Record<number, string> = { 404: "nf", 500: "err" };',
  },
  {
    group: "first days",
    name: "whole minute constants",
    body: 'let out = ""; out += MIN * 60; const H = 3600 * 1000; out += H * 24; out += H / 7;',
    declarations: "const MIN = 60 * 1000;",
  },
  {
    group: "first days",
    name: "negative zero literal",
    body: 'let out = ""; const z = -0; out += 1 / z; out += z === 0; out += `${z}`;',
  },
  {
    group: "first days",
    name: "closures in a record of functions",
    body: 'let out = ""; for (const k of Object.keys(ops)) out += k + ops[k](6, 4); out += ops["none"]?.(1, 2) ?? 0;',
    declarations:
      "const ops: Record<string, (a: number, b: number) => number> = { add: (a, b) => a + b, div: (a, b) => a / b };",
  },
];
