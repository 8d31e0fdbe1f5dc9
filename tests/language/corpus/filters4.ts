/** Small classes and functions that filters have: routers, caches, limits, versions. */
import type { Construct } from "../constructs.js";

export const filters4: readonly Construct[] = [
  {
    group: "filters",
    name: "list of literals with an optional number",
    body: 'const xs = "a=1;b".split(";").map((p) => { const q = p.split("=").find((k) => k === "1")?.length; return { p, q: q === undefined ? 5 : q }; }).sort((a, b) => a.q - b.q); const out = xs.map((x) => x.p + x.q).join();',
  },
  {
    group: "filters",
    name: "header map class with case folding",
    body: 'const h = new Hd(); h.set("X-A", "1"); h.append("x-a", "2"); h.append("B", "3"); let out = h.get("x-A") ?? "none"; h.forEach((v, k) => { out += `;${k}=${v}`; }); out += h.has("b"); h.delete("B"); out += h.has("b");',
    declarations:
      'class Hd { private m = new Map<string, string[]>(); set(k: string, v: string): void { this.m.set(k.toLowerCase(), [v]); } append(k: string, v: string): void { const key = k.toLowerCase(); const list = this.m.get(key); if (list) list.push(v); else this.m.set(key, [v]); } get(k: string): string | null { return this.m.get(k.toLowerCase())?.join(", ") ?? null; } has(k: string): boolean { return this.m.has(k.toLowerCase()); } delete(k: string): boolean { return this.m.delete(k.toLowerCase()); } forEach(f: (v: string, k: string) => void): void { for (const [k, v] of this.m) f(v.join(", "), k); } }',
  },
  {
    group: "filters",
    name: "router with handlers in a Map",
    body: 'const r = new Router(); r.get("/a", () => "A"); r.get("/b/:id", (p) => "B" + p.get("id")!); const out = r.run("/a") + r.run("/b/7") + r.run("/c");',
    declarations:
      'type Handler = (params: Map<string, string>) => string; interface Route { parts: string[]; handler: Handler } class Router { private routes: Route[] = []; get(path: string, handler: Handler): void { this.routes.push({ parts: path.split("/"), handler }); } run(path: string): string { const given = path.split("/"); next: for (const { parts, handler } of this.routes) { if (parts.length !== given.length) continue; const params = new Map<string, string>(); for (const [i, part] of parts.entries()) { if (part.startsWith(":")) params.set(part.slice(1), given[i]); else if (part !== given[i]) continue next; } return handler(params); } return "404"; } }',
  },
  {
    group: "filters",
    name: "middleware chain by index",
    body: 'const log: string[] = []; const run = compose([(c, next) => { log.push("1>"); next(); log.push("<1"); }, (c, next) => { log.push("2" + c); if (c !== "stop") next(); }, () => { log.push("end"); }]); run("x"); run("stop"); const out = log.join("");',
    declarations:
      "type Next = () => void; type Mw = (c: string, next: Next) => void; function compose(list: Mw[]): (c: string) => void { return (c) => { const at = (i: number): void => { if (i < list.length) list[i](c, () => at(i + 1)); }; at(0); }; }",
  },
  {
    group: "filters",
    name: "token bucket with injected clock",
    body: 'let now = 0; const b = new Bucket(2, 1, () => now); let out = ""; for (const t of [0, 0, 0, 1000, 1500]) { now = t; out += b.take() ? "y" : "n"; }',
    declarations:
      "class Bucket { private tokens: number; private at: number; constructor(private size: number, private rate: number, private clock: () => number) { this.tokens = size; this.at = clock(); } take(): boolean { const now = this.clock(); this.tokens = Math.min(this.size, this.tokens + ((now - this.at) / 1000) * this.rate); this.at = now; if (this.tokens < 1) return false; this.tokens--; return true; } }",
  },
  {
    group: "filters",
    name: "LRU cache by Map order",
    body: 'const c = new Lru(2); c.put("a", 1); c.put("b", 2); c.get("a"); c.put("c", 3); const out = `${c.get("a") ?? "-"}${c.get("b") ?? "-"}${c.get("c") ?? "-"}${c.keys()}`;',
    declarations:
      'class Lru { private m = new Map<string, number>(); constructor(private max: number) {} get(k: string): number | undefined { const v = this.m.get(k); if (v === undefined) return undefined; this.m.delete(k); this.m.set(k, v); return v; } put(k: string, v: number): void { this.m.delete(k); this.m.set(k, v); if (this.m.size > this.max) { const oldest = this.m.keys().next().value; if (oldest !== undefined) this.m.delete(oldest); } } keys(): string { return [...this.m.keys()].join("/"); } }',
  },
  {
    group: "filters",
    name: "version compare",
    body: 'const cmp = (a: string, b: string): number => { const x = a.split(".").map(Number), y = b.split(".").map(Number); for (let i = 0; i < Math.max(x.length, y.length); i++) { const d = (x[i] ?? 0) - (y[i] ?? 0); if (d !== 0) return Math.sign(d); } return 0; }; const out = [cmp("1.2", "1.10"), cmp("1.0", "1"), cmp("2", "1.9.9")].join();',
  },
  {
    group: "filters",
    name: "cidr match",
    body: 'const inNet = (ip: string, cidr: string): boolean => { const [net, bits = "32"] = cidr.split("/"); const n = (s: string): number => s.split(".").reduce((a, o) => a * 256 + parseInt(o, 10), 0); const size = 2 ** (32 - Number(bits)); return Math.floor(n(ip) / size) === Math.floor(n(net) / size); }; const out = `${inNet("10.1.2.3", "10.0.0.0/8")}${inNet("11.0.0.1", "10.0.0.0/8")}${inNet("1.2.3.4", "1.2.3.4")}`;',
  },
  {
    group: "filters",
    name: "snake keys of a Record",
    body: 'const o: Record<string, string> = { fooBar: "1", baz: "2" }; const r: Record<string, string> = {}; for (const [k, v] of Object.entries(o)) r[k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)] = v; const out = Object.keys(r).join() + Object.values(r).join();',
  },
  {
    group: "filters",
    name: "chunks and zip",
    body: 'const out = chunk([1, 2, 3, 4, 5], 2).map((c) => c.join("")).join("|") + zip(["a", "b"], [1, 2]).map(([s, n]) => s + n).join();',
    declarations:
      "function chunk<T>(xs: T[], n: number): T[][] { const out: T[][] = []; for (let i = 0; i < xs.length; i += n) out.push(xs.slice(i, i + n)); return out; } function zip<A, B>(a: A[], b: B[]): [A, B][] { return a.map((x, i): [A, B] => [x, b[i]]); }",
  },
  {
    group: "filters",
    name: "generic Result class",
    body: 'const r = parse("5").map((n) => n * 2); const out = `${r.ok ? r.value : "E"}${parse("x").ok}${parse("x").or(9)}`;',
    declarations:
      'class Result<T> { constructor(readonly ok: boolean, readonly value: T, readonly error: string) {} map<U>(f: (v: T) => U): Result<U> { return new Result<U>(this.ok, f(this.value), this.error); } or(v: T): T { return this.ok ? this.value : v; } } function parse(s: string): Result<number> { const n = Number(s); return isNaN(n) ? new Result<number>(false, 0, "nan") : new Result<number>(true, n, ""); }',
  },
  {
    group: "filters",
    name: "event counter by nested Record",
    body: 'const stats: Record<string, Record<string, number>> = {}; for (const e of ["a:x", "a:y", "b:x", "a:x"]) { const [k, v] = e.split(":"); const inner = (stats[k] ??= {}); inner[v] = (inner[v] ?? 0) + 1; } const out = Object.keys(stats).map((k) => k + Object.entries(stats[k]).map(([v, n]) => v + n).join("")).join();',
  },
  {
    group: "filters",
    name: "levenshtein",
    body: 'const out = `${lev("kitten", "sitting")}${lev("", "abc")}`;',
    declarations:
      "function lev(a: string, b: string): number { const d: number[] = Array.from({ length: b.length + 1 }, (_, i) => i); for (let i = 1; i <= a.length; i++) { let prev = d[0]; d[0] = i; for (let j = 1; j <= b.length; j++) { const t = d[j]; d[j] = Math.min(d[j] + 1, d[j - 1] + 1, prev + (a[i - 1] === b[j - 1] ? 0 : 1)); prev = t; } } return d[b.length]; }",
  },
  {
    group: "filters",
    name: "base64 by hand",
    body: 'const out = enc("hello!") + enc("a");',
    declarations:
      'const ABC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; function enc(s: string): string { let out = ""; for (let i = 0; i < s.length; i += 3) { const [a, b, c] = [s.charCodeAt(i), i + 1 < s.length ? s.charCodeAt(i + 1) : 0, i + 2 < s.length ? s.charCodeAt(i + 2) : 0]; const n = (a << 16) | (b << 8) | c; out += ABC[n >> 18] + ABC[(n >> 12) & 63] + (i + 1 < s.length ? ABC[(n >> 6) & 63] : "=") + (i + 2 < s.length ? ABC[n & 63] : "="); } return out; }',
  },
];
