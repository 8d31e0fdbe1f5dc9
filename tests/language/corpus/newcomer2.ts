/** What a newcomer tries first: classes, functions and control flow. */
import type { Construct } from "../constructs.js";

export const newcomer2: readonly Construct[] = [
  {
    group: "newcomer",
    name: "enums",
    body: 'let out = ""; out += Color.Red + Color.Blue; out += Color[Color.Green]; out += Dir.Up; const d: Dir = Dir.Down; out += d === Dir.Down; out += d.toLowerCase(); const c: Color = Color.Green; switch (c) { case Color.Green: out += "g"; break; default: out += "d"; } out += `${c}`;',
    declarations: 'enum Color { Red, Green = 5, Blue } enum Dir { Up = "UP", Down = "DOWN" }',
  },
  {
    group: "newcomer",
    name: "enum bit flags",
    body: 'let out = ""; out += has(Perm.All, Perm.Write); out += has(Perm.Read, Perm.Write); let p = Perm.None; p |= Perm.Write; out += p; out += Perm.All & ~Perm.Read;',
    declarations:
      "enum Perm { None = 0, Read = 1 << 0, Write = 1 << 1, All = Read | Write } function has(p: Perm, f: Perm): boolean { return (p & f) === f; }",
  },
  {
    group: "newcomer",
    name: "const enum",
    body: 'let out = ""; out += Level.High - Level.Low; const l: Level = Level.Low; out += l < Level.High;',
    declarations: "const enum Level { Low = 1, High = 10 }",
  },
  {
    group: "newcomer",
    name: "generics",
    body: 'let out = ""; out += first(["a"]) ?? "none"; out += first([] as string[]) ?? "none"; const [a, b] = pair("x", 2); out += a + b; const s = new Stack<string>(); s.push("p").push("q"); out += s.size; out += s.peek() ?? ""; out += s.pop() ?? ""; out += s.pop() ?? ""; out += s.pop() ?? "empty";',
    declarations:
      "function first<T>(xs: T[]): T | undefined { return xs[0]; } function pair<A, B>(a: A, b: B): [A, B] { return [a, b]; } class Stack<T> { private items: T[] = []; push(x: T): this { this.items.push(x); return this; } pop(): T | undefined { return this.items.pop(); } get size(): number { return this.items.length; } peek(): T | undefined { return this.items[this.items.length - 1]; } }",
  },
  {
    group: "newcomer",
    name: "generic constraint",
    body: 'let out = ""; out += names([new Dog("a"), new Dog("b")]);',
    declarations:
      "interface Named { name: string; } function names<T extends Named>(xs: T[]): string { return xs.map((x) => x.name).join(); } class Dog implements Named { constructor(public name: string) {} }",
  },
  {
    group: "newcomer",
    name: "getters and setters",
    body: 'let out = ""; const t = new T(); t.f = 212; out += t.c; out += t.f; out += T.next() + T.next();',
    declarations:
      "class T { private _c = 0; get f(): number { return this._c * 9 / 5 + 32; } set f(v: number) { this._c = (v - 32) * 5 / 9; } get c() { return this._c; } static #count = 0; static next() { return ++T.#count; } }",
  },
  {
    group: "newcomer",
    name: "static members",
    body: 'let out = ""; out += Reg.add("a"); out += Reg.add("b"); out += Reg.items.join(); out += Reg.MAX;',
    declarations:
      'class Reg { static items: string[] = []; static readonly MAX = 2; static add(s: string): boolean { if (Reg.items.length >= Reg.MAX) return false; Reg.items.push(s); return true; } static { Reg.items.push("init"); } }',
  },
  {
    group: "newcomer",
    name: "inheritance",
    body: 'let out = ""; const shapes: Shape[] = [new Circle(1), new Sq(2)]; for (const s of shapes) out += s.describe(); out += shapes.reduce((a, s) => a + s.area(), 0).toFixed(1); out += shapes[0] instanceof Circle; out += shapes.filter((s) => s instanceof Sq).length;',
    declarations:
      'abstract class Shape { constructor(protected readonly name: string) {} abstract area(): number; describe(): string { return `${this.name}:${this.area().toFixed(2)}`; } } class Circle extends Shape { constructor(private r: number) { super("circle"); } area(): number { return Math.PI * this.r ** 2; } } class Sq extends Shape { constructor(private s: number) { super("sq"); } override area() { return this.s * this.s; } describe() { return super.describe() + "!"; } }',
  },
  {
    group: "newcomer",
    name: "private fields",
    body: 'let out = ""; out += new Acc("x").add(5).add(0.5).balance; out += new Acc("y").add(1).show();',
    declarations:
      'class Acc { #b = 0; readonly id: string; constructor(id: string) { this.id = id; } add(n: number) { this.#b += n; return this; } get balance() { return this.#b; } #secret(): string { return "s"; } show() { return this.#secret() + this.#b; } }',
  },
  {
    group: "newcomer",
    name: "interfaces and implements",
    body: 'let out = ""; const hs: Handler[] = [new A(), new B()]; const run1 = (p: string): string => { for (const h of hs) { const r = h.handle(p); if (r !== null) return r; } return "none"; }; out += run1("/a1") + run1("/b") + run1("/c");',
    declarations:
      'interface Handler { handle(path: string): string | null; } class A implements Handler { handle(path: string): string | null { return path.startsWith("/a") ? "A" : null; } } class B implements Handler { handle(path: string): string | null { return path === "/b" ? "B" : null; } }',
  },
  {
    group: "newcomer",
    name: "discriminated union",
    body: 'let out = ""; out += show(parse("5")) + show(parse("x")); const r = parse("7"); if (r.kind === "ok") out += r.value * 2;',
    declarations:
      'type Res = { kind: "ok"; value: number } | { kind: "err"; message: string }; function parse(s: string): Res { const n = Number(s); return isNaN(n) ? { kind: "err", message: "bad " + s } : { kind: "ok", value: n }; } function show(r: Res): string { switch (r.kind) { case "ok": return "v" + r.value; case "err": return r.message; } }',
  },
  {
    group: "newcomer",
    name: "try catch finally",
    body: 'let out = ""; out += risky(1) + risky(2) + log.join();',
    declarations:
      'function risky(n: number): string { try { if (n > 1) throw new RangeError("big"); return "ok"; } catch (e) { if (e instanceof RangeError) return "range:" + e.message; throw e; } finally { log.push("f" + n); } } const log: string[] = [];',
  },
  {
    group: "newcomer",
    name: "error cause and class",
    body: 'let out = ""; try { throw new AppError("x", 5); } catch (e) { if (e instanceof AppError) out += `${e.name}:${e.message}:${e.code}`; } try { throw new Error("outer", { cause: new Error("inner") }); } catch (e) { out += (e as Error).message; } out += String(new Error("m"));',
    declarations:
      'class AppError extends Error { constructor(message: string, public readonly code: number, options?: { cause?: Error }) { super(message); this.name = "AppError"; } }',
  },
  {
    group: "newcomer",
    name: "error rethrow and nested",
    body: 'let out = ""; out += outer();',
    declarations:
      'function inner(): void { throw new TypeError("t"); } function outer(): string { try { try { inner(); } finally { out2 += "1"; } } catch (e) { return (e as Error).name + out2; } return "no"; } let out2 = "";',
  },
  {
    group: "newcomer",
    name: "optional chaining with calls",
    body: 'let out = ""; const n = new N(); out += n.getChild()?.getChild()?.name ?? "none"; n.child = new N(); out += n.getChild()?.name.toUpperCase() ?? "none"; out += n.child?.items[0] ?? "none"; out += n.tag?.length ?? -1; out += n.cb?.("x") ?? "nocb"; n.cb = (s) => s + "!"; out += n.cb?.("x") ?? "nocb"; out += n.child?.child?.items.length ?? 0; out += n?.child?.items?.[5] ?? "noitem";',
    declarations:
      'class N { child: N | null = null; name = "n"; items: string[] = ["i"]; getChild(): N | null { return this.child; } tag?: string; cb?: (s: string) => string; }',
  },
  {
    group: "newcomer",
    name: "optional call",
    body: 'let out = ""; out += run2() + run2((n) => n * 1.5); out += maybe(null) + maybe(() => "f");',
    declarations:
      'function run2(f?: (n: number) => number): number { return f?.(2) ?? -1; } function maybe(f: (() => string) | null): string { return f ? f() : "null"; }',
  },
  {
    group: "newcomer",
    name: "labelled loops",
    body: 'let out = ""; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 2) continue outer; if (i === 2) break outer; out += `${i}${j} `; } } let k = 0; while (true) { if (++k > 3) break; if (k === 2) continue; out += k; } do { k--; } while (k > 0); out += k;',
  },
  {
    group: "newcomer",
    name: "for in and of",
    body: 'let out = ""; const o: Record<string, number> = { a: 1, b: 2 }; for (const k in o) out += k + o[k]; for (const i in ["x", "y"]) out += i; for (const [i, c] of [..."ab"].entries()) out += i + c; for (let i = 10; i > 0; i -= 3) out += i; for (const c of "a😀") out += c.length;',
  },
  {
    group: "newcomer",
    name: "switch on text",
    body: 'let out = ""; out += code("GET") + code("head") * 10 + code("post") * 100 + code("x"); switch (true) { case out.length > 5: out += "long"; break; case out.length > 2: out += "mid"; break; default: out += "short"; }',
    declarations:
      'function code(s: string): number { switch (s.toLowerCase()) { case "get": case "head": return 1; case "post": { const n = 2; return n; } default: return 0; } }',
  },
  {
    group: "newcomer",
    name: "regex groups",
    body: 'let out = ""; const m = "2024-02-29".match(/^(?<y>\\d{4})-(?<m>\\d\\d)-(?<d>\\d\\d)$/); out += m?.groups?.y ?? "none"; out += m ? m[2] + m.length : "no"; const re = /(\\w)(\\d)?/g; let x: RegExpExecArray | null; while ((x = re.exec("a1b")) !== null) out += x[0] + x.index + (x[2] ?? "-"); out += [..."a1b2".matchAll(/[a-z](\\d)/g)].map((q) => q[1]).join(); out += "x".match(/y/) === null; out += /a/i.test("A"); out += "a,b;c".split(/[,;]/).length; out += re.source + re.flags + re.lastIndex;',
  },
  {
    group: "newcomer",
    name: "closures in objects and arrays",
    body: 'let out = ""; const ops = { add: (a: number, b: number) => a + b, sub: (a: number, b: number) => a - b }; out += ops.add(1, 2) + ops.sub(1, 2); const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i * i); out += fs.map((f) => f()).join(); const compose = (...gs: ((x: number) => number)[]) => (x: number) => gs.reduce((acc, g) => g(acc), x); out += compose((x) => x + 1, (x) => x * 2)(3);',
  },
  {
    group: "newcomer",
    name: "memoize and debounce",
    body: 'let out = ""; let runs = 0; const sq = memo((n) => { runs++; return n * n; }); out += sq(3) + sq(3) + sq(4); out += runs; const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2); out += fib(10); const once = (f: () => string): (() => string) => { let done: string | null = null; return () => { if (done === null) done = f(); return done; }; }; const o = once(() => "o" + ++runs); out += o() + o();',
    declarations:
      "function memo(f: (n: number) => number): (n: number) => number { const cache = new Map<number, number>(); return (n) => { const hit = cache.get(n); if (hit !== undefined) return hit; const v = f(n); cache.set(n, v); return v; }; }",
  },
  {
    group: "newcomer",
    name: "string unions",
    body: 'let out = ""; out += m; out += isMethod("PUT"); out += table[m]; const x = "POST"; if (isMethod(x)) out += table[x];',
    declarations:
      'type Method = "GET" | "POST"; function isMethod(s: string): s is Method { return s === "GET" || s === "POST"; } const m: Method = "GET"; const table: Record<Method, number> = { GET: 1, POST: 2 };',
  },
  {
    group: "newcomer",
    name: "bitwise",
    body: 'let out = ""; out += 5 & 3; out += 5 | 3; out += 5 ^ 3; out += ~5; out += 1 << 31; out += -1 >>> 0; out += -1 >>> 28; out += -8 >> 1; out += 2 ** 32 >>> 0; out += 0xff; out += 0b101; out += 0o17; out += 1_000_000; out += (2 ** 31) | 0; out += 3.7 | 0; out += ~~-3.7;',
  },
  {
    group: "newcomer",
    name: "hash function",
    body: 'let out = ""; out += hash("hello world"); out += ","; out += fnv("hello"); out += ","; out += java("hello world, this is long"); out += hash("abc") % 100;',
    declarations:
      "function hash(s: string): number { let h = 5381; for (let i = 0; i < s.length; i++) h = (h * 33) ^ s.charCodeAt(i); return h >>> 0; } function fnv(s: string): number { let h = 0x811c9dc5; for (const c of s) { h ^= c.charCodeAt(0); h = Math.imul(h, 0x01000193); } return h >>> 0; } function java(s: string): number { let h = 0; for (let i = 0; i < s.length; i++) { h = (h << 5) - h + s.charCodeAt(i); h |= 0; } return h; }",
  },
];
