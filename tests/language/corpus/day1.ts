/** Headers, cookies, settings, dates and classes as filters of the first days have them. */
import type { Construct } from "../constructs.js";

export const day1: readonly Construct[] = [
  {
    group: "first days",
    name: "header map lower case keys",
    body: 'let out = ""; const lower: Record<string, string> = {}; for (const [k, v] of Object.entries(raw)) lower[k.toLowerCase()] = v; out += Object.keys(lower).sort().join(",") + lower["content-type"].split(";")[0].trim();',
    declarations:
      'const raw: Record<string, string> = { "Content-Type": "text/html; charset=utf-8", "X-Request-ID": "42" };',
  },
  {
    group: "first days",
    name: "content type parse with params",
    body: 'let out = ""; const { type, params } = parseType("text/html; Charset=utf-8; q=0.5"); out += type + "|" + params.charset + "|" + params["q"] + "|" + (params.none ?? "-");',
    declarations:
      'function parseType(h: string): { type: string; params: Record<string, string> } { const [type, ...rest] = h.split(";").map((s) => s.trim()); const params: Record<string, string> = {}; for (const p of rest) { const [k, v] = p.split("="); params[k.toLowerCase()] = v ?? ""; } return { type, params }; }',
  },
  {
    group: "first days",
    name: "accept language with q",
    body: 'let out = ""; out += parseAccept("da, en-gb;q=0.8, en;q=0.7, *;q=0.1").map((l) => `${l.tag}:${l.q}`).join(" ");',
    declarations: `interface Lang { tag: string; q: number }
const parseAccept = (h: string): Lang[] => h.split(",").map((part) => { const [tag, q] = part.trim().split(";q="); return { tag, q: q ? parseFloat(q) : 1 }; }).sort((a, b) => b.q - a.q);`,
  },
  {
    group: "first days",
    name: "cookie serialize with options",
    body: 'let out = ""; out += serialize("sid", "a b;c", { maxAge: 3600.9, path: "/", secure: true }) + "\\n" + serialize("x", "y") + serialize("z", "1", { httpOnly: true, sameSite: "Lax", maxAge: 0 });',
    declarations: `interface CookieOptions { maxAge?: number; path?: string; secure?: boolean; httpOnly?: boolean; sameSite?: "Lax" | "Strict" | "None" }
function serialize(name: string, value: string, opts: CookieOptions = {}): string { let s = \`\${name}=\${encodeURIComponent(value)}\`; if (opts.maxAge !== undefined) s += \`; Max-Age=\${Math.floor(opts.maxAge)}\`; if (opts.path) s += \`; Path=\${opts.path}\`; if (opts.secure) s += "; Secure"; if (opts.httpOnly) s += "; HttpOnly"; if (opts.sameSite) s += \`; SameSite=\${opts.sameSite}\`; return s; }`,
  },
  {
    group: "first days",
    name: "feature flags with default true",
    body: 'let out = ""; out += enabled({}) + enabled({ beta: false }) + enabled({ beta: true, dark: true });',
    declarations: `interface Flags { beta?: boolean; dark?: boolean }
function enabled(f: Flags): string { return \`\${f.beta ?? true},\${f.dark ?? false}\`; }`,
  },
  {
    group: "first days",
    name: "optional boolean parameter default by ??",
    body: 'let out = ""; out += greet("ann") + greet("bob", false) + greet("cy", true);',
    declarations:
      "function greet(name: string, loud?: boolean): string { const l = loud ?? true; return l ? name.toUpperCase() : name; }",
  },
  {
    group: "first days",
    name: "optional boolean undefined check",
    body: 'let out = ""; out += state() + state(true) + state(false) + state(undefined);',
    declarations:
      'function state(on?: boolean): string { return on === undefined ? "unset" : on ? "on" : "off"; }',
  },
  {
    group: "first days",
    name: "boolean or null variable",
    body: 'let out = ""; for (const s of ["1", "0", "x"]) { const t = tri(s); if (t === null) out += "?"; else if (t) out += "t"; else out += "f"; } out += tri("x") ?? true;',
    declarations:
      'function tri(s: string): boolean | null { return s === "1" ? true : s === "0" ? false : null; }',
  },
  {
    group: "first days",
    name: "record of booleans",
    body: 'let out = ""; out += on["a"] ? "y" : "n"; out += on["b"] ?? true; out += on["c"] ?? true; out += on["c"] === undefined; if (!on["zz"]) out += "!";',
    declarations: "const on: Record<string, boolean> = { a: true, b: false };",
  },
  {
    group: "first days",
    name: "spread a record with a key more",
    body: 'let out = ""; const more = { ...base, b: "3", c: "4" }; out += Object.entries(more).map(([k, v]) => k + v).join(); out += base["b"]; const typed: Record<string, string> = { z: "0", ...base }; out += Object.keys(typed).join("");',
    declarations: 'const base: Record<string, string> = { a: "1", b: "2" };',
  },
  {
    group: "first days",
    name: "merge config objects with defaults",
    body: 'let out = ""; const c = load({ port: 443, tls: true }); out += `${c.host}:${c.port} ${c.tls} ${c.tags.length}`; const d = load({}); out += `${d.port}${d.tls}`;',
    declarations: `interface Config { host: string; port: number; tls: boolean; tags: string[] }
const defaults: Config = { host: "localhost", port: 80, tls: false, tags: [] };
function load(over: Partial<Config>): Config { return { ...defaults, ...over }; }`,
  },
  {
    group: "first days",
    name: "sum rest of whole literals",
    body: 'let out = ""; const xs = [1, 2, 3]; out += sum(...xs); out += sum(1, ...xs, 0.5); out += sum(); out += sum(...[4, 5]);',
    declarations: "function sum(...xs: number[]): number { return xs.reduce((a, b) => a + b, 0); }",
  },
  {
    group: "first days",
    name: "max of literals spread",
    body: 'let out = ""; const xs = [3, 9, 4]; out += Math.max(...xs) + Math.min(...xs); out += Math.max(...xs, 10.5); out += Math.max(0, ...xs.map((x) => x * 2));',
  },
  {
    group: "first days",
    name: "sort with method as comparator",
    body: 'let out = ""; out += new Sorter(true).run([1, 3, 2]) + "|" + new Sorter(false).run([3, 1, 2]);',
    declarations:
      "class Sorter { constructor(private desc: boolean) {} compare = (a: number, b: number): number => this.desc ? b - a : a - b; run(xs: number[]): string { return xs.sort(this.compare).join(); } }",
  },
  {
    group: "first days",
    name: "array method callback by this.method",
    body: 'let out = ""; out += new T().all();',
    declarations:
      'class T { private pre = "p"; items = ["a", "b"]; private fmt = (s: string): string => this.pre + s; all(): string { return this.items.map(this.fmt).join(); } }',
  },
  {
    group: "first days",
    name: "Object.is",
    body: 'let out = ""; out += Object.is(1, 1); out += Object.is("a", "a"); out += Object.is(NaN, NaN); out += Object.is("a", "b");',
  },
  {
    group: "first days",
    name: "switch true",
    body: 'let out = ""; out += band(5) + band(50) + band(500);',
    declarations:
      'function band(n: number): string { switch (true) { case n < 10: return "low"; case n < 100: return "mid"; default: return "high"; } }',
  },
  {
    group: "first days",
    name: "labelled loop with find",
    body: 'let out = ""; const grid = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; let found: [number, number] | null = null; search: for (let y = 0; y < grid.length; y++) { for (let x = 0; x < grid[y].length; x++) { if (grid[y][x] === 6) { found = [x, y]; break search; } } } out += found ? `${found[0]},${found[1]}` : "none";',
  },
  {
    group: "first days",
    name: "tagged error classes with code",
    body: 'let out = ""; try { throw new NotFound("page"); } catch (e) { if (e instanceof HttpError) out += `${e.status} ${e.message} ${e.name}`; out += e instanceof NotFound; out += e instanceof Error; }',
    declarations: `class HttpError extends Error { constructor(public readonly status: number, message: string) { super(message); this.name = "HttpError"; } }
class NotFound extends HttpError { constructor(what: string) { super(404, \`\${what} not found\`); } }`,
  },
  {
    group: "first days",
    name: "getter and setter with validation",
    body: 'let out = ""; const l = new Limit(); l.n = 5; l.n += 10; out += l.n; l.n = 1000; out += l.n; try { l.n = -1; } catch (e) { out += (e as Error).message; } l.n++; out += l.n;',
    declarations:
      'class Limit { private _n = 0; get n(): number { return this._n; } set n(v: number) { if (v < 0) throw new RangeError("negative"); this._n = Math.min(v, 100); } }',
  },
  {
    group: "first days",
    name: "static counter and instance ids",
    body: 'let out = ""; out += new Id().value + new Id().value; Id.reset(); out += new Id().value;',
    declarations:
      'class Id { static #next = 1; static readonly PREFIX = "id-"; readonly value: string; constructor() { this.value = Id.PREFIX + Id.#next++; } static reset(): void { Id.#next = 1; } }',
  },
  {
    group: "first days",
    name: "generic with constraint and default",
    body: 'let out = ""; const r = new Registry<string>().add("a", "1").add("b", "2"); out += (r.get("a") ?? "-") + (r.get("c") ?? "-") + r.size; const n = new Registry<string, number>(); n.add("x", 2.5); out += n.get("x")! * 2;',
    declarations:
      "class Registry<K extends string, V = string> { private m = new Map<K, V>(); add(k: K, v: V): this { this.m.set(k, v); return this; } get(k: K): V | undefined { return this.m.get(k); } get size(): number { return this.m.size; } }",
  },
  {
    group: "first days",
    name: "group by",
    body: 'let out = ""; const reqs: Req[] = [{ path: "/a", method: "GET" }, { path: "/b", method: "POST" }, { path: "/c", method: "GET" }]; for (const [m, list] of groupBy(reqs, (r) => r.method)) out += `${m}:${list.map((r) => r.path).join("")};`;',
    declarations: `interface Req { path: string; method: string }
function groupBy<T>(xs: T[], key: (x: T) => string): Map<string, T[]> { const m = new Map<string, T[]>(); for (const x of xs) { const k = key(x); const list = m.get(k); if (list) list.push(x); else m.set(k, [x]); } return m; }`,
  },
  {
    group: "first days",
    name: "group by record",
    body: 'let out = ""; const words = ["apple", "avocado", "bean", "cherry", "corn"]; const groups: Record<string, string[]> = {}; for (const w of words) (groups[w[0]] ??= []).push(w); out += Object.entries(groups).map(([k, v]) => `${k}=${v.length}`).join(" ");',
  },
  {
    group: "first days",
    name: "group by reduce",
    body: 'let out = ""; const groups = ["a1", "b1", "a2"].reduce<Record<string, string[]>>((acc, s) => { const k = s[0]; acc[k] = acc[k] ?? []; acc[k].push(s); return acc; }, {}); out += Object.keys(groups).map((k) => k + groups[k].join("+")).join(";");',
  },
  {
    group: "first days",
    name: "count by reduce record numbers",
    body: 'let out = ""; const counts = ["x", "y", "x", "z", "x"].reduce((acc: Record<string, number>, s) => { acc[s] = (acc[s] || 0) + 1; return acc; }, {}); out += Object.entries(counts).sort(([, a], [, b]) => b - a).map(([k, n]) => `${k}${n}`).join();',
  },
  {
    group: "first days",
    name: "user defined guard on unknown union",
    body: 'let out = ""; const shapes: Shape[] = [{ kind: "circle", r: 2 }, { kind: "square", side: 3 }]; for (const s of shapes) out += isCircle(s) ? `c${s.r}` : `s${s.side}`; out += shapes.filter(isCircle).length;',
    declarations: `type Circle = { kind: "circle"; r: number }; type Square = { kind: "square"; side: number }; type Shape = Circle | Square;
function isCircle(s: Shape): s is Circle { return s.kind === "circle"; }`,
  },
  {
    group: "first days",
    name: "exhaustive switch with never",
    body: 'let out = ""; out += code("allow") + code("deny") + code("log");',
    declarations: `type Action = "allow" | "deny" | "log";
function code(a: Action): number { switch (a) { case "allow": return 1; case "deny": return 2; case "log": return 3; default: { const _x: never = a; throw new Error("never " + _x); } } }`,
  },
  {
    group: "first days",
    name: "enum with computed and reverse lookup",
    body: 'let out = ""; out += Level.Debug + "," + Level.Info + "," + Level.Warn + "," + Level.Error + Level[10] + Level[Level.Warn];',
    declarations: "enum Level { Debug, Info = 10, Warn, Error = Warn << 1 }",
  },
  {
    group: "first days",
    name: "enum text as key of a record",
    body: 'let out = ""; out += allowed[Method.Post].join() + allowed["GET" as Method].length; for (const m of Object.values(Method)) out += m;',
    declarations: `enum Method { Get = "GET", Post = "POST" }
const allowed: Record<Method, string[]> = { [Method.Get]: ["/a"], [Method.Post]: ["/b", "/c"] };`,
  },
  {
    group: "first days",
    name: "Object.values of enum",
    body: 'let out = ""; out += Object.values(Color).join() + Object.keys(Color).join(); const has = Object.values(Color).includes("red" as Color); out += has;',
    declarations: 'enum Color { Red = "red", Blue = "blue" }',
  },
  {
    group: "first days",
    name: "const object as enum with typeof type",
    body: 'let out = ""; out += text(Status.Ok) + text(404) + Object.keys(Status).join();',
    declarations: `const Status = { Ok: 200, NotFound: 404 } as const; type Status = (typeof Status)[keyof typeof Status];
function text(s: Status): string { return s === Status.Ok ? "ok" : "nf"; }`,
  },
  {
    group: "first days",
    name: "const array as union",
    body: 'let out = ""; out += isMethod("GET") + "" + isMethod("X"); for (const m of METHODS) out += m[0];',
    declarations: `const METHODS = ["GET", "POST", "PUT"] as const; type M = (typeof METHODS)[number];
function isMethod(s: string): s is M { return (METHODS as readonly string[]).includes(s); }`,
  },
  {
    group: "first days",
    name: "tuple map destructured",
    body: 'let out = ""; const rules: [RegExp, string][] = [[/^\\/api\\//, "api"], [/\\.css$/, "static"]]; const classify = (p: string): string => { for (const [re, name] of rules) if (re.test(p)) return name; return "other"; }; out += classify("/api/x") + classify("/a.css") + classify("/");',
  },
  {
    group: "first days",
    name: "localeCompare numeric sorting",
    body: 'let out = ""; out += ["b", "a", "C", "A"].sort((x, y) => x.localeCompare(y)).join(""); out += "a".localeCompare("b") + "b".localeCompare("a") + "a".localeCompare("a");',
  },
  {
    group: "first days",
    name: "text compare operators",
    body: 'let out = ""; out += "apple" < "banana"; out += "Z" < "a"; out += "10" < "9"; const v = "1.10.0"; out += v.split(".").map(Number).reduce((a, n) => a * 1000 + n, 0);',
  },
  {
    group: "first days",
    name: "semver compare",
    body: 'let out = ""; out += cmp("1.2.3", "1.10") + cmp("2", "1.9.9") + cmp("1.0", "1.0.0");',
    declarations:
      'const cmp = (a: string, b: string): number => { const x = a.split(".").map(Number), y = b.split(".").map(Number); for (let i = 0; i < Math.max(x.length, y.length); i++) { const d = (x[i] ?? 0) - (y[i] ?? 0); if (d !== 0) return Math.sign(d); } return 0; };',
  },
  {
    group: "first days",
    name: "flat with depth",
    body: 'let out = ""; const xs = [[1, 2], [3], []]; out += xs.flat().join(); out += [["a"], ["b", "c"]].flat().length; const nested = [[[1], [2]], [[3]]]; out += nested.flat(2).join(); out += nested.flat().length;',
  },
  {
    group: "first days",
    name: "toSorted with toSpliced",
    body: 'let out = ""; const xs = [3, 1, 2]; out += xs.toSorted((a, b) => a - b).join() + xs.join() + xs.with(0, 9).join() + xs.toReversed().join() + xs.toSpliced(1, 1, 7, 8).join();',
  },
  {
    group: "first days",
    name: "copyWithin fill lastIndexOf",
    body: 'let out = ""; const xs = [1, 2, 3, 4, 5]; out += xs.copyWithin(0, 3).join() + xs.fill(0, 1, 3).join() + [1, 2, 1].lastIndexOf(1) + [1, 2, 1].indexOf(1, 1);',
  },
  {
    group: "first days",
    name: "findLast findLastIndex",
    body: 'let out = ""; const xs = [5, 12, 50, 130, 44]; out += xs.findLast((x) => x > 45) + "," + xs.findLastIndex((x) => x > 45) + "," + xs.findLastIndex((x) => x > 1000); const none = xs.findLast((x) => x > 1e6); out += none === undefined;',
  },
  {
    group: "first days",
    name: "array entries with index map",
    body: 'let out = ""; for (const [i, v] of ["a", "b"].entries()) out += `${i}${v}`; out += Array.from(["x", "y"].entries()).map(([i, v]) => i + v).join(); out += [...["p", "q"].keys()].join();',
  },
];
