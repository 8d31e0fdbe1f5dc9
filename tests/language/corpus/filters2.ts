/** What people write in filters: headers, tokens, dates, tables, texts and functions. */
import type { Construct } from "../constructs.js";

export const filters2: readonly Construct[] = [
  {
    group: "filters",
    name: "index signature with computed writes",
    body: 'const h: Headers = {}; h["x-a"] = "1"; h["x-b"] = "2"; h["x-a"] += "0"; let out = ""; for (const k of Object.keys(h).sort()) out += `${k}=${h[k]};`; out += h["zz"] ?? "none"; out += "x-a" in h;',
    declarations: "interface Headers { [name: string]: string }",
  },
  {
    group: "filters",
    name: "discriminated union",
    body: 'const out = [{ kind: "circle", r: 2 } as Shape, { kind: "square", s: 3 } as Shape].map(area).join();',
    declarations:
      'type Shape = { kind: "circle"; r: number } | { kind: "square"; s: number }; function area(s: Shape): number { switch (s.kind) { case "circle": return s.r * s.r * 3; case "square": return s.s ** 2; } }',
  },
  {
    group: "filters",
    name: "const assertion of objects",
    body: "const out = ROUTES.map((r) => r.path + r.auth).join();",
    declarations: 'const ROUTES = [{ path: "/a", auth: true }, { path: "/b", auth: false }] as const;',
  },
  {
    group: "filters",
    name: "custom error hierarchy",
    body: 'let out = ""; for (const k of ["n", "f", "o"]) try { raise(k); } catch (e) { if (e instanceof NotFound) out += "404" + e.resource; else if (e instanceof HttpError) out += e.status; else out += "?"; }',
    declarations:
      'class HttpError extends Error { constructor(readonly status: number, message: string) { super(message); this.name = "HttpError"; } } class NotFound extends HttpError { constructor(readonly resource: string) { super(404, `${resource} not found`); } } function raise(k: string): void { if (k === "n") throw new NotFound("user"); if (k === "f") throw new HttpError(403, "no"); throw new Error("other"); }',
  },
  {
    group: "filters",
    name: "new Date(NaN).toISOString throws",
    body: 'let out = ""; try { out = new Date(NaN).toISOString(); } catch (e) { out = e instanceof RangeError ? "range" : "other"; }',
  },
  {
    group: "filters",
    name: "default number parameter property, given undefined",
    body: "const out = `${new D(undefined).n} ${new D().n} ${new D(3).n}`;",
    declarations:
      'class B { constructor(public s: string) {} } class D extends B { constructor(public n: number = 7) { super("x"); } }',
  },
  {
    group: "filters",
    name: "replaceAll with function",
    body: 'const out = "a-b-a".replaceAll("a", (m) => m.toUpperCase() + "1");',
  },
  {
    group: "filters",
    name: "replace of a text with function",
    body: 'const out = "a-b-a".replace("a", (m) => m.toUpperCase() + "1") + "xyz".replace("q", () => "!");',
  },
  {
    group: "filters",
    name: "Object.assign onto an object",
    body: 'const base: O = { a: 1, b: "x" }; Object.assign(base, { b: "y" }); const out = base.a + base.b;',
    declarations: "interface O { a: number; b: string }",
  },
  {
    group: "filters",
    name: "Object.assign of defaults",
    body: 'const o: O = Object.assign({ a: 1, b: "x" }, { b: "z" }); const out = o.a + o.b;',
    declarations: "interface O { a: number; b: string }",
  },
  { group: "filters", name: "filter(Boolean)", body: 'const out = ["a", "", "b"].filter(Boolean).join();' },
  {
    group: "filters",
    name: "map(Number), map(String)",
    body: 'const out = ["1", "2.5"].map(Number).reduce((a, b) => a + b, 0) + [1, 2].map(String).join("-");',
  },
  {
    group: "filters",
    name: "sum of ternary texts in template",
    body: 'const n = 3; const out = `${n} item${n === 1 ? "" : "s"}`;',
  },
  {
    group: "filters",
    name: "ternary of number and text in template",
    body: 'const n = 3, s = "x"; const out = `a${n > 2 ? n : s}b${n > 5 ? n : s}`;',
  },
  {
    group: "filters",
    name: "?? of number and text in template",
    body: 'const m = new Map<string, number>([["a", 1]]); const out = `${m.get("a") ?? "none"}${m.get("b") ?? "none"}`;',
  },
  {
    group: "filters",
    name: "+= of ?? of number and text",
    body: 'let out = ""; const m = new Map<string, number>([["a", 1]]); out += m.get("a") ?? "none"; out += m.get("b") ?? "-"; out = out + (m.get("c") ?? "z");',
  },
  {
    group: "filters",
    name: "|| of number and text in template",
    body: 'const n = 0, s = "x"; const out = `${n || "zero"}${s || 5}`;',
  },
  {
    group: "filters",
    name: "filter with guard",
    body: 'const xs: (string | undefined)[] = ["a", undefined]; const ys: string[] = xs.filter((x): x is string => x !== undefined); const out = ys.join();',
  },
  {
    group: "filters",
    name: "Error with cause, not read",
    body: 'let out = ""; try { throw new Error("x", { cause: new Error("y") }); } catch (e) { out = (e as Error).message; }',
  },
  {
    group: "filters",
    name: "Promise-free callbacks: once",
    body: "let n = 0; const f = once(() => { n++; return n; }); const out = `${f()}${f()}${n}`;",
    declarations:
      "function once(f: () => number): () => number { let done = false; let v = 0; return () => { if (!done) { done = true; v = f(); } return v; }; }",
  },
  {
    group: "filters",
    name: "memoize with Map",
    body: "let calls = 0; const slow = (n: number): number => { calls++; return n * n; }; const fast = memo(slow); const out = `${fast(3)}${fast(3)}${calls}`;",
    declarations:
      "function memo(f: (n: number) => number): (n: number) => number { const seen = new Map<number, number>(); return (n) => { const hit = seen.get(n); if (hit !== undefined) return hit; const v = f(n); seen.set(n, v); return v; }; }",
  },
  {
    group: "filters",
    name: "pipe of functions",
    body: 'const out = pipe((s: string) => s.trim(), (s: string) => s.toUpperCase())(" a ");',
    declarations:
      "type F = (s: string) => string; function pipe(...fs: F[]): F { return (s) => fs.reduce((acc, f) => f(acc), s); }",
  },
  {
    group: "filters",
    name: "curry",
    body: "const add = (a: number) => (b: number) => (c: number) => a + b + c; const out = `${add(1)(2)(3)}`;",
  },
  {
    group: "filters",
    name: "IIFE",
    body: 'const v = ((): string => { const t = "i"; return t + t; })(); const out = v;',
  },
  {
    group: "filters",
    name: "arguments by object with defaults",
    body: 'const out = get({ url: "u" }) + get({ url: "v", retries: 0, method: "POST" });',
    declarations:
      'interface Req { url: string; method?: string; retries?: number } function get({ url, method = "GET", retries = 3 }: Req): string { return method + url + retries; }',
  },
  {
    group: "filters",
    name: "date parts",
    body: "const d = new Date(Date.UTC(2024, 1, 29, 12, 30, 5, 7)); const out = `${d.getUTCFullYear()}-${d.getUTCMonth() + 1}-${d.getUTCDate()} ${d.getUTCDay()} ${d.toISOString()} ${d.getUTCHours()}${d.getUTCMinutes()}${d.getUTCMilliseconds()}`;",
  },
  {
    group: "filters",
    name: "date arithmetic",
    body: 'const a = new Date("2024-02-28T00:00:00Z"); const b = new Date(a.getTime() + 2 * 86400000); b.setUTCHours(5); const out = b.toISOString() + ((b.getTime() - a.getTime()) / 3600000);',
  },
  {
    group: "filters",
    name: "date compare and sort",
    body: 'const ds = ["2024-03-01", "2023-01-01"].map((s) => new Date(s + "T00:00:00Z")); ds.sort((a, b) => a.getTime() - b.getTime()); const out = `${ds[0].getUTCFullYear()}${ds[0] < ds[1]}`;',
  },
  {
    group: "filters",
    name: "http date",
    body: 'const d = new Date("2015-10-21T07:28:00Z"); const out = d.toUTCString();',
  },
  {
    group: "filters",
    name: "expires from max-age",
    body: 'const m = /max-age=(\\d+)/.exec("public, max-age=60"); const seconds = m ? parseInt(m[1], 10) : 0; const out = new Date(1000 * seconds).toISOString();',
  },
  {
    group: "filters",
    name: "jwt payload by hand",
    body: 'const [, payload] = "h.eyJhIjoxfQ.s".split("."); const out = payload.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(payload.length / 4) * 4, "=");',
  },
  {
    group: "filters",
    name: "query string parse to Record",
    body: 'const q = parse("a=1&b=&a=2&c"); const out = Object.entries(q).map(([k, v]) => `${k}:${v.join("+")}`).join();',
    declarations:
      'function parse(s: string): Record<string, string[]> { const r: Record<string, string[]> = {}; for (const pair of s.split("&")) { const [k, v = ""] = pair.split("="); (r[k] ??= []).push(v); } return r; }',
  },
];
