import type { Piece } from "./run.js";

/** Functions that use variables of the functions around them. */
export const closures: readonly Piece[] = [
  {
    name: "filter by length",
    body: 'const min = "ab".length; const out = ["a","bbb"].filter((s: string): bool => s.length > min).join(",");',
  },
  {
    name: "forEach pushes",
    body: 'const names: string[] = []; ["a","b"].forEach(s => { names.push(s); }); const out = names.join(",");',
  },
  {
    name: "nested function",
    body: 'const p = "x".repeat(2); function add(s: string): string { return p + s; } const out = add("y");',
  },
  {
    name: "function returning function",
    declarations: "function adder(a: i32): (b: i32) => i32 { return (b: i32): i32 => a + b; }",
    body: 'const out = adder("2".length)(3).toString();',
  },
  {
    name: "arrow field with this",
    declarations:
      'class Box { sep: string = "-"; f: (s: string) => string = (s: string): string => s + this.sep; }',
    body: 'const out = new Box().f("a");',
  },
  {
    name: "counter",
    declarations: "function counter(): () => i32 { let n = 0; return (): i32 => { n++; return n; }; }",
    body: "const c1 = counter(); const c2 = counter(); c1(); c1(); const out = c1().toString() + c2().toString();",
  },
  {
    name: "written after capture",
    body: 'let s = "a"; const get = (): string => s; s = "b"; const out = get() + s;',
  },
  {
    name: "written in closure, read outside",
    body: "let t = 0; [1,2,3].forEach((x: i32) => { t += x; }); const out = t.toString();",
  },
  {
    name: "string acc",
    body: 'let t = ""; ["a","b"].forEach((x: string) => { t += x + "."; }); const out = t;',
  },
  {
    name: "for loop captures per iteration",
    body: 'const fs: (() => i32)[] = []; for (let i = 0; i < 3; i++) { fs.push((): i32 => i); } let out = ""; for (let j = 0; j < fs.length; j++) out += fs[j]().toString();',
  },
  {
    name: "loop body let per iteration",
    body: 'const fs: (() => i32)[] = []; for (let i = 0; i < 3; i++) { let k = i * 2; fs.push((): i32 => { k++; return k; }); } let out = ""; for (let j = 0; j < fs.length; j++) out += fs[j]().toString() + fs[j]().toString();',
  },
  {
    name: "nested twice",
    body: 'const a = "a".repeat(1), b = "b".repeat(1); const f = (): () => string => { const c = "c".repeat(1); return (): string => a + b + c; }; const out = f()();',
  },
  {
    name: "nested twice written",
    body: "let n = 0; const f = (): () => i32 => { n += 10; return (): i32 => { n++; return n; }; }; const g = f(); g(); const out = g().toString() + n.toString();",
  },
  {
    name: "recursion arrow",
    body: "const fact = (n: i32): i32 => n <= 1 ? 1 : n * fact(n - 1); const out = fact(5).toString();",
  },
  {
    name: "recursion nested function with capture",
    body: 'const k = "x".length + 1; function f(n: i32): i32 { return n == 0 ? 0 : k + f(n - 1); } const out = f(4).toString();',
  },
  {
    name: "function used before",
    body: 'const out = later("q"); function later(s: string): string { return s + s; }',
  },
  {
    name: "two nested functions",
    body: 'const z = "z".repeat(1); const out = a2("q"); function a2(s: string): string { return b2(s) + z; } function b2(s: string): string { return s + z; }',
  },
  {
    name: "param captured and written",
    declarations: "function make(n: i32): () => i32 { return (): i32 => { n -= 1; return n; }; }",
    body: "const f = make(5); f(); const out = f().toString();",
  },
  {
    name: "floats and bigs",
    body: 'const a: f64 = 1.5 * "xx".length; const b: i64 = <i64>"abc".length; const d: u8 = <u8>"abcd".length; const f = (): string => a.toString() + b.toString() + d.toString(); const out = f();',
    expected: "334",
  },
  {
    name: "nullable narrowing",
    body: 'let s: string | null = null; const set = (v: string): void => { s = v; }; set("w"); let out = "none"; if (s !== null) out = s; ',
  },
  {
    name: "this in method arrow passed around",
    declarations:
      'class B2 { p: string = "p"; all(xs: string[]): string[] { return xs.map<string>((x: string): string => this.p + x); } }',
    body: 'const b = new B2(); const out = b.all(["x","y"]).join(",");',
  },
  {
    name: "this and local",
    declarations:
      'class B2 { p: string = "p"; all(xs: string[]): string[] { const q = "q".repeat(2); return xs.map<string>((x: string): string => this.p + x + q); } }',
    body: 'const b = new B2(); const out = b.all(["x","y"]).join(",");',
  },
  {
    name: "this nested arrows",
    declarations:
      'class B2 { p: string = "p"; f(): () => () => string { return (): () => string => (): string => this.p; } }',
    body: "const b = new B2(); const out = b.f()()();",
  },
  {
    name: "kept in a map",
    body: 'const m = new Map<string, (s: string) => string>(); const pre = "pre".repeat(1); m.set("a", (s: string): string => pre + s); const out = m.get("a")("z");',
    expected: "prez",
  },
  {
    name: "compose",
    body: "const add = (n: i32): ((x: i32) => i32) => (x: i32): i32 => x + n; const twice = (f: (x: i32) => i32): ((x: i32) => i32) => (x: i32): i32 => f(f(x)); const out = twice(add(3))(1).toString();",
  },
  {
    name: "shadow",
    body: 'const x = "o".repeat(1); const f = (): string => { let r = x; { const x = "i".repeat(1); r += x; } return r + x; }; const out = f();',
  },
  {
    name: "sort captured direction",
    body: 'const dir = "a".length - 2; const xs = [1,3,2]; xs.sort((a: i32, b: i32): i32 => (a - b) * dir); const out = xs.join(",");',
  },
  {
    name: "module level block",
    declarations:
      'const hs: (() => string)[] = []; { const names = ["a","b"]; for (let i = 0; i < names.length; i++) { const n = names[i]; hs.push((): string => n); } }',
    body: 'let out = ""; for (let j = 0; j < hs.length; j++) out += hs[j]();',
  },
  { name: "IIFE capturing", body: 'const a = "a".repeat(3); const out = ((): string => a)();' },
  {
    name: "default param",
    body: 'const k = "kk".repeat(1); const f = (a: string = "d"): string => a + k; const out = f() + f("e");',
  },
  {
    name: "assign in expression",
    body: "let n = 0; const f = (): i32 => (n = n + 5); const out = (f() + f()).toString() + n.toString();",
  },
  {
    name: "boolean flag",
    body: 'let done = false; ["a"].forEach((s: string) => { done = true; }); const out = done ? "y" : "n";',
  },
  {
    name: "generic function",
    declarations: "function keep<T>(v: T): () => T { let n = v; const f = (): T => n; n = v; return f; }",
    body: 'const out = keep<string>("q")() + keep<i32>(7)().toString();',
  },
  {
    name: "index loop closures continue",
    body: 'const fs: (() => i32)[] = []; for (let i = 0; i < 5; i++) { if (i % 2) continue; fs.push((): i32 => i); } let out = ""; for (let j = 0; j < fs.length; j++) out += fs[j]().toString();',
  },
  {
    name: "inner param shadows",
    body: 'const s = "o".repeat(2); const out = ["a"].map<string>((s: string): string => s + "!").join("") + s;',
  },
  {
    name: "object held",
    declarations: "class P0 { n: i32 = 0; }",
    body: "const b = new P0(); b.n = 3; const f = (): i32 => b.n; b.n = 4; const out = f().toString();",
  },
  {
    name: "const fn let reassigned",
    body: 'let f: () => string = (): string => "1"; const g = (): string => f(); f = (): string => "2"; const out = g();',
  },
  {
    name: "default values of an arrow function in a method",
    body: 'const f = (a: string = "d"): string => a + "k"; const out = f() + f("e");',
  },
];
