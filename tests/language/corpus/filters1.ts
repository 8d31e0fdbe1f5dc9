/** What people write in filters: headers, tokens, dates, tables, texts and functions. */
import type { Construct } from "../constructs.js";

export const filters1: readonly Construct[] = [
  {
    group: "filters",
    name: "bearer token by regex groups",
    body: 'let out = ""; for (const h of ["Bearer abc.def", "bearer x", "Basic zzz", ""]) { const m = /^Bearer\\s+(\\S+)$/i.exec(h); out += m?.[1] ?? "-"; }',
  },
  {
    group: "filters",
    name: "map of sets, size",
    body: 'const m = new Map<string, Set<string>>(); const add = (k: string, v: string) => { if (!m.has(k)) m.set(k, new Set()); m.get(k)!.add(v); }; add("a", "1"); add("a", "1"); add("a", "2"); const out = `${m.get("a")?.size}${m.get("b")?.size ?? 0}`;',
  },
  {
    group: "filters",
    name: "sort by two keys",
    body: 'const xs: [string, number][] = [["b", 2], ["a", 2], ["c", 1]]; xs.sort(([a, n], [b, m]) => n - m || a.localeCompare(b)); const out = xs.map(([s, n]) => s + n).join();',
  },
  {
    group: "filters",
    name: "sort comparator with ternaries",
    body: 'const out = ["bb", "a", "ccc"].sort((a, b) => (a.length > b.length ? -1 : a.length < b.length ? 1 : 0)).join();',
  },
  {
    group: "filters",
    name: "sort is stable",
    body: 'const xs = [{ k: 1, v: "a" }, { k: 0, v: "b" }, { k: 1, v: "c" }, { k: 0, v: "d" }]; const out = xs.sort((a, b) => a.k - b.k).map((x) => x.v).join("");',
  },
  {
    group: "filters",
    name: "tuple returned and taken apart",
    body: 'const [name, port] = hostPort("a.b:80"); const [n2, p2] = hostPort("a.b"); const out = `${name} ${port} ${n2} ${p2}`;',
    declarations:
      'function hostPort(s: string): [string, number] { const at = s.lastIndexOf(":"); return at < 0 ? [s, 443] : [s.slice(0, at), Number(s.slice(at + 1))]; }',
  },
  {
    group: "filters",
    name: "labelled tuple",
    body: "const r: Range = [1, 5]; const [from, to] = r; const out = `${from}-${to}`;",
    declarations: "type Range = [from: number, to: number];",
  },
  {
    group: "filters",
    name: "generic with constraint",
    body: 'const out = longest(["a", "bbb", "cc"]) + longest([[1], [1, 2]]).length;',
    declarations:
      "function longest<T extends { length: number }>(xs: T[]): T { return xs.reduce((a, b) => (b.length > a.length ? b : a)); }",
  },
  {
    group: "filters",
    name: "generic groupBy",
    body: 'const g = groupBy(["apple", "avocado", "banana"], (s) => s[0]); let out = ""; for (const [k, v] of g) out += `${k}:${v.join("+")};`;',
    declarations:
      "function groupBy<T, K>(xs: T[], key: (x: T) => K): Map<K, T[]> { const m = new Map<K, T[]>(); for (const x of xs) { const k = key(x); const list = m.get(k); if (list) list.push(x); else m.set(k, [x]); } return m; }",
  },
  {
    group: "filters",
    name: "abstract class with template method",
    body: 'const out = [new A(), new B()].map((x) => x.run("v")).join();',
    declarations:
      'abstract class Step { protected abstract apply(s: string): string; run(s: string): string { return `${this.constructorName()}(${this.apply(s)})`; } protected constructorName(): string { return "step"; } } class A extends Step { protected apply(s: string): string { return s + "a"; } } class B extends Step { protected apply(s: string): string { return s + "b"; } protected constructorName(): string { return "b" + super.constructorName(); } }',
  },
  {
    group: "filters",
    name: "getters and setters with validation",
    body: "const t = new Temp(); t.celsius = 100; let out = `${t.fahrenheit}`; t.fahrenheit = 32; out += t.celsius; t.celsius += 5; out += t.celsius; try { t.celsius = -300; } catch (e) { out += (e as Error).message; }",
    declarations:
      'class Temp { private c = 0; get celsius(): number { return this.c; } set celsius(v: number) { if (v < -273.15) throw new RangeError("too cold"); this.c = v; } get fahrenheit(): number { return this.c * 9 / 5 + 32; } set fahrenheit(v: number) { this.c = (v - 32) * 5 / 9; } }',
  },
  {
    group: "filters",
    name: "static members and counter",
    body: "new Id(); const b = new Id(); const out = `${Id.count}${b.n}${Id.describe()}`;",
    declarations:
      'class Id { static count = 0; static readonly prefix = "id-"; n: number; constructor() { this.n = ++Id.count; } static describe(): string { return Id.prefix + this.count; } }',
  },
  {
    group: "filters",
    name: "enum in switch",
    body: "const out = [Level.Debug, Level.Info, Level.Error].map(name).join() + Level[1];",
    declarations:
      'enum Level { Debug, Info, Error = 10 } function name(l: Level): string { switch (l) { case Level.Debug: return "d"; case Level.Info: return "i"; case Level.Error: return "e" + l; } }',
  },
  {
    group: "filters",
    name: "enum of flags",
    body: "let p = Perm.Read | Perm.Write; p &= ~Perm.Read; p |= Perm.Exec; const out = `${p}${(p & Perm.Write) !== 0}${(p & Perm.Read) !== 0}${Perm.All}`;",
    declarations:
      "enum Perm { None = 0, Read = 1 << 0, Write = 1 << 1, Exec = 1 << 2, All = Read | Write | Exec }",
  },
  {
    group: "filters",
    name: "labelled loops with continue",
    body: 'let out = ""; rows: for (const row of ["ab", "xy", "cd"]) { for (const c of row) { if (c === "x") continue rows; out += c; if (c === "c") break rows; } out += "."; }',
  },
  {
    group: "filters",
    name: "iteration with emojis",
    body: 'let out = ""; const s = "a👍🏽é"; for (const c of s) out += `[${c}]`; out += s.length + "," + [...s].length + "," + Array.from(s).reverse().join("") + s.codePointAt(1)!.toString(16) + s.charAt(1).length;',
  },
  {
    group: "filters",
    name: "split of emojis and at",
    body: 'const s = "x😀y"; const out = `${s.split("").length}${s.at(-1)}${s.slice(-3, -1)}${s.indexOf("😀")}${s.replace("😀", "!")}${s.padEnd(6, "ab")}`;',
  },
  {
    group: "filters",
    name: "number formatting",
    body: 'const out = [(1234.5678).toFixed(2), (0.1 + 0.2).toFixed(10), (255).toString(16), (255).toString(2).padStart(10, "0"), (1e21).toString(), (1.005).toFixed(2), (-1.5).toFixed(0), (123.456).toFixed(), Number("0x1f").toString(), (5e-7).toString()].join();',
  },
  {
    group: "filters",
    name: "thousands",
    body: "const out = fmt(1234567) + fmt(12) + fmt(-1000);",
    declarations:
      'function fmt(n: number): string { const s = Math.abs(n).toString(); let r = ""; for (let i = 0; i < s.length; i++) { if (i > 0 && (s.length - i) % 3 === 0) r += ","; r += s[i]; } return (n < 0 ? "-" : "") + r; }',
  },
  {
    group: "filters",
    name: "human readable size",
    body: "const out = [0, 1023, 1024, 1536, 5242880].map(human).join();",
    declarations:
      'const UNITS = ["B", "KB", "MB", "GB"]; function human(n: number): string { let i = 0; while (n >= 1024 && i < UNITS.length - 1) { n /= 1024; i++; } return `${i === 0 ? n : n.toFixed(1)}${UNITS[i]}`; }',
  },
  {
    group: "filters",
    name: "bit operations",
    body: 'const ip = "10.0.255.3".split(".").reduce((n, p) => (n << 8) | Number(p), 0) >>> 0; const mask = (0xffffffff << (32 - 8)) >>> 0; const out = `${ip} ${mask} ${(ip & mask) >>> 0} ${~ip} ${ip >> 28} ${ip >>> 28} ${5 ^ 3} ${1 << 31} ${2 ** 31 | 0}`;',
  },
  {
    group: "filters",
    name: "crc32",
    body: 'const out = (crc("123456789") >>> 0).toString(16);',
    declarations:
      "function crc(s: string): number { let c = 0xffffffff; for (let i = 0; i < s.length; i++) { c ^= s.charCodeAt(i); for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; } return ~c; }",
  },
  {
    group: "filters",
    name: "fnv hash with Math.imul",
    body: 'const out = hash("hello").toString(36);',
    declarations:
      "function hash(s: string): number { let h = 0x811c9dc5; for (const c of s) { h ^= c.charCodeAt(0); h = Math.imul(h, 0x01000193); } return h >>> 0; }",
  },
  {
    group: "filters",
    name: "Map idioms",
    body: 'const m = new Map<string, number>([["a", 1], ["b", 2]]); m.set("c", 3).delete("a"); const out = `${[...m].map(([k, v]) => k + v).join()} ${[...m.values()].reduce((a, b) => a + b, 0)} ${Math.max(...m.values())} ${[...m.entries()].sort((a, b) => b[1] - a[1])[0][0]} ${m.delete("zz")}`;',
  },
  {
    group: "filters",
    name: "Set operations",
    body: 'const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); const out = [[...a].filter((x) => b.has(x)), [...a].filter((x) => !b.has(x)), [...new Set([...a, ...b])]].map((x) => x.join("")).join("|");',
  },
  {
    group: "filters",
    name: "unique by Set and filter index",
    body: 'const xs = ["a", "b", "a"]; const out = [...new Set(xs)].join("") + xs.filter((x, i) => xs.indexOf(x) === i).join("") + new Set("hello").size;',
  },
  {
    group: "filters",
    name: "destructuring with defaults",
    body: 'const [a = "x", b = "y", c = "z"] = "1,2".split(","); const { host = "localhost", port = 80 } = opts({ port: 8080 }); const out = a + b + c + host + port;',
    declarations: "interface Opts { host?: string; port?: number } const opts = (o: Opts): Opts => o;",
  },
  {
    group: "filters",
    name: "nested destructuring with defaults in parameters",
    body: 'const out = f({ user: { name: "n" } }) + f({ user: { name: "m", tags: ["a", "b"] } });',
    declarations:
      'interface U { name: string; tags?: string[] } function f({ user: { name, tags = ["none"] } }: { user: U }): string { return name + tags.join("/"); }',
  },
  {
    group: "filters",
    name: "nested optional chaining with calls",
    body: 'const r = new Reg(); let out = r.find("a")?.owner?.().name.toUpperCase() ?? "none"; out += r.find("b")?.owner?.()?.name ?? "none"; out += r.find("zz")?.owner?.()?.name ?? "none"; out += r.find("a")?.tags?.[0]?.length ?? -1;',
    declarations:
      'class Owner { constructor(public name: string) {} } class Item { owner?: () => Owner; tags?: string[]; } class Reg { find(k: string): Item | undefined { if (k === "zz") return undefined; const i = new Item(); if (k === "a") { i.owner = () => new Owner("ann"); i.tags = ["long"]; } return i; } }',
  },
  {
    group: "filters",
    name: "closures in class fields",
    body: "const c = new Clicker(); const { inc } = c; inc(); inc(); c.inc(); const out = `${c.n}${c.format(5)}`;",
    declarations:
      "class Clicker { n = 0; inc = (): void => { this.n++; }; format = (x: number): string => `<${x + this.n}>`; }",
  },
  {
    group: "filters",
    name: "interface with methods",
    body: 'const stores: Store[] = [new Mem(), new Prefixed(new Mem(), "p:")]; let out = ""; for (const s of stores) { s.set("k", "v"); out += s.get("k") ?? "-"; out += s.keys().join(); }',
    declarations:
      "interface Store { get(k: string): string | undefined; set(k: string, v: string): void; keys(): string[]; } class Mem implements Store { private m = new Map<string, string>(); get(k: string): string | undefined { return this.m.get(k); } set(k: string, v: string): void { this.m.set(k, v); } keys(): string[] { return [...this.m.keys()]; } } class Prefixed implements Store { constructor(private inner: Store, private prefix: string) {} get(k: string): string | undefined { return this.inner.get(this.prefix + k); } set(k: string, v: string): void { this.inner.set(this.prefix + k, v); } keys(): string[] { return this.inner.keys(); } }",
  },
  {
    group: "filters",
    name: "interface that extends",
    body: "const d: Dog = new Rex(); const out = d.name + d.bark() + hello(d);",
    declarations:
      'interface Named { name: string } interface Dog extends Named { bark(): string } class Rex implements Dog { name = "rex"; bark(): string { return "wuf"; } } function hello(n: Named): string { return "hi " + n.name; }',
  },
];
