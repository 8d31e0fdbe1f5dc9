/** What a newcomer tries first: small programs. */
import type { Construct } from "../constructs.js";

export const newcomer3: readonly Construct[] = [
  {
    group: "newcomer",
    name: "url building",
    body: 'let out = ""; const params: Record<string, string> = { q: "a b", p: "1" }; const qs = Object.entries(params).map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).join("&"); out += qs; out += decodeURIComponent("a%20b"); out += encodeURI("/a b?c=d");',
  },
  {
    group: "newcomer",
    name: "cookie parsing",
    body: 'let out = ""; const c = parse("a=1; b=2; a=3; bad; c="); out += c.size; out += c.get("a") ?? "none"; out += c.get("c") ?? "none"; out += c.get("z") ?? "none"; for (const [k, v] of c) out += `${k}:${v};`;',
    declarations:
      'function parse(s: string): Map<string, string> { const m = new Map<string, string>(); for (const part of s.split(";")) { const i = part.indexOf("="); if (i < 0) continue; const k = part.slice(0, i).trim(); const v = part.slice(i + 1).trim(); if (!m.has(k)) m.set(k, v); } return m; }',
  },
  {
    group: "newcomer",
    name: "rate limiter",
    body: 'let out = ""; const b = new Bucket(2, 0.5); for (const t of [0, 100, 200, 2500, 2600, 9000]) out += b.take(t) ? "y" : "n";',
    declarations:
      "class Bucket { private tokens: number; private last = 0; constructor(private readonly capacity: number, private readonly perSecond: number) { this.tokens = capacity; } take(now: number): boolean { const elapsed = (now - this.last) / 1000; this.tokens = Math.min(this.capacity, this.tokens + elapsed * this.perSecond); this.last = now; if (this.tokens < 1) return false; this.tokens -= 1; return true; } }",
  },
  {
    group: "newcomer",
    name: "event emitter",
    body: 'let out = ""; const e = new Emitter(); let got = ""; const off = e.on("x", (d) => { got += d; }); e.on("x", (d) => { got += d.toUpperCase(); }); out += e.emit("x", "a"); off(); out += e.emit("x", "b"); out += e.emit("y", "c"); out += got;',
    declarations:
      "type Listener = (data: string) => void; class Emitter { private listeners: Map<string, Listener[]> = new Map(); on(e: string, f: Listener): () => void { const list = this.listeners.get(e) ?? []; list.push(f); this.listeners.set(e, list); return () => { const at = list.indexOf(f); if (at >= 0) list.splice(at, 1); }; } emit(e: string, d: string): number { const list = this.listeners.get(e); if (!list) return 0; list.forEach((f) => f(d)); return list.length; } }",
  },
  {
    group: "newcomer",
    name: "builder and fluent",
    body: 'let out = ""; out += new Query().where("a=1").where("b=2").limit(5).toString(); out += `${new Query().where("x")}`; out += new Query() + "";',
    declarations:
      'class Query { private parts: string[] = []; private n?: number; where(s: string): this { this.parts.push(s); return this; } limit(n: number): this { this.n = n; return this; } toString(): string { return this.parts.join(" and ") + (this.n !== undefined ? ` limit ${this.n}` : ""); } }',
  },
  {
    group: "newcomer",
    name: "binary search and sort",
    body: 'let out = ""; out += search([1, 3, 5, 7], 5); out += search([1, 3], 4); out += quick([3, 1, 2, 3]).join();',
    declarations:
      "function search(xs: number[], x: number): number { let lo = 0, hi = xs.length - 1; while (lo <= hi) { const mid = Math.floor((lo + hi) / 2); if (xs[mid] === x) return mid; if (xs[mid] < x) lo = mid + 1; else hi = mid - 1; } return -1; } function quick(xs: number[]): number[] { if (xs.length <= 1) return xs; const [p, ...rest] = xs; return [...quick(rest.filter((x) => x < p)), p, ...quick(rest.filter((x) => x >= p))]; }",
  },
  {
    group: "newcomer",
    name: "matrix",
    body: 'let out = ""; const m: number[][] = [[1, 2], [3, 4]]; out += m.map((r) => r.map((x) => x * 2).join(" ")).join("|"); const t = m[0].map((_, i) => m.map((r) => r[i])); out += JSON2(t); const grid = Array.from({ length: 2 }, () => new Array<number>(3).fill(0)); grid[1][2] = 5; out += grid.map((r) => r.join("")).join("/"); function JSON2(x: number[][]): string { return x.map((r) => r.join()).join(";"); }',
  },
  {
    group: "newcomer",
    name: "tree recursion",
    body: 'let out = ""; const t = new Tree(5); [3, 8, 1, 4].forEach((v) => t.insert(v)); out += t.sum(); t.walk((v) => { out += v; }); out += t.depth();',
    declarations:
      "class Tree { left: Tree | null = null; right: Tree | null = null; constructor(public value: number) {} insert(v: number): void { if (v < this.value) { if (this.left) this.left.insert(v); else this.left = new Tree(v); } else if (this.right === null) { this.right = new Tree(v); } else { this.right.insert(v); } } sum(): number { return this.value + (this.left?.sum() ?? 0) + (this.right?.sum() ?? 0); } walk(f: (n: number) => void): void { this.left?.walk(f); f(this.value); this.right?.walk(f); } depth(): number { return 1 + Math.max(this.left?.depth() ?? 0, this.right?.depth() ?? 0); } }",
  },
  {
    group: "newcomer",
    name: "state machine",
    body: 'let out = ""; let s: State = "idle"; for (let i = 0; i < 4; i++) { out += s[0]; s = next[s]; } out += s;',
    declarations:
      'type State = "idle" | "running" | "done"; const next: Record<State, State> = { idle: "running", running: "done", done: "idle" };',
  },
  {
    group: "newcomer",
    name: "ip to number",
    body: 'let out = ""; out += ip("192.168.1.1"); out += ip("255.255.255.255"); out += inRange("10.1.2.3", "10.0.0.0/8"); out += inRange("11.1.2.3", "10.0.0.0/8");',
    declarations:
      'function ip(s: string): number { return s.split(".").reduce((n, p) => (n << 8) + parseInt(p, 10), 0) >>> 0; } function inRange(a: string, cidr: string): boolean { const [base, bits] = cidr.split("/"); const mask = ~(2 ** (32 - Number(bits)) - 1); return (ip(a) & mask) === (ip(base) & mask); }',
  },
  {
    group: "newcomer",
    name: "luhn and checksum",
    body: 'let out = ""; out += luhn("4539148803436467"); out += luhn("8273123273520569"); out += roman(14);',
    declarations:
      'function luhn(s: string): boolean { let sum = 0; let alt = false; for (let i = s.length - 1; i >= 0; i--) { let n = parseInt(s[i]); if (alt) { n *= 2; if (n > 9) n -= 9; } sum += n; alt = !alt; } return sum % 10 === 0; } function roman(n: number): string { const t: [number, string][] = [[10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]]; let r = ""; for (const [v, s] of t) while (n >= v) { r += s; n -= v; } return r; }',
  },
  {
    group: "newcomer",
    name: "histogram and percentile",
    body: 'let out = ""; out += percentile([1, 2, 3, 4], 0.5); out += percentile([5, 1, 9], 0.9).toFixed(2); const counts = new Array<number>(4).fill(0); for (const v of [5, 60, 70, 500]) { const i = buckets.findIndex((b) => v <= b); counts[i < 0 ? buckets.length : i]++; } out += counts.join();',
    declarations:
      "function percentile(xs: number[], p: number): number { const s = [...xs].sort((a, b) => a - b); const i = (s.length - 1) * p; const lo = Math.floor(i), hi = Math.ceil(i); return s[lo] + (s[hi] - s[lo]) * (i - lo); } const buckets = [10, 50, 100];",
  },
  {
    group: "newcomer",
    name: "weighted choice",
    body: 'let out = ""; out += pick(0.05) + "" + pick(0.25) + pick(0.95); out += (weights[0] / total).toFixed(2); const share = weights.map((w) => Math.round((w / total) * 100)); out += share.join();',
    declarations:
      "const weights = [1, 2, 7]; const total = weights.reduce((a, b) => a + b, 0); const pick = (r: number): number => { let acc = 0; for (let i = 0; i < weights.length; i++) { acc += weights[i] / total; if (r < acc) return i; } return weights.length - 1; };",
  },
  {
    group: "newcomer",
    name: "backoff and jitter",
    body: 'let out = ""; const delay = (attempt: number, base = 100, max = 1000): number => Math.min(max, base * 2 ** attempt); for (let i = 0; i < 5; i++) out += delay(i) + ","; const secs = (ms: number) => `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}s`; out += secs(61234);',
  },
  {
    group: "newcomer",
    name: "duration text",
    body: 'let out = ""; out += human(3723000); out += bytes(500) + bytes(1536) + bytes(5 * 1024 * 1024); out += human(60 * 1000);',
    declarations:
      'function human(ms: number): string { const s = Math.floor(ms / 1000); const h = Math.floor(s / 3600); const m = Math.floor((s % 3600) / 60); return `${h}h${String(m).padStart(2, "0")}m${s % 60}s`; } function bytes(n: number): string { const u = ["B", "KB", "MB"]; let i = 0; while (n >= 1024 && i < u.length - 1) { n /= 1024; i++; } return `${n.toFixed(i === 0 ? 0 : 1)}${u[i]}`; }',
  },
  {
    group: "newcomer",
    name: "boolean logic",
    body: 'let out = ""; const a = true, b = false; out += a && !b; out += a !== b; out += Number(a) + Number(b); out += [a, b].filter(Boolean).length; out += !!"" || !!0; out += (a ? 1 : 0) + (b ? 1 : 0); out += ["a", "", "b"].filter(Boolean).join(); out += a.toString(); out += `${b}`; out += a === !b; let c = a; c &&= b; out += c; c ||= a; out += c;',
  },
  {
    group: "newcomer",
    name: "compare mixed",
    body: 'let out = ""; out += "10" > "9"; out += 10 > 9; out += "a" === "a"; out += "b" > "a"; out += "" === ""; out += "a".length == 1; out += 0 === -0; out += NaN === NaN; out += 1 / 3 * 3 === 1; out += 0.1 + 0.2 === 0.3; out += Math.abs(0.1 + 0.2 - 0.3) < Number.EPSILON;',
  },
  {
    group: "newcomer",
    name: "static factory and private constructor",
    body: 'let out = ""; const m = Money.of(1.1).plus(Money.of(2.2)); out += m.amount; out += m.toString(); out += m.times(1.5); out += m.equals(Money.of(3.3));',
    declarations:
      "class Money { private constructor(private readonly cents: number) {} static of(n: number): Money { return new Money(Math.round(n * 100)); } plus(o: Money): Money { return new Money(this.cents + o.cents); } times(k: number): Money { return new Money(Math.round(this.cents * k)); } get amount(): number { return this.cents / 100; } equals(o: Money): boolean { return this.cents === o.cents; } toString(): string { return `$${this.amount.toFixed(2)}`; } }",
  },
  {
    group: "newcomer",
    name: "interface with methods and optional",
    body: 'let out = ""; out += use(new L()) + use(new L("pp"));',
    declarations:
      'interface Logger { level: number; prefix?: string; log(msg: string): string; } class L implements Logger { level = 1; prefix?: string; constructor(prefix?: string) { this.prefix = prefix; } log(msg: string): string { return (this.prefix ?? "-") + msg + this.level; } } function use(l: Logger): string { return l.log("x") + (l.prefix?.length ?? 0); }',
  },
  {
    group: "newcomer",
    name: "object literal implementing interface with functions",
    body: 'let out = ""; out += dispatch("/a") + dispatch("/b") + dispatch("/b", "POST");',
    declarations:
      'interface Route { path: string; method?: string; handler: (p: string) => string; } const routes: Route[] = [{ path: "/a", handler: (p) => "A" + p }, { path: "/b", method: "POST", handler: (p) => { return "B" + p; } }]; function dispatch(path: string, method = "GET"): string { const r = routes.find((x) => x.path === path && (x.method ?? "GET") === method); return r ? r.handler(path) : "404"; }',
  },
  {
    group: "newcomer",
    name: "nested maps and sets",
    body: 'let out = ""; out += [...g].map(([k, v]) => k + [...v].join("")).join(); const seen = new Set<string>(); const visit = (n: string): void => { if (seen.has(n)) return; seen.add(n); for (const m of g.get(n) ?? new Set<string>()) visit(m); }; visit("a"); out += [...seen].join("");',
    declarations:
      'const g = new Map<string, Set<string>>(); const add = (a: string, b: string): void => { if (!g.has(a)) g.set(a, new Set()); g.get(a)!.add(b); }; add("a", "b"); add("a", "c"); add("b", "c");',
  },
  {
    group: "newcomer",
    name: "shadowing and closures in loops",
    body: 'let out = ""; const fs: (() => string)[] = []; for (const x of ["a", "b"]) { const y = x + x; fs.push(() => x + y); } let z = 0; for (let i = 0; i < 2; i++) { const i2 = i * 10; fs.push(() => `${i2 + z}`); z++; } out += fs.map((f) => f()).join(); { let z = "inner"; out += z; } out += z;',
  },
  {
    group: "newcomer",
    name: "getter on prototype and override",
    body: 'let out = ""; out += new A().m(); out += new B() instanceof A;',
    declarations:
      'class A { get v(): string { return "a"; } m(): string { return this.v; } } class B extends A { get v(): string { return "b" + super.m().length; } }',
  },
  {
    group: "newcomer",
    name: "linked list",
    body: 'let out = ""; for (const v of ["a", "b", "c"]) head = { value: v, next: head }; for (let n = head; n !== null; n = n.next) out += n.value;',
    declarations: "interface Node2 { value: string; next: Node2 | null; } let head: Node2 | null = null;",
  },
  {
    group: "newcomer",
    name: "linked list local",
    body: 'let out = ""; let head: Node3 | null = null; for (const v of ["a", "b", "c"]) head = { value: v, next: head }; for (let n: Node3 | null = head; n !== null; n = n.next) { if (n.value === "b") continue; out += n.value; } for (let n = head; n; n = n.next) out += n.value; const first = new Node4("x"); first.next = new Node4("y"); for (let n: Node4 | undefined = first; n !== undefined; n = n.next) out += n.v;',
    declarations:
      "interface Node3 { value: string; next: Node3 | null; } class Node4 { next?: Node4; constructor(public v: string) {} }",
  },
];
