/** What is written in a first week, part 3. */
import type { Construct } from "../constructs.js";

export const week3: readonly Construct[] = [
  {
    group: "first week",
    name: "int params",
    body: 'const out = f("abc".length, 2);',
    declarations: "function f(a: number, b: number): string { return `${a * b}`; }",
  },
  {
    group: "first week",
    name: "number to slice",
    body: 'const n: number = 2; const out = "hello".slice(0, n) + "x".repeat(n);',
  },
  {
    group: "first week",
    name: "numeric separators",
    body: "const n = 1_000_000; const out = `${n + 0xff + 0b11 + 0o17}`;",
  },
  {
    group: "first week",
    name: "float literal",
    body: "const out = [0.1 + 0.2, .5, 5., 1e3, 1.0].join();",
  },
  {
    group: "first week",
    name: "comparison chain",
    body: 'const n = 5; const out = n > 1 && n < 10 ? "in" : "out";',
  },
  {
    group: "first week",
    name: "ternary number",
    body: 'const n = "a".length > 3 ? 1 : 0.5; const out = `${n}`;',
  },
  {
    group: "first week",
    name: "ternary nested",
    body: 'const s = 503; const out = s >= 500 ? "5xx" : s >= 400 ? "4xx" : "ok";',
  },
  {
    group: "first week",
    name: "bit flags",
    body: "const A = 1 << 0, B = 1 << 1; let f = A | B; f &= ~A; const out = `${f} ${(f & B) !== 0}`;",
  },
  {
    group: "first week",
    name: "bit flags enum",
    body: "let f = P.Read | P.Write; const out = `${(f & P.Read) === P.Read} ${f & P.Exec}`;",
    declarations: "enum P { Read = 1, Write = 2, Exec = 4 }",
  },
  {
    group: "first week",
    name: "xor swap",
    body: "let a = 5, b = 9; a ^= b; b ^= a; a ^= b; const out = `${a},${b}`;",
  },
  {
    group: "first week",
    name: "increment",
    body: "let i = 0; const a = i++; const b = ++i; const c = i--; const out = [a, b, c, i].join();",
  },
  {
    group: "first week",
    name: "decimals",
    body: "const price = 19.99; const qty = 3; const out = (price * qty).toFixed(2);",
  },
  {
    group: "first week",
    name: "number toString",
    body: "const n = 42; const out = n.toString() + (3.14).toString() + (255).toString(2);",
  },
  {
    group: "first week",
    name: "charCode NaN",
    body: 'const c = "a".charCodeAt(5); const out = c > 0 ? "y" : "n";',
  },
  {
    group: "first week",
    name: "time math",
    body: "const hours = 2; const ms = hours * 60 * 60 * 1000; const out = `${ms}`;",
  },
  {
    group: "first week",
    name: "seconds",
    body: 'const ms = 90061; const s = Math.floor(ms / 1000) % 60; const m = Math.floor(ms / 60000); const out = `${m}:${String(s).padStart(2, "0")}`;',
  },
  {
    group: "first week",
    name: "typeof",
    body: 'const n = 5, s = "x", b = true; const out = typeof n + typeof s + typeof b;',
  },
  {
    group: "first week",
    name: "typeof undefined",
    body: "let v: string | undefined; const out = typeof v;",
  },
  {
    group: "first week",
    name: "typeof function",
    body: "const f = () => 1; const out = typeof f;",
  },
  {
    group: "first week",
    name: "typeof object",
    body: "const o = { a: 1 }; const out = typeof o;",
  },
  {
    group: "first week",
    name: "index fraction",
    body: 'const xs = ["a", "b", "c"]; const out = xs[5 / 2] ?? "none";',
  },
  {
    group: "first week",
    name: "index var fraction",
    body: 'const xs = ["a", "b", "c"]; const i = 1; const v = xs[i / 2]; const out = v === undefined ? "u" : v;',
  },
  {
    group: "first week",
    name: "bool to number",
    body: "const b = true; const out = `${Number(b)} ${b ? 1 : 0} ${+b}`;",
  },
  {
    group: "first week",
    name: "bool print",
    body: 'const b = "a" === "a"; const out = `${b}` + b + String(!b);',
  },
  {
    group: "first week",
    name: "double negation",
    body: 'const s: string = "x"; const out = `${!!s}`;',
  },
  {
    group: "first week",
    name: "comma",
    body: "let i = 0, j = 10; for (; i < j; i++, j--) {} const out = `${i},${j}`;",
  },
  {
    group: "first week",
    name: "void 0",
    body: 'let v: string | undefined = "x"; v = void 0; const out = v ?? "undef";',
  },
  {
    group: "first week",
    name: "Map of arrays",
    body: 'const m = new Map<string, number[]>(); m.set("a", [1]); m.get("a")?.push(2); const out = (m.get("a") ?? []).join();',
  },
  {
    group: "first week",
    name: "Map size delete",
    body: 'const m = new Map<string, number>([["a", 1], ["b", 2]]); const d = m.delete("a"); const out = `${m.size} ${d} ${m.has("a")}`;',
  },
  {
    group: "first week",
    name: "Map chain set",
    body: 'const m = new Map<string, string>().set("a", "1").set("b", "2"); const out = `${m.size}`;',
  },
  {
    group: "first week",
    name: "Map get ?? 0",
    body: 'const m = new Map<string, number>(); m.set("x", (m.get("x") ?? 0) + 1); const out = `${m.get("x") ?? 0}`;',
  },
  {
    group: "first week",
    name: "Map get !",
    body: 'const m = new Map<string, number>(); m.set("x", 1); m.set("x", m.get("x")! + 1); const out = `${m.get("x")!}`;',
  },
  {
    group: "first week",
    name: "Map get number var",
    body: 'const m = new Map<string, number>(); m.set("x", 1); const v = m.get("x"); const out = v === undefined ? "none" : `${v + 1}`;',
  },
  {
    group: "first week",
    name: "Map get number if",
    body: 'const m = new Map<string, number>(); m.set("x", 1); const v = m.get("x"); let out = "none"; if (v !== undefined) out = `${v * 2}`;',
  },
  {
    group: "first week",
    name: "Map get template",
    body: 'const m = new Map([["a", 1]]); const out = `${m.get("a")}`;',
  },
  {
    group: "first week",
    name: "Map sorted entries",
    body: 'const m = new Map([["b", 2], ["a", 1]]); const out = [...m.entries()].sort((x, y) => x[0].localeCompare(y[0])).map(([k, v]) => `${k}${v}`).join();',
  },
  {
    group: "first week",
    name: "Map spread map",
    body: 'const m = new Map([["a", 1]]); const out = [...m].map(([k, v]) => k + v).join();',
  },
  {
    group: "first week",
    name: "Map values sum",
    body: 'const m = new Map([["a", 1], ["b", 2]]); let t = 0; for (const v of m.values()) t += v; const out = `${t}`;',
  },
  {
    group: "first week",
    name: "Map forEach",
    body: 'const m = new Map([["a", "1"]]); let out = ""; m.forEach((v, k) => { out += k + v; });',
  },
  {
    group: "first week",
    name: "Map of Map",
    body: 'const m = new Map<string, Map<string, number>>(); m.set("a", new Map()); m.get("a")!.set("x", 1); const out = `${m.get("a")?.get("x") ?? 0}`;',
  },
  {
    group: "first week",
    name: "Map object values",
    body: 'const m = new Map<string, { hits: number }>(); m.set("a", { hits: 1 }); const e = m.get("a"); if (e) e.hits++; const out = `${m.get("a")?.hits ?? 0}`;',
  },
  {
    group: "first week",
    name: "Map from entries param",
    body: 'const pairs: [string, number][] = [["a", 1], ["b", 2]]; const m = new Map(pairs); const out = `${m.get("b") ?? 0}`;',
  },
  {
    group: "first week",
    name: "Map number key",
    body: 'const m = new Map<number, string>(); m.set(404, "nf"); const out = m.get(404) ?? "";',
  },
  {
    group: "first week",
    name: "Map clear",
    body: 'const m = new Map([["a", 1]]); m.clear(); const out = `${m.size}`;',
  },
  {
    group: "first week",
    name: "Map top",
    body: 'const out = ROUTES.get("/a") ?? "none";',
    declarations: 'const ROUTES = new Map<string, string>([["/a", "A"], ["/b", "B"]]);',
  },
  {
    group: "first week",
    name: "Set ops",
    body: 'const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); const out = [...a].filter((x) => b.has(x)).join() + "|" + new Set([...a, ...b]).size;',
  },
  {
    group: "first week",
    name: "Set add delete",
    body: 'const s = new Set<string>(); s.add("a").add("b"); s.delete("a"); const out = `${s.size}${s.has("a")}`;',
  },
  {
    group: "first week",
    name: "Set forEach",
    body: 'let out = ""; new Set(["a", "b"]).forEach((v) => { out += v; });',
  },
  {
    group: "first week",
    name: "Set top",
    body: 'const out = `${ALLOWED.has("GET")}`;',
    declarations: 'const ALLOWED = new Set(["GET", "HEAD"]);',
  },
  {
    group: "first week",
    name: "Set readonly",
    body: 'const out = `${A.has("x")}`;',
    declarations: 'const A: ReadonlySet<string> = new Set(["x"]);',
  },
  {
    group: "first week",
    name: "Object.entries record",
    body: 'const r: Record<string, number> = { a: 1, b: 2 }; const out = Object.entries(r).map(([k, v]) => `${k}=${v}`).join("&");',
  },
  {
    group: "first week",
    name: "Object.keys length",
    body: 'const r: Record<string, string> = {}; r["a"] = "1"; const out = `${Object.keys(r).length}`;',
  },
  {
    group: "first week",
    name: "Record sorted",
    body: "const r: Record<string, number> = { b: 2, a: 1 }; const out = Object.keys(r).sort().map((k) => k + r[k]).join();",
  },
  {
    group: "first week",
    name: "Record ??=",
    body: 'const r: Record<string, number[]> = {}; (r["a"] ??= []).push(1); const out = r["a"].join();',
  },
  {
    group: "first week",
    name: "Record inc",
    body: 'const r: Record<string, number> = {}; for (const c of "aab") r[c] = (r[c] || 0) + 1; const out = `${r["a"]}${r["b"]}`;',
  },
  {
    group: "first week",
    name: "Record nested",
    body: 'const r: Record<string, Record<string, string>> = { a: { x: "1" } }; const out = r["a"]["x"] + (r["b"]?.["x"] ?? "none");',
  },
  {
    group: "first week",
    name: "Record enum key",
    body: "const out = NAMES[Level.Low] + NAMES[Level.High];",
    declarations:
      'enum Level { Low = "low", High = "high" } const NAMES: Record<Level, string> = { [Level.Low]: "L", [Level.High]: "H" };',
  },
  {
    group: "first week",
    name: "Record function",
    body: 'const h: Record<string, (s: string) => string> = { up: (s) => s.toUpperCase(), low: (s) => s.toLowerCase() }; const f = h["up"]; const out = f ? f("a") : "";',
  },
  {
    group: "first week",
    name: "Date",
    body: "const d = new Date(0); const out = d.toISOString() + d.getTime() + d.getUTCFullYear();",
  },
  {
    group: "first week",
    name: "Date diff",
    body: 'const a = new Date("2024-01-01T00:00:00Z"), b = new Date("2024-01-02T00:00:00Z"); const out = `${(b.getTime() - a.getTime()) / 1000}`;',
  },
  {
    group: "first week",
    name: "Date parts",
    body: 'const d = new Date("2024-03-05T10:20:30Z"); const out = [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCDay()].join("-");',
  },
  {
    group: "first week",
    name: "encodeURIComponent",
    body: 'const out = encodeURIComponent("a b&c") + decodeURIComponent("%41") + encodeURI("a b");',
  },
  {
    group: "first week",
    name: "param properties",
    body: 'const p = new P("a", 2); const out = p.describe();',
    declarations:
      "class P { constructor(private readonly name: string, public age: number) {} describe(): string { return `${this.name} ${this.age}`; } }",
  },
  {
    group: "first week",
    name: "readonly field",
    body: "const p = new P(); const out = p.id + p.tags.join();",
    declarations: 'class P { readonly id: string = "x"; readonly tags: readonly string[] = ["a"]; }',
  },
  {
    group: "first week",
    name: "param property default",
    body: 'const out = new P().n + new P(5).n + "";',
    declarations: "class P { constructor(public n: number = 3) {} }",
  },
  {
    group: "first week",
    name: "getter setter",
    body: "const t = new T(); t.c = 100; const out = `${t.f} ${t.c}`;",
    declarations:
      "class T { private _c = 0; get c(): number { return this._c; } set c(v: number) { this._c = v; } get f(): number { return this._c * 9 / 5 + 32; } }",
  },
  {
    group: "first week",
    name: "static",
    body: "C.inc(); C.inc(); const out = `${C.count} ${C.NAME}`;",
    declarations:
      'class C { static count = 0; static readonly NAME = "c"; static inc(): void { C.count++; } }',
  },
  {
    group: "first week",
    name: "static factory",
    body: 'const out = C.of("y").v;',
    declarations:
      "class C { private constructor(readonly v: string) {} static of(v: string): C { return new C(v); } }",
  },
  {
    group: "first week",
    name: "singleton",
    body: "const out = `${S.get() === S.get()}`;",
    declarations:
      "class S { private static inst: S | null = null; static get(): S { if (S.inst === null) S.inst = new S(); return S.inst; } }",
  },
  {
    group: "first week",
    name: "singleton ??=",
    body: "const out = `${S.get() === S.get()}`;",
    declarations: "class S { private static inst?: S; static get(): S { return (S.inst ??= new S()); } }",
  },
];
