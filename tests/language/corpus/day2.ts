/** More of the same: tables, texts, rules and formats. */
import type { Construct } from "../constructs.js";

export const day2: readonly Construct[] = [
  {
    group: "first days",
    name: "Array.from map values sorted",
    body: 'let out = ""; const m = new Map([["b", 2], ["a", 1]]); out += Array.from(m.keys()).sort().join(); out += Array.from(m.values()).reduce((a, b) => a + b); out += Array.from(m, ([k, v]) => k + v).join(); out += [...m.entries()].sort((x, y) => x[1] - y[1]).map((e) => e[0]).join("");',
  },
  {
    group: "first days",
    name: "Object.fromEntries of mapped entries",
    body: 'let out = ""; const o: Record<string, number> = { a: 1, b: 2 }; const d = Object.fromEntries(Object.entries(o).map(([k, v]) => [k.toUpperCase(), v * 2])); out += Object.entries(d).map(([k, v]) => k + v).join();',
  },
  {
    group: "first days",
    name: "Number checks",
    body: 'let out = ""; out += Number.isInteger(5) + "" + Number.isInteger(5.5) + Number.isFinite(1 / 0) + Number.isNaN(Number("x")) + Number.isSafeInteger(2 ** 53) + Number.MAX_SAFE_INTEGER + Number.MIN_SAFE_INTEGER + (0.1).toFixed(3) + Number.EPSILON;',
  },
  {
    group: "first days",
    name: "Number conversions of odd texts",
    body: 'let out = ""; for (const s of ["", " 12 ", "1e3", "0x1f", "0b11", "12px", "-", ".5", "Infinity", "1_000"]) out += Number(s) + "|"; out += parseInt("12px") + parseFloat("3.5em") + "|" + parseInt("ff", 16) + "|" + parseInt("") + "|" + Number(true) + Number(null);',
  },
  {
    group: "first days",
    name: "exponential and precision formatting",
    body: 'let out = ""; out += (1234.5678).toFixed(1) + (0.000001234).toString() + 1e6 + 1.5e300 + (25).toString().length;',
  },
  {
    group: "first days",
    name: "bit flags manipulation",
    body: 'let out = ""; let p = READ | WRITE; p |= EXEC; p &= ~WRITE; out += p; out += (p & READ) !== 0; out += p ^ EXEC; out += ~p; out += p << 4; out += -1 >>> 28; out += -16 >> 2; out += (p & WRITE) ? "w" : "-";',
    declarations: "const READ = 1, WRITE = 1 << 1, EXEC = 1 << 2;",
  },
  {
    group: "first days",
    name: "hash fnv imul",
    body: 'let out = ""; out += fnv("hello").toString(16) + " " + fnv("") + " " + fnv("user-42") % 100;',
    declarations:
      "function fnv(s: string): number { let h = 0x811c9dc5; for (let i = 0; i < s.length; i++) { h ^= s.charCodeAt(i); h = Math.imul(h, 0x01000193); } return h >>> 0; }",
  },
  {
    group: "first days",
    name: "bigint arithmetic",
    body: 'let out = ""; const a = 10n, b = 3n; out += a * b + a / b + (a % b) + 2n ** 40n; out += (a > b) + "" + (a === 10n) + (-a).toString() + Number(a) * 2; out += `${a}n`; out += typeof a;',
  },
  {
    group: "first days",
    name: "hex encode bytes",
    body: 'let out = ""; out += hex(new Uint8Array([0, 15, 255])); out += hex(Uint8Array.from([1, 2])); const b = new Uint8Array(2); b[0] = 300; out += b[0]; out += b.length;',
    declarations:
      'const hex = (bytes: Uint8Array): string => Array.from(bytes).map((b) => b.toString(16).padStart(2, "0")).join("");',
  },
  {
    group: "first days",
    name: "multi statement string builder",
    body: 'let out = ""; const lines: string[] = []; lines.push("a"); lines.push(`b${lines.length}`); out += lines.join("\\n").replace(/\\n/g, "\\\\n"); const parts = []; parts.push("x"); parts.push("y"); out += parts.join("-");',
  },
  {
    group: "first days",
    name: "date construction and iso",
    body: 'let out = ""; const d = new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250)); out += d.toISOString() + d.getTime() + d.getUTCDay() + d.getUTCMonth() + new Date(0).toISOString() + new Date("2024-01-02T03:04:05Z").getTime(); d.setUTCDate(31); out += d.toISOString();',
  },
  {
    group: "first days",
    name: "date to http date",
    body: 'let out = ""; const d = new Date(Date.UTC(2024, 1, 5, 1, 2, 3)); out += `${days[d.getUTCDay()]}, ${p2(d.getUTCDate())} ${months[d.getUTCMonth()]} ${d.getUTCFullYear()} ${p2(d.getUTCHours())}:${p2(d.getUTCMinutes())}:${p2(d.getUTCSeconds())} GMT`; out += d.toUTCString();',
    declarations: `const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], months = ["Jan", "Feb", "Mar"];
const p2 = (n: number) => String(n).padStart(2, "0");`,
  },
  {
    group: "first days",
    name: "date compare and diff",
    body: 'let out = ""; const a = new Date(Date.UTC(2024, 0, 1)), b = new Date(Date.UTC(2024, 0, 31)); out += (b.getTime() - a.getTime()) / 86400000; out += a < b; out += Math.round((+b - +a) / 36e5); const c = new Date(a.getTime() + 1000); out += c > a;',
  },
  {
    group: "first days",
    name: "sorting objects by several keys",
    body: 'let out = ""; const us: U[] = [{ name: "b", age: 2 }, { name: "a", age: 2 }, { name: "c", age: 1 }]; us.sort((x, y) => x.age - y.age || x.name.localeCompare(y.name)); out += us.map((u) => u.name).join("");',
    declarations: "interface U { name: string; age: number }",
  },
  {
    group: "first days",
    name: "optional chaining deep config",
    body: 'let out = ""; const a: Cfg = { server: { tls: { cert: "c", version: 1.3 }, hosts: ["h"] } }, b: Cfg = {}, c: Cfg = { server: {} }; for (const x of [a, b, c]) out += `${x.server?.tls?.cert ?? "-"}${x.server?.tls?.version ?? 0}${x.server?.hosts?.[0] ?? "?"}${x.server?.hosts?.length ?? 0};`;',
    declarations:
      "interface Cfg { server?: { tls?: { cert?: string; version?: number }; hosts?: string[] } }",
  },
  {
    group: "first days",
    name: "optional method call and callback",
    body: 'let out = ""; let n = 0; const h: Hooks = { before: (s) => s + "!", after: () => { n++; } }, e: Hooks = {}; for (const x of [h, e]) { out += x.before?.("a") ?? "none"; x.after?.(); } out += n;',
    declarations: "interface Hooks { before?: (s: string) => string; after?: () => void }",
  },
  {
    group: "first days",
    name: "default parameters that use others",
    body: 'let out = ""; out += range(1).join() + "|" + range(0, 2).join() + "|" + range(0, 1, 0.25).join(); out += range(5, undefined, 2).join();',
    declarations:
      "function range(start: number, end = start + 3, step = 1): number[] { const r: number[] = []; for (let i = start; i < end; i += step) r.push(i); return r; }",
  },
  {
    group: "first days",
    name: "object destructuring params with defaults",
    body: 'let out = ""; out += connect({ path: "/a" }) + connect({ host: "x", port: 8080, path: "/b" });',
    declarations:
      'function connect({ host = "h", port = 80, path }: { host?: string; port?: number; path: string }): string { return `${host}:${port}${path}`; }',
  },
  {
    group: "first days",
    name: "options with whole default object",
    body: 'let out = ""; out += run2() + run2({ retries: 1, delay: 2 });',
    declarations: `interface Opt { retries: number; delay: number }
function run2({ retries, delay }: Opt = { retries: 3, delay: 0.5 }): string { return \`\${retries}x\${delay}\`; }`,
  },
  {
    group: "first days",
    name: "closure kept in fields",
    body: 'let out = ""; const prefix = "<"; const r = new Router().get("/u/", (id) => prefix + id + ">").get("/", () => "root"); out += r.handle("/u/7") + r.handle("/x") + r.handle("z");',
    declarations:
      'class Router { private routes: { path: string; handler: (p: string) => string }[] = []; get(path: string, handler: (p: string) => string): this { this.routes.push({ path, handler }); return this; } handle(p: string): string { const r = this.routes.find((x) => p.startsWith(x.path)); return r ? r.handler(p.slice(r.path.length)) : "404"; } }',
  },
  {
    group: "first days",
    name: "middleware chain",
    body: 'let out = ""; const h = compose([(p, next) => "[" + next() + "]", (p, next) => p === "/no" ? "denied" : "(" + next() + ")"], (p) => p); out += h("/a") + h("/no");',
    declarations: `type Next = () => string; type Mw = (path: string, next: Next) => string;
function compose(mws: Mw[], end: (p: string) => string): (p: string) => string { return (p) => { const go = (i: number): string => i < mws.length ? mws[i](p, () => go(i + 1)) : end(p); return go(0); }; }`,
  },
  {
    group: "first days",
    name: "class hierarchy with abstract and super",
    body: 'let out = ""; const rules: Rule[] = [new Prefix("/a"), new Not(new Prefix("/b"))]; out += rules.map((r) => `${r.describe()}:${r.matches("/abc")}`).join(); out += rules.every((r) => r.matches("/a")) + "" + rules.some((r) => r.matches("/b"));',
    declarations: `abstract class Rule { constructor(protected readonly name: string) {} abstract matches(p: string): boolean; describe(): string { return this.name; } }
class Prefix extends Rule { constructor(private p: string) { super("prefix"); } matches(p: string): boolean { return p.startsWith(this.p); } override describe(): string { return super.describe() + "=" + this.p; } }
class Not extends Rule { constructor(private inner: Rule) { super("not"); } matches(p: string): boolean { return !this.inner.matches(p); } }`,
  },
  {
    group: "first days",
    name: "callbacks with this bound by arrow",
    body: 'let out = ""; out += new Counter().each(["a", "b"]);',
    declarations:
      "class Counter { count = 0; inc = () => { this.count++; }; each(xs: string[]): number { xs.forEach(() => this.inc()); xs.forEach(this.inc); return this.count; } }",
  },
  {
    group: "first days",
    name: "result type with ok flag",
    body: 'let out = ""; for (const s of ["1.5", "x"]) { const r = parseNum(s); if (r.ok) out += r.value * 2; else out += r.error; }',
    declarations: `type Result<T> = { ok: true; value: T } | { ok: false; error: string };
function parseNum(s: string): Result<number> { const n = Number(s); return Number.isNaN(n) ? { ok: false, error: \`bad \${s}\` } : { ok: true, value: n }; }`,
  },
  {
    group: "first days",
    name: "set of texts dedupe order",
    body: 'let out = ""; const s = new Set<string>(); "b a b c a".split(" ").forEach((w) => s.add(w)); out += [...s].join("") + s.size + s.has("z") + s.delete("a") + s.size; for (const v of s) out += v; s.clear(); out += s.size;',
  },
  {
    group: "first days",
    name: "map iteration with delete and has",
    body: 'let out = ""; const m = new Map<string, number>(); m.set("a", 1).set("b", 2); out += m.has("a") + "" + m.delete("zz") + m.size; m.forEach((v, k) => { out += k + v; }); for (const [k] of m) if (k === "a") m.delete(k); out += m.size; const copy = new Map(m); copy.set("c", 3); out += m.size + copy.size;',
  },
  {
    group: "first days",
    name: "string methods chain",
    body: 'let out = ""; out += "  Hello, World  ".trim().toLowerCase().replace(",", "").split(" ").map((w) => w[0].toUpperCase() + w.slice(1)).reverse().join("-"); out += "a-b-c".replaceAll("-", "+") + "abc".includes("bc") + "abc".endsWith("c") + "abcabc".lastIndexOf("b") + "x".repeat(3) + "a,b".split(",", 1).join("|") + "abc".substring(2, 0) + "abc".slice(-2, -1) + "abc".charAt(9) + "ab".concat("c", "d");',
  },
  {
    group: "first days",
    name: "JSON like stringification",
    body: `let out = ""; out += obj({ a: 'say "hi"', b: "x\\ny\\\\z" });`,
    declarations: `function str(s: string): string { return '"' + s.replace(/\\\\/g, "\\\\\\\\").replace(/"/g, '\\\\"').replace(/\\n/g, "\\\\n") + '"'; }
function obj(o: Record<string, string>): string { return "{" + Object.entries(o).map(([k, v]) => \`\${str(k)}:\${str(v)}\`).join(",") + "}"; }`,
  },
  {
    group: "first days",
    name: "query string parse and build",
    body: 'let out = ""; const q = parseQuery("?a=1&b=x%20y&a=2&c"); out += Object.keys(q).map((k) => `${k}:${q[k].join("+")}`).join(";"); out += Object.entries(q).flatMap(([k, vs]) => vs.map((v) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`)).join("&");',
    declarations:
      'function parseQuery(q: string): Record<string, string[]> { const r: Record<string, string[]> = {}; for (const part of q.replace(/^\\?/, "").split("&")) { if (!part) continue; const [k, v = ""] = part.split("=").map(decodeURIComponent); if (r[k]) r[k].push(v); else r[k] = [v]; } return r; }',
  },
  {
    group: "first days",
    name: "url pieces by regex",
    body: 'let out = ""; const m = /^(https?):\\/\\/([^/:]+)(?::(\\d+))?(\\/[^?#]*)?(\\?[^#]*)?/.exec("https://ex.com:8443/p/a?x=1"); if (m) { const [, scheme, host, port, path = "/", query = ""] = m; out += [scheme, host, port, path, query].join("|"); } const n = "http://h".match(/^(https?):\\/\\/([^/:]+)(?::(\\d+))?/); out += n?.[3] ?? "80";',
  },
];
