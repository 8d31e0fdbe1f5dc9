/** What is written in a first week, part 4. */
import type { Construct } from "../constructs.js";

export const week4: readonly Construct[] = [
  {
    group: "first week",
    name: "abstract",
    body: "const shapes: Shape[] = [new Sq(2), new Ci(1)]; const out = shapes.map((s) => s.name() + s.area().toFixed(1)).join();",
    declarations:
      'abstract class Shape { abstract area(): number; name(): string { return this.label() + ":"; } protected label(): string { return "s"; } } class Sq extends Shape { constructor(private a: number) { super(); } area(): number { return this.a ** 2; } } class Ci extends Shape { constructor(private r: number) { super(); } area(): number { return Math.PI * this.r * this.r; } protected label(): string { return "c"; } }',
  },
  {
    group: "first week",
    name: "override super",
    body: "const out = new B().hi();",
    declarations:
      'class A { hi(): string { return "a"; } } class B extends A { override hi(): string { return super.hi() + "b"; } }',
  },
  {
    group: "first week",
    name: "super args",
    body: 'const out = new B("x").show();',
    declarations:
      'class A { constructor(protected n: string) {} } class B extends A { constructor(n: string) { super(n + "!"); } show(): string { return this.n; } }',
  },
  {
    group: "first week",
    name: "interface impl",
    body: 'const s: Store = new Mem(); s.set("a", "1"); const out = s.get("a") ?? "none";',
    declarations:
      "interface Store { get(k: string): string | undefined; set(k: string, v: string): void; } class Mem implements Store { private m = new Map<string, string>(); get(k: string): string | undefined { return this.m.get(k); } set(k: string, v: string): void { this.m.set(k, v); } }",
  },
  {
    group: "first week",
    name: "interface two impl",
    body: 'const xs: Check[] = [new A(), new B()]; const out = xs.map((c) => c.run("a")).join();',
    declarations:
      'interface Check { run(s: string): boolean } class A implements Check { run(s: string): boolean { return s === "a"; } } class B implements Check { run(s: string): boolean { return s === "b"; } }',
  },
  {
    group: "first week",
    name: "generic class",
    body: 'const s = new Stack<string>(); s.push("a"); s.push("b"); const out = (s.pop() ?? "") + s.size;',
    declarations:
      "class Stack<T> { private items: T[] = []; push(x: T): void { this.items.push(x); } pop(): T | undefined { return this.items.pop(); } get size(): number { return this.items.length; } }",
  },
  {
    group: "first week",
    name: "generic stack numbers",
    body: "const s = new Stack<number>(); s.push(4); const out = `${s.peek()}${s.isEmpty()}`;",
    declarations:
      "class Stack<T> { private items: T[] = []; push(x: T): void { this.items.push(x); } peek(): T { return this.items[this.items.length - 1]; } isEmpty(): boolean { return this.items.length === 0; } }",
  },
  {
    group: "first week",
    name: "generic fn",
    body: 'const out = first(["a", "b"]) + first([1, 2]);',
    declarations: "function first<T>(xs: T[]): T { return xs[0]; }",
  },
  {
    group: "first week",
    name: "generic constraint",
    body: 'const out = longest("abc", "de") + longest([1], [1, 2]).length;',
    declarations:
      "function longest<T extends { length: number }>(a: T, b: T): T { return a.length >= b.length ? a : b; }",
  },
  {
    group: "first week",
    name: "generic constraint interface",
    body: 'const out = names([{ name: "a", x: 1 }, { name: "b", x: 2 }]);',
    declarations:
      "interface Named { name: string } function names<T extends Named>(xs: T[]): string { return xs.map((x) => x.name).join(); }",
  },
  {
    group: "first week",
    name: "generic two",
    body: 'const out = pair("a", 1);',
    declarations: "function pair<A, B>(a: A, b: B): string { return `${a}:${b}`; }",
  },
  {
    group: "first week",
    name: "generic default",
    body: 'const b: Box = { v: "x" }; const out = b.v;',
    declarations: "interface Box<T = string> { v: T }",
  },
  {
    group: "first week",
    name: "generic interface",
    body: 'const r: Result<string> = { ok: true, value: "v" }; const out = `${r.ok} ${r.value}`;',
    declarations: "interface Result<T> { ok: boolean; value: T }",
  },
  {
    group: "first week",
    name: "result union",
    body: 'const r = parse("5"); const out = r.ok ? `${r.value}` : r.error;',
    declarations:
      'type Result = { ok: true; value: number } | { ok: false; error: string }; function parse(s: string): Result { const n = Number(s); if (Number.isNaN(n)) return { ok: false, error: "bad" }; return { ok: true, value: n }; }',
  },
  {
    group: "first week",
    name: "shape union",
    body: 'const out = area({ kind: "sq", a: 3 }) + area({ kind: "ci", r: 0 }) + "";',
    declarations:
      'type Shape = { kind: "sq"; a: number } | { kind: "ci"; r: number }; function area(s: Shape): number { switch (s.kind) { case "sq": return s.a * s.a; case "ci": return s.r; } }',
  },
  {
    group: "first week",
    name: "enum numeric",
    body: "const c = Color.Green; const out = `${c} ${Color.Blue} ${c === Color.Green}`;",
    declarations: "enum Color { Red, Green, Blue = 5 }",
  },
  {
    group: "first week",
    name: "enum reverse",
    body: "const out = Color[1];",
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "first week",
    name: "const enum",
    body: "const out = `${E.A | E.B}`;",
    declarations: "const enum E { A = 1, B = 2 }",
  },
  {
    group: "first week",
    name: "toString override",
    body: "const out = `${new P(1, 2)}` + new P(3, 4);",
    declarations:
      "class P { constructor(private x: number, private y: number) {} toString(): string { return `(${this.x},${this.y})`; } }",
  },
  {
    group: "first week",
    name: "method chaining",
    body: 'const out = new B().add("a").add("b").build();',
    declarations:
      'class B { private parts: string[] = []; add(s: string): this { this.parts.push(s); return this; } build(): string { return this.parts.join("/"); } }',
  },
  {
    group: "first week",
    name: "arrow property",
    body: 'const h = new H(); const f = h.go; const out = f("x");',
    declarations: 'class H { private p = "p"; go = (s: string): string => this.p + s; }',
  },
  {
    group: "first week",
    name: "callback method",
    body: 'const h = new H(); const out = ["a"].map((s) => h.go(s)).join();',
    declarations: 'class H { private p = "p"; go(s: string): string { return this.p + s; } }',
  },
  {
    group: "first week",
    name: "field closure list",
    body: 'const e = new Em(); let out = ""; e.on((s) => { out += s; }); e.on((s) => { out += s.toUpperCase(); }); e.emit("a");',
    declarations:
      "class Em { private ls: ((s: string) => void)[] = []; on(l: (s: string) => void): void { this.ls.push(l); } emit(s: string): void { for (const l of this.ls) l(s); } }",
  },
  {
    group: "first week",
    name: "emitter map",
    body: 'const e = new Em(); let out = ""; e.on("x", (s) => { out += s; }); e.emit("x", "1"); e.emit("y", "2");',
    declarations:
      "type L = (s: string) => void; class Em { private ls = new Map<string, L[]>(); on(n: string, l: L): void { const xs = this.ls.get(n) ?? []; xs.push(l); this.ls.set(n, xs); } emit(n: string, s: string): void { this.ls.get(n)?.forEach((l) => l(s)); } }",
  },
  {
    group: "first week",
    name: "emitter for of",
    body: 'const e = new Em(); let out = ""; e.on("x", (s) => { out += s; }); e.emit("x", "1"); e.emit("y", "2");',
    declarations:
      "type L = (s: string) => void; class Em { private ls: Record<string, L[]> = {}; on(n: string, l: L): void { if (!this.ls[n]) this.ls[n] = []; this.ls[n].push(l); } emit(n: string, s: string): void { for (const l of this.ls[n] ?? []) l(s); } }",
  },
  {
    group: "first week",
    name: "token bucket",
    body: "const b = new TB(2); const out = [b.take(), b.take(), b.take()].join();",
    declarations:
      "class TB { private tokens: number; constructor(private readonly capacity: number) { this.tokens = capacity; } take(): boolean { if (this.tokens < 1) return false; this.tokens -= 1; return true; } }",
  },
  {
    group: "first week",
    name: "linked list",
    body: "const l = new List(); l.add(1); l.add(2); const out = l.toArray().join();",
    declarations:
      "class N { next: N | null = null; constructor(public v: number) {} } class List { private head: N | null = null; add(v: number): void { const n = new N(v); if (!this.head) { this.head = n; return; } let at = this.head; while (at.next) at = at.next; at.next = n; } toArray(): number[] { const r: number[] = []; let at = this.head; while (at) { r.push(at.v); at = at.next; } return r; } }",
  },
  {
    group: "first week",
    name: "tree recursion",
    body: 'const t = new T("a", [new T("b", []), new T("c", [new T("d", [])])]); const out = t.all().join("") + t.depth();',
    declarations:
      "class T { constructor(public name: string, public kids: T[]) {} all(): string[] { return [this.name, ...this.kids.flatMap((k) => k.all())]; } depth(): number { return 1 + Math.max(0, ...this.kids.map((k) => k.depth())); } }",
  },
  {
    group: "first week",
    name: "trie",
    body: 'const t = new Trie(); t.add("/a/b", "x"); const out = (t.find("/a/b") ?? "n") + (t.find("/a") ?? "n");',
    declarations:
      'class TN { kids = new Map<string, TN>(); value: string | null = null; } class Trie { root = new TN(); add(p: string, v: string): void { let at = this.root; for (const s of p.split("/")) { let next = at.kids.get(s); if (!next) { next = new TN(); at.kids.set(s, next); } at = next; } at.value = v; } find(p: string): string | null { let at: TN | undefined = this.root; for (const s of p.split("/")) { at = at?.kids.get(s); if (!at) return null; } return at.value; } }',
  },
  {
    group: "first week",
    name: "matrix",
    body: 'const m: number[][] = []; for (let i = 0; i < 2; i++) { m[i] = []; for (let j = 0; j < 2; j++) m[i][j] = i * 2 + j; } const out = m.map((r) => r.join()).join(";");',
  },
  {
    group: "first week",
    name: "instanceof chain",
    body: 'const xs: A[] = [new B(), new C()]; const out = xs.map((x) => x instanceof B ? x.b : x instanceof C ? x.c : "?").join();',
    declarations: 'class A {} class B extends A { b = "b"; } class C extends A { c = "c"; }',
  },
  {
    group: "first week",
    name: "in class optional method",
    body: 'const out = new A().opt?.("x") ?? "none";',
    declarations: "class A { opt?: (s: string) => string; }",
  },
  {
    group: "first week",
    name: "optional call",
    body: 'let f: ((s: string) => string) | undefined; const a = f?.("x") ?? "none"; f = (s) => s + "!"; const out = a + (f?.("y") ?? "none");',
  },
  {
    group: "first week",
    name: "default object param",
    body: 'const out = f() + f({ sep: "-" });',
    declarations:
      'interface O { sep?: string } function f({ sep = "," }: O = {}): string { return ["a", "b"].join(sep); }',
  },
  {
    group: "first week",
    name: "optional number param",
    body: "const out = f() + f(3);",
    declarations: 'function f(n?: number): string { return n === undefined ? "none" : `${n}`; }',
  },
  {
    group: "first week",
    name: "optional number ??",
    body: "const out = f() + f(3);",
    declarations: "function f(n?: number): string { return `${n ?? 7}`; }",
  },
  {
    group: "first week",
    name: "number | undefined var",
    body: 'let n: number | undefined; const a = n === undefined ? "u" : "d"; n = 5; const out = a + (n ?? 0);',
  },
  {
    group: "first week",
    name: "number | undefined field",
    body: "const c = new C(); const a = c.n ?? 1; c.n = 5; const out = `${a} ${c.n ?? 1}`;",
    declarations: "class C { n: number | undefined; }",
  },
  {
    group: "first week",
    name: "Number | String id",
    body: 'const id: Id = "x"; const out = id;',
    declarations: "type Id = string;",
  },
  {
    group: "first week",
    name: "fallthrough",
    body: 'let out = ""; for (const n of [1, 2, 3]) { switch (n) { case 1: case 2: out += "a"; break; case 3: out += "b"; default: out += "c"; } }',
  },
  {
    group: "first week",
    name: "switch true",
    body: 'const n = 15; let out = ""; switch (true) { case n > 20: out = "big"; break; case n > 10: out = "mid"; break; default: out = "small"; }',
  },
  {
    group: "first week",
    name: "switch block let",
    body: 'let out = ""; switch ("b") { case "a": { const x = "1"; out = x; break; } case "b": { const x = "2"; out = x; break; } }',
  },
  {
    group: "first week",
    name: "do while",
    body: "let i = 0; do { i++; } while (i < 3); const out = `${i}`;",
  },
  {
    group: "first week",
    name: "labelled",
    body: 'let out = ""; outer: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) { if (b === 2) continue outer; if (a === 3) break outer; out += `${a}${b} `; } }',
  },
  {
    group: "first week",
    name: "for multi",
    body: 'let out = ""; for (let i = 0, j = 3; i < j; i++, j--) out += `${i}${j} `;',
  },
  {
    group: "first week",
    name: "for no init",
    body: "let i = 0; for (;;) { if (++i > 3) break; } const out = `${i}`;",
  },
  {
    group: "first week",
    name: "nested ternary fn",
    body: 'const grade = (n: number) => n > 90 ? "A" : n > 80 ? "B" : "C"; const out = [95, 85, 10].map((n) => grade(n)).join("");',
  },
  {
    group: "first week",
    name: "early return guard",
    body: 'const out = f("") + f("x");',
    declarations: 'function f(s?: string): string { if (!s) return "-"; return s; }',
  },
  {
    group: "first week",
    name: "short circuit call",
    body: 'let out = ""; const hit = (s: string): boolean => { out += s; return s === "a"; }; hit("b") && hit("a"); hit("a") || hit("c");',
  },
  {
    group: "first week",
    name: "closures in loop",
    body: 'const fs: (() => string)[] = []; for (let i = 0; i < 3; i++) fs.push(() => `${i}`); const out = fs.map((f) => f()).join("");',
  },
  {
    group: "first week",
    name: "closures for of",
    body: 'const fs: (() => string)[] = []; for (const s of ["a", "b"]) fs.push(() => s); const out = fs.map((f) => f()).join("");',
  },
  {
    group: "first week",
    name: "counter closure",
    body: "const c = counter(); c(); c(); const out = `${c()}`;",
    declarations: "function counter(): () => number { let n = 0; return () => ++n; }",
  },
  {
    group: "first week",
    name: "counter obj",
    body: "const c = make(); c.inc(); c.inc(); const out = `${c.get()}`;",
    declarations: "function make() { let n = 0; return { inc: () => { n++; }, get: () => n }; }",
  },
  {
    group: "first week",
    name: "memo",
    body: "const out = `${fib(30)}`;",
    declarations:
      "const memo = new Map<number, number>(); function fib(n: number): number { if (n < 2) return n; const known = memo.get(n); if (known !== undefined) return known; const v = fib(n - 1) + fib(n - 2); memo.set(n, v); return v; }",
  },
  {
    group: "first week",
    name: "pipe",
    body: 'const pipe = (...fs: ((s: string) => string)[]): ((s: string) => string) => (s) => fs.reduce((v, f) => f(v), s); const out = pipe((s) => s + "a", (s) => s + "b")("x");',
  },
  {
    group: "first week",
    name: "curry",
    body: "const add = (a: number) => (b: number) => a + b; const out = `${add(1)(2)}`;",
  },
  {
    group: "first week",
    name: "IIFE",
    body: "const v = (() => { const a = 1; return a + 1; })(); const out = `${v}`;",
  },
  {
    group: "first week",
    name: "default param expr",
    body: 'const out = f("a") + f("a", "z");',
    declarations: 'function f(a: string, b = a + "!"): string { return b; }',
  },
  {
    group: "first week",
    name: "default param number",
    body: 'const out = f() + f(2) + "";',
    declarations: "function f(n = 1): number { return n * 2; }",
  },
  {
    group: "first week",
    name: "rest",
    body: 'const out = f("-", "a", "b");',
    declarations: "function f(sep: string, ...xs: string[]): string { return xs.join(sep); }",
  },
  {
    group: "first week",
    name: "callback types",
    body: "const out = apply((a, b) => a + b);",
    declarations:
      "type Op = (a: number, b: number) => number; function apply(op: Op): string { return `${op(2, 3)}`; }",
  },
  {
    group: "first week",
    name: "hoisted fn",
    body: 'const out = later(); function later(): string { return "ok"; }',
  },
  {
    group: "first week",
    name: "recursion",
    body: "const out = `${fact(10)} ${fact(20)}`;",
    declarations: "function fact(n: number): number { return n <= 1 ? 1 : n * fact(n - 1); }",
  },
  {
    group: "first week",
    name: "primes",
    body: "const ps: number[] = []; for (let n = 2; ps.length < 5; n++) { let prime = true; for (let d = 2; d * d <= n; d++) { if (n % d === 0) { prime = false; break; } } if (prime) ps.push(n); } const out = ps.join();",
  },
  {
    group: "first week",
    name: "destructure default nested",
    body: 'const { a = "x", b: { c = "y" } = {} } = f(); const out = a + c;',
    declarations:
      "interface I { c?: string } interface O { a?: string; b?: I } function f(): O { return {}; }",
  },
  {
    group: "first week",
    name: "destructure fn result",
    body: "const { name, tags: [first] } = f(); const out = name + first;",
    declarations: 'function f() { return { name: "n", tags: ["t", "u"] }; }',
  },
  {
    group: "first week",
    name: "destructure rest",
    body: 'const [h, ...t] = [1, 2, 3]; const out = h + "|" + t.join();',
  },
  {
    group: "first week",
    name: "nested fn destructure",
    body: 'const out = [{ k: "a", v: 1 }].map(({ k, v }) => `${k}${v}`).join();',
  },
  {
    group: "first week",
    name: "computed",
    body: 'const k = "x"; const o: Record<string, number> = { [k]: 1, [`${k}2`]: 2 }; const out = Object.keys(o).join();',
  },
  {
    group: "first week",
    name: "spread obj",
    body: "const a = { x: 1, y: 2 }; const b = { ...a, y: 3 }; const out = `${b.x}${b.y}${a.y}`;",
  },
];
