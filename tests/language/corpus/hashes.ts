/** Numbers as hashes, codes and sums make them, methods in chains, results that may be null, and `void`. */
import type { Construct } from "../constructs.js";

export const hashes: readonly Construct[] = [
  {
    group: "hashes",
    name: "hash >>>",
    body: 'let out = ""; out += hash("ann") + "," + hash("a-very-long-user-name-that-overflows");',
    declarations:
      "function hash(text: string): number { let h = 5381; for (let i = 0; i < text.length; i++) h = ((h << 5) + h + text.charCodeAt(i)) >>> 0; return h; }",
  },
  {
    group: "hashes",
    name: "hash >>> untyped return",
    body: 'let out = ""; out += hash("a-very-long-user-name-that-overflows");',
    declarations:
      "function hash(text: string) { let h = 0; for (const c of text) { h = (Math.imul(h, 31) + c.charCodeAt(0)) >>> 0; } return h; }",
  },
  {
    group: "hashes",
    name: "hash fnv",
    body: 'let out = ""; out += fnv("hello") + fnv("").toString(16) + "," + fnv("hello").toString(16);',
    declarations:
      "function fnv(s: string) { let h = 0x811c9dc5; for (let i = 0; i < s.length; i++) { h ^= s.charCodeAt(i); h = Math.imul(h, 0x01000193); } return h >>> 0; }",
  },
  {
    group: "hashes",
    name: "lcg module",
    body: 'let out = ""; out += [rand(), rand(), rand()].map((x) => x.toFixed(6)).join();',
    declarations:
      "let seed = 42; function rand(): number { seed = (seed * 1664525 + 1013904223) >>> 0; return seed / 4294967296; }",
  },
  {
    group: "hashes",
    name: "lcg module mod",
    body: 'let out = ""; out += [rnd(), rnd(), rnd()].join();',
    declarations: "let s2 = 1; const rnd = () => { s2 = (s2 * 16807) % 2147483647; return s2; };",
  },
  {
    group: "hashes",
    name: "crc32",
    body: 'let out = ""; out += crc("123456789").toString(16);',
    declarations:
      "function crc(text: string): number { let c = ~0; for (let i = 0; i < text.length; i++) { c ^= text.charCodeAt(i); for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; } return ~c >>> 0; }",
  },
  {
    group: "hashes",
    name: "adler",
    body: 'let out = ""; out += adler("Wikipedia");',
    declarations:
      "function adler(t: string) { let a = 1, b = 0; for (let i = 0; i < t.length; i++) { a = (a + t.charCodeAt(i)) % 65521; b = (b + a) % 65521; } return ((b << 16) | a) >>> 0; }",
  },
  {
    group: "hashes",
    name: ">>>= ",
    body: 'let out = ""; let x = -1; x >>>= 0; out += x; let y = -16; y >>>= 2; out += "," + y;',
  },
  {
    group: "hashes",
    name: "shift then compare",
    body: 'let out = ""; let n = 1; for (let i = 0; i < 40; i++) n = (n << 1) >>> 0; out += n; let m = 0; m = -1 >>> 0; out += m > 5;',
  },
  {
    group: "hashes",
    name: "ip to int",
    body: 'let out = ""; out += toInt("200.1.2.3") + "," + (toInt("255.255.255.255") & 0xff);',
    declarations:
      'function toInt(ip: string) { return ip.split(".").reduce((n, part) => (n << 8) + Number(part), 0) >>> 0; }',
  },
  {
    group: "hashes",
    name: "ip to int2",
    body: 'let out = ""; out += toInt2("200.1.2.3");',
    declarations:
      'function toInt2(ip: string) { let n = 0; for (const part of ip.split(".")) n = n * 256 + parseInt(part, 10); return n; }',
  },
  {
    group: "hashes",
    name: "xorshift",
    body: 'let out = ""; let x = 123456789; const out2: number[] = []; for (let i = 0; i < 4; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; out2.push(x >>> 0); } out += out2.join();',
  },
  {
    group: "hashes",
    name: "chain regex",
    body: 'let out = ""; const h: string | null = pick(1); out += h?.replace(/^Bearer\\s+/i, "") ?? "none"; out += pick(0)?.replace(/x/, "y") ?? "none"; out += pick(1)?.split(/\\s+/).map((s) => s.length).join() ?? "-"; out += pick(1)?.match(/B(e)/)?.[1]; out += pick(1)?.trim().replaceAll(/e/g, "E").toLowerCase() ?? "";',
    declarations: 'function pick(n: number): string | null { return n ? "Bearer abc" : null; }',
  },
  {
    group: "hashes",
    name: "chain arrays",
    body: 'let out = ""; const l = list(true); out += l?.map((x) => x + "!").join() ?? "-"; out += l?.find((x) => x === "b") ?? "none"; out += list(false)?.find((x) => x === "b") ?? "none"; l?.forEach((x) => { out += x; }); out += l?.filter(Boolean).length; out += l?.some((x) => x === "a"); out += l?.flatMap((x) => [x, x]).length ?? 0; out += l?.toSorted().join(); out += l?.reduce((n, x) => n + x.length, 0) ?? -1; out += l?.at(-1)?.length ?? 9; out += l?.[0]?.charCodeAt(0) ?? 1;',
    declarations: 'function list(b: boolean): string[] | null { return b ? ["b", "", "a"] : null; }',
  },
  {
    group: "hashes",
    name: "chain on field",
    body: 'let out = ""; const a = new A(); out += a.list?.map((x) => x.length).join() ?? "none"; a.list = ["x", "yy"]; out += a.list?.map((x) => x.length).join() ?? "none"; out += a.name?.split(",").map((p) => p.trim()).filter((p) => p !== "").length ?? 0; out += a.name?.localeCompare("b") ?? 5;',
    declarations: 'class A { list: string[] | null = null; name?: string = " a, ,b"; }',
  },
  {
    group: "hashes",
    name: "ternary null return",
    body: 'let out = ""; out += (f(1) ?? "none") + (f(0) ?? "none") + (g(2) ?? -1) + (g(0) ?? -1) + (h(0)?.v ?? "n") + (h(1)?.v ?? "n");',
    declarations:
      'class V { v = "v"; } const f = (n: number) => (n ? "t" : null); function g(n: number) { return n > 1 ? n * 2 : undefined; } function h(n: number) { return n === 0 ? null : new V(); }',
  },
  {
    group: "hashes",
    name: "abstract result by ternary",
    body: 'let out = ""; const cs: Check[] = [new T1(), new T2(3)]; out += cs.map((c) => c.run("x") ?? "ok").join();',
    declarations:
      'abstract class Check { abstract run(c: string): string | null; } class T1 extends Check { run(c: string) { return c === "x" ? null : "bad"; } } class T2 extends Check { constructor(private n: number) { super(); } run(c: string) { const v = Number(c); return v >= this.n ? null : `${v} < ${this.n}`; } }',
  },
  {
    group: "hashes",
    name: "void",
    body: 'let out = ""; const f = (): void => void add("a"); f(); void add("b"); g(); out += log.join();',
    declarations:
      'const log: string[] = []; function add(s: string): number { return log.push(s); } function g(): void { if (log.length > 1) return void add("c"); add("d"); }',
  },
  {
    group: "hashes",
    name: "avg untyped",
    body: 'let out = ""; out += avg([1, 2, 4]);',
    declarations:
      "function avg(xs: number[]) { let s = 0; for (const x of xs) s += x; return s / xs.length; }",
  },
  {
    group: "hashes",
    name: "sum untyped",
    body: 'let out = ""; out += sum([1.5, 2, 4]);',
    declarations: "function sum(xs: number[]) { let s = 0; for (const x of xs) s += x; return s; }",
  },
  {
    group: "hashes",
    name: "poly mod",
    body: 'let out = ""; let h = 7; for (const c of "hello world, this is long") h = (h * 31 + c.charCodeAt(0)) % 1000000007; out += h;',
  },
  {
    group: "hashes",
    name: "poly mod 2^32",
    body: 'let out = ""; let h = 7; for (const c of "hello world, this is long") h = (h * 33 + c.charCodeAt(0)) % 4294967296; out += h;',
  },
  {
    group: "hashes",
    name: "double",
    body: 'let out = ""; let n = 1; for (let i = 0; i < 40; i++) n *= 2; out += n; let m = 1; for (let i = 0; i < 40; i++) m = m * 2; out += "," + m; let q = 1; for (let i = 0; i < 20; i++) q = q * 10; out += "," + q;',
  },
  {
    group: "hashes",
    name: "poly or",
    body: 'let out = ""; let h = 7; for (const c of "hello world, this is long") h = (h * 31 + c.charCodeAt(0)) | 0; out += h;',
  },
  {
    group: "hashes",
    name: "parse digits",
    body: 'let out = ""; let n = 0; for (const c of "12345678901") n = n * 10 + (c.charCodeAt(0) - 48); out += n; out += "," + n % 1000 + "," + Math.floor(n / 1000);',
  },
  {
    group: "hashes",
    name: "poly captured",
    body: 'let out = ""; let h = 1; "hello worldxyz".split("").forEach((c) => { h = (h * 131 + c.charCodeAt(0)) % 998244353; }); out += h;',
  },
  {
    group: "hashes",
    name: "pow mod",
    body: 'let out = ""; let b = 3, e = 200, m = 1000003, r = 1; while (e > 0) { if (e & 1) r = (r * b) % m; b = (b * b) % m; e = e >> 1; } out += r;',
  },
  {
    group: "hashes",
    name: "fib",
    body: 'let out = ""; let a = 0, b = 1; for (let i = 0; i < 60; i++) { const t = a + b; a = b; b = t; } out += a;',
  },
  {
    group: "hashes",
    name: "fib swap",
    body: 'let out = ""; let a = 0, b = 1; for (let i = 0; i < 60; i++) [a, b] = [b, a + b]; out += a;',
  },
  {
    group: "hashes",
    name: "factorial",
    body: 'let out = ""; const f = (n: number): number => (n <= 1 ? 1 : n * f(n - 1)); out += f(20); let x = 1; for (let i = 1; i <= 20; i++) x *= i; out += "," + x; let y = 1; for (let i = 2; i < 25; i++) y = y * i; out += "," + y;',
  },
  {
    group: "hashes",
    name: "bytes to number",
    body: 'let out = ""; const b = [200, 1, 2, 3]; let n = 0; for (const x of b) n = (n << 8) | x; out += n + "," + (n >>> 0); let m = 0; for (const x of b) m = m * 256 + x; out += "," + m;',
  },
  {
    group: "hashes",
    name: "time sums",
    body: 'let out = ""; const day = 24 * 60 * 60 * 1000; let t = 0; for (let i = 0; i < 100; i++) t += day; out += t; let s = 0; for (let i = 0; i < 3; i++) s = s + 86400000 * 20; out += "," + s;',
  },
  {
    group: "hashes",
    name: "exp backoff",
    body: 'let out = ""; const delays: number[] = []; let d = 100; for (let i = 0; i < 30; i++) { delays.push(d); d = Math.min(d * 2, 1e12); } out += delays.join();',
  },
  {
    group: "hashes",
    name: "~ numbers",
    body: 'let out = ""; const mask: number = ~0; out += mask; const m2: number = ~5 & 0xff; out += "," + m2; const x = ~"ab".indexOf("z"); out += "," + x; if (~"ab".indexOf("b")) out += "found"; let flags = 7; flags &= ~2; out += flags;',
  },
  {
    group: "hashes",
    name: "large literals",
    body: 'let out = ""; const big = 4294967296; out += big + 1; out += "," + (5 / 4294967296) + "," + (10 % 4294967296) + "," + (7 * 4294967296) + "," + (5 > 4294967296) + "," + (4294967297 - 1); let n = 3; out += "," + n * 4294967296; n += 4294967296; out += "," + n;',
  },
  { group: "hashes", name: "a quotient by a large literal", body: 'let out = ""; out += 5 / 4294967296;' },
  {
    group: "hashes",
    name: "a quotient by a large literal in parentheses",
    body: 'let out = ""; out += (5 / 4294967296) + ",";',
  },
  {
    group: "hashes",
    name: "a quotient by a large literal, in a constant",
    body: 'let out = ""; const n = 5; const x = n / 4294967296; out += x;',
  },
  {
    group: "hashes",
    name: "a quotient of a parameter",
    body: 'let out = ""; out += f(5);',
    declarations: "function f(n: number): number { return n / 4294967296; }",
  },
];
