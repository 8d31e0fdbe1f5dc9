/** Numbers, lists, closures and errors of the first days. */
import type { Construct } from "../constructs.js";

export const day3: readonly Construct[] = [
  {
    group: "first days",
    name: "undefined given to a default text",
    body: 'let out = ""; out += f("a") + f("b", "+");',
    declarations: 'function f(s: string, sep: string = "-"): string { return s + sep; }',
  },
  {
    group: "first days",
    name: "number given as optional field to a default",
    body: 'let out = ""; const a: O2 = {}, b: O2 = { delay: 5 }; out += wait(a.delay) + "," + wait(b.delay);',
    declarations: `interface O2 { delay?: number }
function wait(ms = 100): number { return ms; }`,
  },
  {
    group: "first days",
    name: "optional number given to a function with default in a method",
    body: 'let out = ""; let n: number | undefined; out += new Retry(n).next(n) + "," + new Retry(5).next(2);',
    declarations:
      "class Retry { constructor(readonly times = 3) {} next(by = 1): number { return this.times + by; } }",
  },
  {
    group: "first days",
    name: "arrow with default given undefined",
    body: 'let out = ""; const w: number | undefined = undefined; out += pad(5, w) + pad(5, 4) + pad(7);',
    declarations: 'const pad = (n: number, width = 2): string => String(n).padStart(width, "0");',
  },
  {
    group: "first days",
    name: "ternary with mixed null numbers",
    body: 'let out = ""; out += (lim(null) ?? -1) + (lim("5") ?? -1); out += lim("x") ?? 7; const l = lim("3"); out += l !== null ? l + 1 : 0; out += lim(null) === null;',
    declarations:
      "function lim(s: string | null): number | null { return s === null ? null : parseInt(s, 10); }",
  },
  {
    group: "first days",
    name: "parseInt of header or default by ||",
    body: 'let out = ""; out += num("5") + "," + num(undefined) + "," + num("x") + "," + num("0");',
    declarations: 'function num(s: string | undefined): number { return parseInt(s ?? "", 10) || 30; }',
  },
  {
    group: "first days",
    name: "number truthiness in and or",
    body: 'let out = ""; const zero = 0, one = 1, nan = NaN; out += (zero || 5) + "," + (one && 7) + "," + (nan || 3) + "," + (zero ?? 9); let x = 0; x ||= 4; x &&= 6; out += x;',
  },
  {
    group: "first days",
    name: "text or default",
    body: 'let out = ""; const empty: string = "", full: string = "f"; out += (empty || "d") + (full && "g") + (full || "h") + (empty && "i") + (empty ?? "j");',
  },
  {
    group: "first days",
    name: "increment in expression and prefix",
    body: 'let out = ""; let i = 0; const a = [i++, i++, ++i]; out += a.join() + i; let j = 5; out += j-- - --j; out += j; const xs = [1, 2, 3]; let k = 0; xs[k++] += 10; out += xs.join() + k;',
  },
  {
    group: "first days",
    name: "compound assignment on fields and elements",
    body: 'let out = ""; const a = new Acc(); a.total += 1.5; a.total *= 4; a.total -= 1; a.total /= 2; a.total **= 2; a.total %= 4; out += a.total; a.parts[0] += "x"; a.byKey["a"] += 2; a.byKey.a *= 3; out += a.parts[0] + a.byKey.a;',
    declarations:
      'class Acc { total = 0; parts: string[] = [""]; byKey: Record<string, number> = { a: 1 }; }',
  },
  {
    group: "first days",
    name: "modulo of negative and fractions",
    body: 'let out = ""; out += -7 % 3; out += 7.5 % 2; out += -1 % 1; out += ((-7 % 3) + 3) % 3; const n = -5; out += n % 2 === -1; out += 5 % -3;',
  },
  {
    group: "first days",
    name: "division and rounding",
    body: 'let out = ""; const a = 7, b = 2; out += a / b; out += Math.floor(a / b) + Math.ceil(a / b) + Math.round(2.5) + Math.round(-2.5) + Math.trunc(-2.7); out += (a / b) | 0; out += ~~(-a / b);',
  },
  {
    group: "first days",
    name: "integer overflow of counters multiplied",
    body: 'let out = ""; let n = 1; for (let i = 0; i < 40; i++) n *= 2; out += n; let s = 0; for (let i = 0; i < 5; i++) s += 1000000000; out += s; const big = 65536 * 65536; out += big; const k = 100000; out += k * k;',
  },
  {
    group: "first days",
    name: "seconds of days times thousand",
    body: 'let out = ""; out += DAY * 30; const ttl = 86400 * 365; out += ttl * 1000; out += 2 ** 31 + 1; out += 0xffffffff + 1; out += 1e10 % 7;',
    declarations: "const DAY = 24 * 60 * 60 * 1000;",
  },
  {
    group: "first days",
    name: "unsigned shifts and masks",
    body: 'let out = ""; const ip = (192 << 24) | (168 << 16) | 1; out += ip; out += ip >>> 0; out += (ip >>> 24) & 255; out += 0xff << 24; out += 1 << 31; out += (1 << 31) >>> 0; out += 5 & 6 | 8 ^ 3; out += 2 ** 32 >> 0; out += 2 ** 33 | 1;',
  },
  {
    group: "first days",
    name: "text of various numbers",
    body: 'let out = ""; out += [0.1, 1 / 3, 100, 1e21, 1.0, -0.5, 5e-324, 123.456e5, 0.1 + 0.2].join(" "); out += `${1 / 4} ${10 / 5} ${3 * 1.1}`; out += String(-1) + (12).toString() + (1.50).toString();',
  },
  {
    group: "first days",
    name: "array of numbers sum of lengths",
    body: 'let out = ""; const words = ["a", "bb", "ccc"]; out += words.reduce((n, w) => n + w.length, 0) / words.length; out += words.map((w) => w.length / 2).join(); out += words.length / 2; let t = 0; for (const w of words) t += w.length; out += t / 2; out += (words.length - 1) / words.length;',
  },
  {
    group: "first days",
    name: "array sort stability and comparator returning boolean-like",
    body: 'let out = ""; const xs = [{ k: 1, v: "a" }, { k: 0, v: "b" }, { k: 1, v: "c" }, { k: 0, v: "d" }]; out += xs.sort((a, b) => a.k - b.k).map((x) => x.v).join(""); out += [3, 1, 2].sort((a, b) => (a < b ? 1 : -1)).join(); out += [0.5, 0.25, 10].sort((a, b) => a - b).join();',
  },
  {
    group: "first days",
    name: "default sort texts upper lower digits",
    body: 'let out = ""; out += ["b", "B", "a", "10", "9", "_"].sort().join() + ["é", "z", "a"].sort().join();',
  },
  {
    group: "first days",
    name: "splice slice negative",
    body: 'let out = ""; const xs = [1, 2, 3, 4, 5]; out += xs.slice(-2).join() + xs.slice(1, -1).join() + xs.splice(-2, 1).join() + xs.join() + xs.splice(1).join() + xs.join() + xs.slice(10).length + [1, 2].concat([3], [4]).join();',
  },
  {
    group: "first days",
    name: "array holes join null",
    body: 'let out = ""; const xs: (string | null)[] = ["a", null, "b"]; out += xs.join("-"); const us: (string | undefined)[] = ["a", undefined]; out += us.join("+") + us.length; out += xs.filter((x) => x !== null).join(""); out += xs.map((x) => x ?? "n").join("");',
  },
  {
    group: "first days",
    name: "reverse and length assignment",
    body: 'let out = ""; const xs = [1, 2, 3]; const ys = xs.reverse(); out += ys === xs; xs.length = 1; out += ys.join() + xs.length; xs[xs.length] = 9; out += xs.join();',
  },
  {
    group: "first days",
    name: "string indexing and iteration",
    body: 'let out = ""; const s = "héllo"; out += s[1] + s.charAt(0) + s.length + [...s].length + s.charCodeAt(1) + s.split("").reverse().join(""); for (const c of s) out += c + "."; for (let i = 0; i < s.length; i += 2) out += s[i]; out += s[99] ?? "none"; out += s.at(-1);',
  },
  {
    group: "first days",
    name: "regex state with g flag",
    body: 'let out = ""; const re = /a(\\d)/g; let m: RegExpExecArray | null; while ((m = re.exec("a1 a2 a3")) !== null) out += m[1] + m.index + ";"; out += re.lastIndex; out += "a1a2".match(/a\\d/g)!.length; out += "none".match(/a\\d/g) === null; out += "x1y2".split(/\\d/).join("|"); out += /^[\\w.+-]+@[\\w-]+\\.\\w+$/.test("a.b+c@d-e.io");',
  },
  {
    group: "first days",
    name: "case insensitive compare",
    body: 'let out = ""; out += "Content-Type".toLowerCase() === "content-type"; out += "İ".toLowerCase().length; out += "ß".toUpperCase(); out += "a".localeCompare("B"); out += "résumé".localeCompare("resume") > 0; out += ["Z", "a", "z", "ä"].sort((x, y) => x.localeCompare(y)).join("");',
  },
  {
    group: "first days",
    name: "trimStart trimEnd and whitespace",
    body: 'let out = ""; out += "[" + "  a\\t\\n".trim() + "]" + "  a ".trimStart() + "|" + " a ".trimEnd() + "|" + "\\u00a0x\\ufeff".trim().length + "a b  c".split(" ").length + "a b  c".split(/\\s+/).length;',
  },
  {
    group: "first days",
    name: "equality of mixed null and undefined",
    body: 'let out = ""; for (const k of ["n", "u", "x"]) { const v = get(k); out += v == null ? "0" : "1"; out += v ?? "d"; out += v ? "t" : "f"; }',
    declarations:
      'function get(k: string): string | null | undefined { return k === "n" ? null : k === "u" ? undefined : k; }',
  },
  {
    group: "first days",
    name: "closures share a variable",
    body: 'let out = ""; const [inc, get] = pair(); inc(); inc(); out += get(); const [inc2, get2] = pair(); inc2(); out += get2() + get();',
    declarations: "function pair(): [() => number, () => number] { let n = 0; return [() => ++n, () => n]; }",
  },
  {
    group: "first days",
    name: "closures in for with let",
    body: 'let out = ""; const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i * i); out += fs.map((f) => f()).join(); const gs: (() => string)[] = []; for (const k of ["a", "b"]) { let n = 0; gs.push(() => k + n++); } out += gs[0]() + gs[0]() + gs[1]();',
  },
  {
    group: "first days",
    name: "closures in while with own let",
    body: 'let out = ""; const fs: (() => number)[] = []; let i = 0; while (i < 3) { const j = i; fs.push(() => j + i); i++; } out += fs.map((f) => f()).join();',
  },
  {
    group: "first days",
    name: "recursion in closures with memo",
    body: 'let out = ""; const memo = new Map<number, number>(); const fib = (n: number): number => { if (n < 2) return n; const known = memo.get(n); if (known !== undefined) return known; const v = fib(n - 1) + fib(n - 2); memo.set(n, v); return v; }; out += fib(50);',
  },
  {
    group: "first days",
    name: "once and debounce wrappers",
    body: 'let out = ""; let calls = 0; const get = once(() => { calls++; return "v"; }); out += get() + get() + calls;',
    declarations:
      "function once<T>(f: () => T): () => T { let done = false; let v: T | undefined; return () => { if (!done) { v = f(); done = true; } return v!; }; }",
  },
  {
    group: "first days",
    name: "curried functions",
    body: 'let out = ""; const add = (a: number) => (b: number) => (c: number) => a + b + c; out += add(1)(2)(3.5); const has = (key: string) => (o: Record<string, string>) => key in o; out += has("a")({ a: "1" }); out += ["a", "b"].map((k) => has(k)({ a: "" })).join();',
  },
  {
    group: "first days",
    name: "partial application and pipe",
    body: 'let out = ""; out += pipe((s) => s.trim(), (s) => s.toUpperCase(), (s) => s + "!")("  hi ");',
    declarations:
      "const pipe = (...fs: ((s: string) => string)[]) => (s: string): string => fs.reduce((v, f) => f(v), s);",
  },
  {
    group: "first days",
    name: "getter only computed and toString in template",
    body: 'let out = ""; out += `${Version.parse("1.2")}` + Version.parse("3") + Version.parse("1.2").lt(Version.parse("1.10")) + new Version(2).text;',
    declarations:
      'class Version { constructor(readonly major: number, readonly minor = 0) {} get text(): string { return `${this.major}.${this.minor}`; } toString(): string { return "v" + this.text; } static parse(s: string): Version { const [a, b = "0"] = s.split("."); return new Version(Number(a), Number(b)); } lt(o: Version): boolean { return this.major < o.major || (this.major === o.major && this.minor < o.minor); } }',
  },
  {
    group: "first days",
    name: "protected field and polymorphic call in constructor",
    body: 'let out = ""; out += new Derived().done() + new Derived().extra;',
    declarations: `class Base { protected log: string[] = []; constructor() { this.init(); } protected init(): void { this.log.push("base"); } done(): string { return this.log.join(); } }
class Derived extends Base { extra = "e"; protected init(): void { super.init(); this.log.push("derived"); } }`,
  },
  {
    group: "first days",
    name: "discriminated union with optional members and default case",
    body: 'let out = ""; out += describe({ type: "request", path: "/a" }) + describe({ type: "request", path: "/b", retry: 2 }) + describe({ type: "response", status: 204 }) + describe({ type: "end" });',
    declarations: `type Event = { type: "request"; path: string; retry?: number } | { type: "response"; status: number } | { type: "end" };
function describe(e: Event): string { switch (e.type) { case "request": return \`req \${e.path} \${e.retry ?? 0}\`; case "response": return \`res \${e.status}\`; default: return "end"; } }`,
  },
  {
    group: "first days",
    name: "numeric literal union and lookup",
    body: 'let out = ""; const c: Code = 301; out += names[c] + names[200]; for (const k of Object.keys(names)) out += k;',
    declarations:
      'type Code = 200 | 301 | 404; const names: Record<Code, string> = { 200: "OK", 301: "Moved", 404: "Not Found" };',
  },
  {
    group: "first days",
    name: "number keyed record",
    body: 'let out = ""; out += byStatus[404] + (byStatus[200] ?? "none"); byStatus[200] = "ok"; out += Object.keys(byStatus).join(); out += 404 in byStatus;',
    declarations: 'const byStatus: Record<number, string> = { 404: "nf", 500: "err" };',
  },
  {
    group: "first days",
    name: "map with object keys and default factory",
    body: 'let out = ""; const k1 = new Key(1), k2 = new Key(1); const m = new Map<Key, string>([[k1, "a"]]); out += m.has(k1) + "" + m.has(k2) + m.get(k1); const mm = new Map<string, Set<string>>(); const add = (k: string, v: string) => { let s = mm.get(k); if (!s) mm.set(k, (s = new Set())); s.add(v); }; add("x", "1"); add("x", "2"); add("y", "1"); out += mm.get("x")!.size + mm.size;',
    declarations: "class Key { constructor(readonly id: number) {} }",
  },
  {
    group: "first days",
    name: "do while with label and comma",
    body: 'let out = ""; let n = 0; do { n += 2; if (n === 4) continue; out += n; } while (n < 8); for (let i = 0, j = 10; i < j; i += 3, j -= 2) out += `${i}-${j} `; let a = 1, b = 2; [a, b] = [b, a + b]; out += a + "" + b;',
  },
  {
    group: "first days",
    name: "switch fallthrough with default in the middle",
    body: 'let out = ""; out += f(1) + "," + f(2) + "," + f(3) + "," + f(9);',
    declarations:
      'function f(n: number): string { let r = ""; switch (n) { case 1: r += "1"; default: r += "d"; case 2: r += "2"; break; case 3: r += "3"; } return r; }',
  },
  {
    group: "first days",
    name: "switch on text with returns and blocks",
    body: 'let out = ""; out += kind("get") + kind("Head") + kind("POST") + kind("x");',
    declarations:
      'function kind(m: string): string { switch (m.toUpperCase()) { case "GET": case "HEAD": { const safe = "safe"; return safe; } case "POST": return "write"; } return "other"; }',
  },
  {
    group: "first days",
    name: "try finally order and return override",
    body: 'let out = ""; const log: string[] = []; out += f(log) + log.join(); const g = (): number => { for (const x of [1, 2]) { try { if (x === 1) continue; return x; } finally { out += "f" + x; } } return 0; }; out += g();',
    declarations:
      'function f(log: string[]): string { try { log.push("t"); return "a" + log.push("r"); } finally { log.push("f"); } }',
  },
  {
    group: "first days",
    name: "error cause name and stack free text",
    body: 'let out = ""; try { throw new ValidationError(["a", "b"]); } catch (e) { if (e instanceof ValidationError) out += e.name + e.message + e.fields.length; out += String(e); out += e instanceof Error ? e.message.length : 0; }',
    declarations:
      'class ValidationError extends Error { readonly fields: string[]; constructor(fields: string[]) { super(`invalid: ${fields.join(", ")}`); this.name = "ValidationError"; this.fields = fields; } }',
  },
  {
    group: "first days",
    name: "nested try rethrow with finally counts",
    body: 'let out = ""; let n = 0; try { try { throw new TypeError("inner"); } catch (e) { n++; throw new Error("outer: " + (e as Error).message); } finally { n += 10; } } catch (e) { out += (e as Error).message + n; }',
  },
  {
    group: "first days",
    name: "async like retry counter with while true",
    body: 'let out = ""; let attempt = 0; while (true) { attempt++; if (attempt >= 3) break; } out += attempt; let delay = 100; for (let i = 0; i < 3; i++) { delay = Math.min(delay * 1.5, 200); out += delay + ","; }',
  },
  {
    group: "first days",
    name: "exponent and bases",
    body: 'let out = ""; out += 2 ** 10 + 2 ** -1 + (-2) ** 3 + 10 ** 2; out += 0b1010 + 0o17 + 0xff; out += 1_000_000; out += Math.pow(2, 0.5).toFixed(4); out += Math.hypot(3, 4) + Math.cbrt(27) + Math.sign(-3) + Math.log2(8) + Math.log10(1000);',
  },
  {
    group: "first days",
    name: "string comparisons of versions with padding",
    body: 'let out = ""; const v = (s: string) => s.split(".").map((p) => p.padStart(4, "0")).join("."); out += v("1.2.10") > v("1.2.9"); out += v("1.2"); out += "b" > "a" && "B" < "a";',
  },
];
