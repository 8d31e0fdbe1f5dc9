/** Ends of functions, conditions of predicates, groups in replacing functions, `||` behind what may be missing, fields by a name, enums. */
import type { Construct } from "../constructs.js";

export const lookups: readonly Construct[] = [
  {
    group: "replacing",
    name: "a replacing function takes a group",
    body: 'let out = ""; out = "a-b-c".replace(/-(\\w)/g, (_, c: string) => c.toUpperCase());',
  },
  {
    group: "replacing",
    name: "a group without a type",
    body: 'let out = ""; out = "a-b-c".replace(/-(\\w)/g, (_, c) => c.toUpperCase() + _);',
  },
  {
    group: "replacing",
    name: "groups in a block that captures",
    body: 'let out = ""; let n = 0; out = "k=v; q=w".replace(/(\\w)=(\\w)/g, (m, k: string, v: string) => { n++; return v + ":" + k + "<" + m + ">"; }) + n;',
  },
  {
    group: "replacing",
    name: "a function expression takes groups",
    body: 'let out = ""; out = "a1b22".replace(/(\\d+)/g, function (m, d: string): string { return "[" + d + m.length + "]"; });',
  },
  {
    group: "replacing",
    name: "a replacing function takes the offset",
    body: 'let out = ""; out = "a1b22".replace(/(\\d)\\d?/g, (m, d: string, at: number) => `${d}@${at}`);',
  },
  {
    group: "replacing",
    name: "a group that may be missing, with a question mark",
    body: 'let out = ""; out = "ab a".replace(/a(b)?/g, (m, b?: string) => "<" + (b ?? "none") + ">");',
  },
  {
    group: "replacing",
    name: "a group that may be missing, by its type",
    body: 'let out = ""; out = "ab a".replace(/a(b)?/g, (m, b: string | undefined) => b === undefined ? "none" : b);',
  },
  {
    group: "replacing",
    name: "a group that is asked for",
    body: 'let out = ""; out = "ab a".replace(/a(b)?/g, (m, b) => "<" + (b || "none") + ">");',
  },
  {
    group: "replacing",
    name: "a group with a default",
    body: 'let out = ""; out = "ab a".replace(/a(b)?/g, (m, b = "zz") => b);',
  },
  {
    group: "replacing",
    name: "the first match with a group",
    body: 'let out = ""; out = "x1 x2".replace(/x(\\d)/, (_m, d) => d + d);',
  },
  {
    group: "replacing",
    name: "replaceAll with a group",
    body: 'let out = ""; out = "x1 x2".replaceAll(/x(\\d)/g, (_m, d) => d + d);',
  },
  {
    group: "replacing",
    name: "the offset behind no group",
    body: 'let out = ""; out = "aXbX".replace(/X/g, (m, at: number) => "" + at);',
  },
  {
    group: "replacing",
    name: "offset and whole text",
    body: 'let out = ""; out = "ab".replace(/(b)/, (m, g: string, at: number, whole: string) => whole + at + g);',
  },
  {
    group: "replacing",
    name: "a route's names replaced from a Map",
    body: 'let out = ""; const map = new Map<string, string>([["id", "7"]]); out = "/u/:id/x".replace(/:(\\w+)/g, (all, name: string) => map.get(name) ?? all);',
  },
  {
    group: "replacing",
    name: "a replacing function within another",
    body: 'let out = ""; out = "a(b)c(d)".replace(/\\((\\w)\\)/g, (_, x: string) => x.replace(/(b)/, (_, y: string) => y + y));',
  },
  {
    group: "or",
    name: "a missing key or another text",
    body: 'let out = ""; const m = new Map<string, string>(); const v = m.get("k"); out = v || "none";',
  },
  {
    group: "or",
    name: "a missing number or another",
    body: 'let out = ""; const m = new Map<string, number>([["z", 0]]); const v = m.get("k"); const z = m.get("z"); out = "" + (v || 5) + (z || 7);',
  },
  {
    group: "or",
    name: "a missing element or another",
    body: 'let out = ""; const p = "Bearer".split(" "); const t = p[1]; out = t || "none";',
  },
  {
    group: "or",
    name: "a missing part of a list or another",
    body: 'let out = ""; const [a, b] = "Bearer".split(" "); out = a + (b || "none");',
  },
  {
    group: "or",
    name: "a missing part in a condition behind or",
    body: 'let out = ""; const [a, b] = "Bearer".split(" "); if (a === "x" || b) out = "yes"; else out = "no";',
  },
  {
    group: "or",
    name: "a missing part first in a condition",
    body: 'let out = ""; const [, b] = "Bearer".split(" "); if (b || "a" === "b".repeat(1)) out = "yes"; else out = "no";',
  },
  {
    group: "or",
    name: "pairs of which one lacks its value",
    body: 'let out = ""; for (const part of "a=1;b;c=".split(";")) { const [k, v] = part.split("="); out += k + ":" + (v || "-") + ","; }',
  },
  {
    group: "or",
    name: "a missing part is set by or",
    body: 'let out = ""; let [k, v] = "a".split("="); v ||= "d"; out = k + v;',
  },
  {
    group: "or",
    name: "a variable that is undefined ends a loop",
    body: 'let out = ""; let p: string | undefined = "a b".split(" ").shift(); let n = 0; while (p) { out += p; p = n++ ? undefined : "z"; }',
  },
  {
    group: "or",
    name: "a missing boolean or true",
    body: 'let out = ""; const m = new Map<string, boolean>(); const v = m.get("k"); out = "" + (v || true);',
  },
  {
    group: "or",
    name: "a missing list or a new one",
    body: 'let out = ""; const m = new Map<string, string[]>(); const v = m.get("k") || []; v.push("x"); m.set("k", v); out = v.length + "" + m.get("k")!.length;',
  },
  {
    group: "or",
    name: "a variable's missing list or an empty one",
    body: 'let out = ""; const m = new Map<string, string[]>(); const v = m.get("k"); const l = v || []; out = "" + l.length;',
  },
  {
    group: "or",
    name: "a missing object or a literal",
    body: 'let out = ""; const m = new Map<string, { n: number }>(); const v = m.get("k"); const l = v || { n: 3 }; out = "" + l.n;',
  },
  {
    group: "or",
    name: "a parameter's missing part or another",
    body: 'let out = ""; const f = ([k, v]: string[]): string => k + (v || "?"); out = f(["a"]) + f(["a", "b"]);',
  },
  {
    group: "or",
    name: "pop of nothing or another",
    body: 'let out = ""; const a: string[] = []; const l = a.pop(); out = l || "empty";',
  },
  {
    group: "or",
    name: "find of nothing or another",
    body: 'let out = ""; const a = ["x"]; const l = a.find(s => s === "y"); out = l || "empty";',
  },
  {
    group: "or",
    name: "a missing entry of a table or another",
    body: 'let out = ""; const r: Record<string, string> = {}; const l = r["a"]; out = l || "empty"; const n = r.b; out += n || "e2";',
  },
  {
    group: "or",
    name: "a missing number of a table or another",
    body: 'let out = ""; const r: Record<string, number> = {}; const l = r["a"]; out = "" + (l || 4);',
  },
  {
    group: "or",
    name: "a missing element that is a number or another",
    body: 'let out = ""; const a = [1]; const l = a[4]; out = "" + (l || 4);',
  },
  {
    group: "or",
    name: "a part is set by and",
    body: 'let out = ""; let [k, v] = "a=b".split("="); v &&= v + "!"; out = k + v;',
  },
  {
    group: "or",
    name: "a loop goes on while an element is there",
    body: 'let out = ""; const xs = ["a", "b"]; for (let i = 0, x = xs[0]; x; x = xs[++i]) out += x;',
  },
  {
    group: "or",
    name: "one of two parts or another",
    body: 'let out = ""; const [a, b] = "x".split(","); out = a || b || "none"; const [c, d] = "".split(","); out += c || d || "none";',
  },
  {
    group: "by name",
    name: "a constant object by a key of its type",
    body: 'let out = ""; out = get("A") + get("B");',
    declarations:
      'const M = { A: "x", B: "y" } as const; function get(k: keyof typeof M): string { return M[k]; }',
  },
  {
    group: "by name",
    name: "a constant object by a variable",
    body: 'let out = ""; const k = "ab".charAt(1) as keyof typeof T; out = T[k];',
    declarations: 'const T = { a: "1", b: "2" };',
  },
  {
    group: "by name",
    name: "numbers by a key of their type",
    body: 'let out = ""; type Plan = keyof typeof LIMITS; const p: Plan = "pro"; out = "" + LIMITS[p] * 2;',
    declarations: "const LIMITS = { free: 10, pro: 100 };",
  },
  {
    group: "by name",
    name: "in asks a constant object",
    body: 'let out = ""; function f(k: string): string { if (k in T) return T[k as keyof typeof T]; return "none"; } out = f("a") + f("q");',
    declarations: 'const T = { a: "1", b: "2" };',
  },
  {
    group: "by name",
    name: "for in of a constant object takes its fields",
    body: 'let out = ""; for (const k in T) out += k + T[k as keyof typeof T];',
    declarations: 'const T = { a: "1", b: "2" };',
  },
  {
    group: "by name",
    name: "keys of a constant object take its fields",
    body: 'let out = ""; out = (Object.keys(T) as (keyof typeof T)[]).map(k => k + T[k]).join();',
    declarations: 'const T = { a: "1", b: "2" };',
  },
  {
    group: "by name",
    name: "names of an enum's values in a sum",
    body: 'let out = ""; out = Color[Color.Green] + "," + Color[0] + "," + Color.Red;',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "by name",
    name: "a constant object's missing number",
    body: 'let out = ""; function f(k: string): number { return L[k as keyof typeof L] ?? 5; } out = "" + f("pro") + f("x");',
    declarations: "const L = { free: 10, pro: 100 };",
  },
  {
    group: "by name",
    name: "a constant object's missing text",
    body: 'let out = ""; const k: string = "x"; out = (L[k as keyof typeof L] ?? "d") + (L[k as keyof typeof L]?.length ?? 9) + (L[k as keyof typeof L] === undefined);',
    declarations: 'const L = { free: "10", pro: "100" };',
  },
  {
    group: "by name",
    name: "a constant object of objects",
    body: 'let out = ""; const k: keyof typeof L = "pro"; out = "" + L[k].max + (L["nope" as keyof typeof L]?.max ?? 3);',
    declarations: "const L = { free: { max: 1 }, pro: { max: 2 } };",
  },
  {
    group: "by name",
    name: "a constant object of functions",
    body: 'let out = ""; const k: string = "up"; const f = L[k as keyof typeof L]; out = f("a") + (L["no" as keyof typeof L]?.("b") ?? "none");',
    declarations: "const L = { up: (s: string) => s.toUpperCase(), low: (s: string) => s.toLowerCase() };",
  },
  {
    group: "by name",
    name: "a local object by a variable, and in",
    body: 'let out = ""; const L = { a: true, b: false }; const k: string = "b"; out = "" + (L[k as keyof typeof L] ? "t" : "f") + ("a" in L) + ("z" in L);',
  },
  {
    group: "by name",
    name: "an object's field by a literal",
    body: 'let out = ""; const L = { a: 1, b: 2 }; out = "" + L["a"] + L[\'b\'];',
  },
  {
    group: "by name",
    name: "truth of a field that may be missing",
    body: 'let out = ""; const L = { a: "x", b: "" }; const k: string = "q"; if (L[k as keyof typeof L]) out = "y"; else out = "n"; const v = L[k as keyof typeof L]; out += v || "none";',
  },
  {
    group: "by name",
    name: "a field taken apart",
    body: 'let out = ""; const L = { a: { x: 1, y: 2 }, b: { x: 3, y: 4 } }; const k: keyof typeof L = "b"; const { x, y } = L[k]; out = "" + x + y;',
  },
  {
    group: "enum names",
    name: "no name of an enum's value",
    body: 'let out = ""; const s: string | undefined = Color[7]; out = s ?? "none";',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "enum names",
    name: "names of values that no member has",
    body: 'let out = ""; out = (Color[7] ?? "none") + (Color[1] ?? "none") + Color[Color.Red].toLowerCase() + (Color[9] === undefined) + (Color[9]?.length ?? 0);',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "enum names",
    name: "the last of two members with one value",
    body: 'let out = ""; out = E[1] + E[2];',
    declarations: "enum E { A = 1, B = 1, C }",
  },
  {
    group: "enum names",
    name: "names of values that are computed",
    body: 'let out = ""; out = E[3] + E[12];',
    declarations: "enum E { A = 3, B = A * 4 }",
  },
  {
    group: "enum names",
    name: "truth of a name that may be missing",
    body: 'let out = ""; const n: number = 5; if (Color[n]) out = "y"; else out = "n"; const s = Color[n]; out += s || "none";',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "enum names",
    name: "names of an enum in a namespace",
    body: 'let out = ""; out = N.Color[1] + N.Color.Red;',
    declarations: "namespace N { export enum Color { Red, Green } }",
  },
  {
    group: "enum names",
    name: "a fraction is no member's value",
    body: 'let out = ""; const n: number = 1.5; const m: number = -1; out = (E[n] ?? "none") + E[m];',
    declarations: "enum E { A = -1, B = 1 }",
  },
  {
    group: "enum names",
    name: "fields that hold functions are given to lists",
    body: 'let out = ""; const u = new U(); out = ["a"].map(u.up).join() + ["b", "a"].sort(u.cmp).join() + ["a"].filter(u.ok).length; ["q"].forEach(u.each);',
    declarations:
      'class U { up = (s: string): string => s + "!"; cmp = (a: string, b: string): number => a < b ? -1 : 1; ok = (s: string): boolean => s !== ""; each = (s: string): void => {}; }',
  },
  {
    group: "enum names",
    name: "a parameter that is a function is given to a list",
    body: 'let out = ""; function run1(f: (s: string) => string): string { return ["a", "b"].map(f).join(); } out = run1(s => s + "?");',
  },
  {
    group: "enum names",
    name: "a parameter that is a predicate",
    body: 'let out = ""; function cnt(p: (n: number) => boolean): number { return [1,2,3].filter(p).length; } out = "" + cnt(n => n > 1);',
  },
  {
    group: "enum names",
    name: "a parameter that compares",
    body: 'let out = ""; function srt(c: (a: number, b: number) => number): string { return [3,1,2].sort(c).join(); } out = srt((a, b) => b - a);',
  },
  {
    group: "enum names",
    name: "an enum's name and a number",
    body: 'let out = ""; out = Color[0] + 5;',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "truth",
    name: "a function takes the variable of a catch",
    body: 'let out = ""; let f = () => "x"; try { throw new Error("q"); } catch (e) { f = () => (e as Error).message; } out = f();',
  },
  {
    group: "truth",
    name: "functions take the variables of catches in a loop",
    body: 'let out = ""; const fs: (() => string)[] = []; for (const s of ["1", "x"]) { try { throw new Error(s); } catch (e) { fs.push(() => (e as Error).message); } } out = fs.map(f => f()).join();',
  },
  {
    group: "truth",
    name: "a function takes a constant of a catch",
    body: 'let out = ""; let f = () => "x"; try { throw new Error("q"); } catch (e) { const m = (e as Error).message; f = () => m; } finally { out = "f"; } out += f();',
  },
  {
    group: "truth",
    name: "predicates that return texts and numbers",
    body: 'let out = ""; out = "a,,b".split(",").filter(x => x).join() + [0, 1, 2].filter(n => n).join() + ["", "q"].some(s => s) + ["", "q"].every(s => s) + (["", "q"].find(s => s) ?? "-") + ["", "q"].findIndex(s => s);',
  },
  {
    group: "truth",
    name: "predicates that return text or boolean",
    body: 'let out = ""; out = "a, ,b".split(",").map(s => s.trim()).filter(s => s && s !== "b").join() + "a, ,b".split(",").filter(s => s.trim()).length;',
  },
  {
    group: "truth",
    name: "a predicate that returns what may be undefined",
    body: 'let out = ""; const xs: (string | undefined)[] = ["a", undefined]; out = "" + xs.filter(x => x).length;',
  },
  {
    group: "truth",
    name: "a predicate with a block",
    body: 'let out = ""; out = "a,,b".split(",").filter(x => { return x; }).join();',
  },
  {
    group: "truth",
    name: "a predicate that asks a Map",
    body: 'let out = ""; const m = new Map<string, string>([["a", "1"]]); out = ["a", "b"].filter(k => m.get(k)).join();',
  },
  {
    group: "truth",
    name: "a predicate that returns a length",
    body: 'let out = ""; out = ["a", ""].filter(s => s.length).join();',
  },
  {
    group: "truth",
    name: "a predicate by name that returns a text",
    body: 'let out = ""; out = ["a", ""].filter(ok).join();',
    declarations: "function ok(s: string): string { return s; }",
  },
  {
    group: "truth",
    name: "a predicate of index and element",
    body: 'let out = ""; out = "" + ["a", ""].some((s, i) => i && s);',
  },
  {
    group: "ends",
    name: "end of a function that may return undefined",
    body: 'let out = ""; out = (f(2) ?? "n") + (f(0) ?? "n");',
    declarations: 'function f(n: number): string | undefined { if (n > 1) return "x"; }',
  },
  {
    group: "ends",
    name: "return without a value",
    body: 'let out = ""; out = (f(2) ?? "n") + (f(0) ?? "n");',
    declarations: 'function f(n: number): string | undefined { if (n > 1) { return "x"; } return; }',
  },
  {
    group: "ends",
    name: "end of a function of a number",
    body: 'let out = ""; out = "" + (f(2) ?? 7) + (f(0) ?? 8) + (f(0) === undefined);',
    declarations: "function f(n: number): number | undefined { if (n > 1) return n; }",
  },
  {
    group: "ends",
    name: "end of a function of a boolean",
    body: 'let out = ""; out = "" + (f(2) ?? true) + (f(0) ?? true) + (f(0) === undefined);',
    declarations: "function f(n: number): boolean | undefined { if (n > 1) return false; }",
  },
  {
    group: "ends",
    name: "a switch that may end with nothing",
    body: 'let out = ""; out = (f("a") ?? "n") + (f("b") ?? "n");',
    declarations: 'function f(s: string): string | undefined { switch (s) { case "a": return "x"; } }',
  },
  {
    group: "ends",
    name: "a loop that may find nothing",
    body: 'let out = ""; out = (f(["a", "b"], "b")?.length ?? -1) + "" + (f([], "q")?.length ?? -1);',
    declarations:
      "function f(xs: string[], s: string): string | undefined { for (const x of xs) { if (x === s) return x; } }",
  },
  {
    group: "ends",
    name: "a method that may end with nothing",
    body: 'let out = ""; out = new A().get("k") ?? "none"; out += new A().get("b") ?? "none";',
    declarations:
      'class A { private m = new Map<string, string>([["k", "v"]]); get(k: string): string | undefined { if (this.m.has(k)) return this.m.get(k); } }',
  },
  {
    group: "ends",
    name: "an arrow that may end with nothing",
    body: 'let out = ""; const f = (n: number): string | undefined => { if (n > 1) return "x"; }; out = (f(2) ?? "n") + (f(0) ?? "n");',
  },
  {
    group: "ends",
    name: "try that may end with nothing",
    body: 'let out = ""; out = (f("1") ?? "n") + (f("x") ?? "n");',
    declarations:
      'function f(s: string): string | undefined { try { if (s === "x") throw new Error("x"); return s; } catch (e) { } }',
  },
  {
    group: "ends",
    name: "an if with both branches",
    body: 'let out = ""; out = (f(2) ?? "n") + (f(0) ?? "n");',
    declarations:
      'function f(n: number): string | undefined { if (n > 1) { return "x"; } else { return undefined; } }',
  },
  {
    group: "ends",
    name: "getter that may end with nothing",
    body: 'let out = ""; out = (new A(1).v ?? "n") + (new A(0).v ?? "n");',
    declarations:
      'class A { constructor(private n: number) {} get v(): string | undefined { if (this.n) return "v"; } }',
  },
  {
    group: "by name",
    name: "a field is set by its name",
    body: 'let out = ""; const T = { a: "1", b: "2" }; const k: keyof typeof T = "b"; T[k] = "9"; out = T.b;',
  },
  {
    group: "by name",
    name: "a field is set by a literal",
    body: 'let out = ""; const T = { a: "1", b: "2" }; T["a"] = "9"; out = T.a;',
  },
  {
    group: "by name",
    name: "a field is changed by its name",
    body: 'let out = ""; const T = { a: 1, b: 2 }; const k: keyof typeof T = "b"; T[k] += 3; T[k]++; out = "" + T.b;',
  },
  {
    group: "by name",
    name: "an object that counts",
    body: 'let out = ""; const counts = { hit: 0, miss: 0 }; function bump(k: keyof typeof counts): void { counts[k]++; } bump("hit"); bump("hit"); out = counts.hit + "/" + counts.miss;',
  },
  {
    group: "by name",
    name: "a constant object of the module counts",
    body: 'let out = ""; S.count += 1; S["count"] += 1; out = "" + S.count;',
    declarations: "const S = { count: 0 };",
  },
  {
    group: "by name",
    name: "a method of a field by its name",
    body: 'let out = ""; const T = { a: "x", b: "y" }; const k: string = "a"; out = T[k as keyof typeof T].toUpperCase() + T["b"].length;',
  },
  {
    group: "by name",
    name: "a table by an enum's name",
    body: 'let out = ""; const xs: Record<string, number> = {}; xs[Color[1]] = 5; out = Object.keys(xs).join();',
    declarations: "enum Color { Red, Green }",
  },
  {
    group: "by name",
    name: "the value of an assignment by name",
    body: 'let out = ""; const T = { a: 1, b: 2 }; const k: keyof typeof T = "b"; const v = (T[k] = 7); out = "" + T.b + v;',
  },
  {
    group: "by name",
    name: "fields are divided in a loop",
    body: 'let out = ""; const T = { a: 1, b: 2 }; for (const k of ["a", "b"] as const) T[k] = T[k] / 4; out = T.a + " " + T.b;',
  },
  {
    group: "by name",
    name: "a field becomes less by its name",
    body: 'let out = ""; const T = { a: 10 }; const k: string = "a"; T[k as keyof typeof T] -= 2.5; --T[k as keyof typeof T]; out = "" + T.a;',
  },
  {
    group: "by name",
    name: "an object in a field is set by a name",
    body: 'let out = ""; const m = new M1(); m.bump("miss"); out = "" + m.counts.miss;',
    declarations:
      'class M1 { counts = { hit: 0, miss: 0 }; bump(k: "hit" | "miss"): void { this.counts[k] = this.counts[k] + 1; } }',
  },
  {
    group: "by name",
    name: "an object in a field counts by a name",
    body: 'let out = ""; const m = new M1(); m.bump("miss"); m.bump("miss"); out = "" + m.counts.miss;',
    declarations:
      'class M1 { counts = { hit: 0, miss: 0 }; bump(k: "hit" | "miss"): void { this.counts[k]++; } }',
  },
  {
    group: "replacing",
    name: "a regular expression in a constant",
    body: 'let out = ""; const RE = /(b)(c)?/g; out = "abcab".replace(RE, (m, b: string, c?: string) => b + (c ?? "-"));',
  },
  {
    group: "replacing",
    name: "a regular expression in a field",
    body: 'let out = ""; out = new R1().go("x1y2");',
    declarations:
      "class R1 { private readonly digits = /[a-z](\\d)/g; go(s: string): string { return s.replace(this.digits, (_, d) => d + d); } }",
  },
  {
    group: "replacing",
    name: "a regular expression in a table",
    body: 'let out = ""; out = "k1".replace(RES.key, (_, d: string) => "<" + d + ">");',
    declarations: "const RES = { key: /k(\\d)/, other: /x/ };",
  },
  {
    group: "replacing",
    name: "a parameter that is a regular expression",
    body: 'let out = ""; function f(re: RegExp): string { return "a1".replace(re, (m, d: string) => d + m); } out = f(/a(\\d)/);',
  },
  {
    group: "replacing",
    name: "a method of one's own that is called replace",
    body: 'let out = ""; const s = new Store(); const k = "a"; out = s.replace(k, (old, n) => old + n) + (/x/.test("x"));',
    declarations:
      'class Store { replace(k: string, f: (old: string, n: number) => string): string { return f(k + "!", 2); } }',
  },
  {
    group: "replacing",
    name: "a method of one's own that is called filter",
    body: 'let out = ""; const s = new Store(); out = s.filter((x) => x + "?") + s.find((x) => x);',
    declarations:
      'class Store { filter(f: (x: string) => string): string { return f("q"); } find(f: (x: string) => string): string { return f("w"); } }',
  },
  {
    group: "ends",
    name: "a switch over all values of a function that returns a list of what may be undefined",
    body: 'let out = ""; for (const s of ["a", "b"] as const) out += f(s).length;',
    declarations:
      'function f(s: "a" | "b"): (string | undefined)[] { switch (s) { case "a": return ["x"]; case "b": return ["x", undefined]; } }',
  },
];
