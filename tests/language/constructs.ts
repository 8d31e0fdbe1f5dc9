import { absent } from "./corpus/absent.js";
import { beside } from "./corpus/beside.js";
import { bytes } from "./corpus/bytes.js";
import { day1 } from "./corpus/day1.js";
import { day2 } from "./corpus/day2.js";
import { day3 } from "./corpus/day3.js";
import { day4 } from "./corpus/day4.js";
import { hashes } from "./corpus/hashes.js";
import { inherited } from "./corpus/inherited.js";
import { filters1 } from "./corpus/filters1.js";
import { filters2 } from "./corpus/filters2.js";
import { filters3 } from "./corpus/filters3.js";
import { filters4 } from "./corpus/filters4.js";
import { known } from "./corpus/known.js";
import { narrowing } from "./corpus/narrowing.js";
import { newcomer1 } from "./corpus/newcomer1.js";
import { newcomer2 } from "./corpus/newcomer2.js";
import { newcomer3 } from "./corpus/newcomer3.js";
import { objects } from "./corpus/objects.js";
import { omitted } from "./corpus/omitted.js";
import { regexes } from "./corpus/regexes.js";
import { rest } from "./corpus/rest.js";
import { times } from "./corpus/times.js";
import { week1 } from "./corpus/week1.js";
import { week2 } from "./corpus/week2.js";
import { week3 } from "./corpus/week3.js";
import { week4 } from "./corpus/week4.js";
import { probes } from "./corpus/probes.js";
import { week5 } from "./corpus/week5.js";
import { lookups } from "./corpus/lookups.js";

/** Ordinary TypeScript that has to mean in a module what it means in Node: each leaves a text in `out`. */
export interface Construct {
  readonly group: string;
  readonly name: string;
  /** In a function. */
  readonly body: string;
  /** At module scope. */
  readonly declarations?: string;
}

const list: Construct[] = [];
const add = (group: string, name: string, body: string, declarations?: string): void => {
  list.push({ group, name, body, ...(declarations !== undefined && { declarations }) });
};

const make = `class Box { v: string = "v"; n: i32 = 3; next: Box | null = null; say(s: string): string { return s + this.v; } }
function make(there: boolean): Box | null { return there ? new Box() : null; }`;

add("for…of", "array", `let out = ""; for (const s of ["a", "b"]) out += s;`);
add(
  "for…of",
  "array that grows",
  `const xs = ["a"]; let out = ""; for (const s of xs) { out += s; if (xs.length < 4) xs.push(s + "x"); }`,
);
add(
  "for…of",
  "let, and changed in the body",
  `let out = ""; for (let s of ["a", "b"]) { s += "!"; out += s; }`,
);
add(
  "for…of",
  "a variable from before",
  `let out = ""; let s = ""; for (s of ["a", "b"]) { out += "."; } out += s;`,
);
add(
  "for…of",
  "break and continue",
  `let out = ""; for (const s of ["a", "b", "c", "d"]) { if (s == "b") continue; if (s == "d") break; out += s; }`,
);
add(
  "for…of",
  "nested",
  `let out = ""; for (const a of ["1", "2"]) for (const b of ["x", "y"]) out += a + b + " ";`,
);
add("for…of", "text with a character of two units", `let out = ""; for (const c of "a😀b") out += c + ".";`);
add(
  "for…of",
  "a variable of the same name in the body",
  `let out = ""; for (const s of ["a"]) { const t = s; { const s = "b"; out += t + s; } }`,
);
add(
  "for…of",
  "Map",
  `const m = new Map<string, string>(); m.set("a", "1"); m.set("b", "2"); let out = ""; for (const [k, v] of m) out += k + "=" + v + ";";`,
);
add(
  "for…of",
  "Map, a key deleted meanwhile",
  `const m = new Map<string, string>(); m.set("a", "1"); m.set("b", "2"); m.set("c", "3"); let out = ""; for (const [k] of m) { out += k; m.delete("b"); }`,
);
add(
  "for…of",
  "Map, a key set meanwhile",
  `const m = new Map<string, string>(); m.set("a", "1"); let out = ""; for (const [k, v] of m) { out += k + v; if (m.size < 4) m.set(k + "x", v); }`,
);
add(
  "for…of",
  "Map.entries() and an entry as a whole",
  `const m = new Map<string, string>(); m.set("a", "1"); let out = ""; for (const e of m.entries()) out += e[0] + e[1];`,
);
add(
  "for…of",
  "Map.keys() and values()",
  `const m = new Map<string, string>(); m.set("a", "1"); m.set("b", "2"); let out = ""; for (const k of m.keys()) out += k; for (const v of m.values()) out += v;`,
);
add(
  "for…of",
  "Set, one deleted, one added meanwhile",
  `const s = new Set<string>(); s.add("a"); s.add("b"); let out = ""; for (const v of s) { out += v; s.delete("b"); if (v == "a") s.add("c"); }`,
);
add(
  "for…of",
  "typed array",
  `const b = new Uint8Array(3); b[1] = 7; let sum: i32 = 0; for (const x of b) sum += x; const out = sum == 7 ? "7" : "no";`,
  `type i32 = number;`,
);
add(
  "for…of",
  "entries of an array",
  `let out = ""; for (const [i, s] of ["a", "b"].entries()) out += i.toString() + s;`,
);
add("for…of", "keys of an array", `let out = ""; for (const i of ["a", "b"].keys()) out += i.toString();`);
add(
  "for…of",
  "pairs",
  `const pairs = [["a", "1"], ["b", "2"]]; let out = ""; for (const [k, v] of pairs) out += k + v;`,
);
add(
  "for…of",
  "objects taken apart",
  `let out = ""; for (const { v, next } of [new Box(), new Box()]) out += v + (next === null ? "0" : "1");`,
  make,
);
add(
  "for…of",
  "what a function returns, once",
  `let out = ""; for (const s of list()) out += s; out += calls.toString();`,
  `let calls = 0; function list(): string[] { calls++; return ["a", "b"]; }`,
);
add(
  "errors",
  "try and catch",
  `let out = "ok"; try { if (out.length == 2) throw new Error("x"); } catch (e) { out = "caught"; }`,
);
add("errors", "try and finally", `let out = "a"; try { out += "b"; } finally { out += "c"; }`);
add(
  "errors",
  "catch without a variable",
  `let out = ""; try { throw new Error("x"); } catch { out = "caught"; }`,
);
add(
  "errors",
  "message, name and text of an error",
  `let out = ""; try { throw new TypeError("wrong"); } catch (e: unknown) { const error = e as Error; out = error.message + " " + error.name + " " + error.toString(); }`,
);
add(
  "errors",
  "a class of its own, instanceof and fields",
  `let out = ""; for (const n of [1, 2]) { try { fail(n); } catch (e) { if (e instanceof Status) out += e.code.toString(); else if (e instanceof Error) out += e.message; } }`,
  `class Status extends Error { code: number; constructor(code: number) { super("status"); this.code = code; } } function fail(n: number): void { if (n == 1) throw new Status(403); throw new RangeError("range"); }`,
);
add(
  "errors",
  "thrown again, and finally in its turn",
  `let out = ""; try { try { throw new Error("a"); } catch (e) { out += "1"; throw e; } finally { out += "2"; } } catch (e) { out += (e as Error).message; }`,
);
add(
  "errors",
  "return in try, catch and finally",
  `const out = f(0) + f(1) + f(2);`,
  `function f(n: number): string { try { if (n == 0) return "t"; throw new Error("e"); } catch (e) { if (n == 1) return "c"; } finally { if (n == 2) return "f"; } return "?"; }`,
);
add(
  "errors",
  "break and continue through finally, with labels",
  `let out = ""; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { try { if (j == 1) continue outer; if (i == 2) break outer; out += i.toString() + j.toString(); } finally { out += "."; } } }`,
);
add(
  "errors",
  "what a function of a list's method throws",
  `let out = ""; try { ["a", "b", "c"].forEach((s) => { if (s == "b") throw new Error(s); out += s; }); } catch (e) { out += "!" + (e as Error).message; }`,
);
add(
  "errors",
  "variables that functions hold, changed in try",
  `let out = ""; let count = 0; const add = (): void => { count += 1; }; try { add(); count += 10; throw new Error("x"); } catch (e) { add(); } finally { add(); } out = count.toString();`,
);
add(
  "errors",
  "variables of the same name in all blocks",
  `let out = ""; const e = "outer"; try { const x = "1"; out += x; throw new Error("m"); } catch (e) { const x = "2"; out += x + (e as Error).message; } finally { const x = "3"; out += x; } out += e;`,
);
add(
  "errors",
  "null in between",
  `let out = ""; let box: Box | null = new Box(); try { box = null; throw new Error("x"); } catch (e) { out += box === null ? "null" : "there"; }`,
  make,
);
add(
  "errors",
  "an error that is taken apart",
  `let out = ""; try { throw new Error("x"); } catch ({ message }) { out = message; }`,
);
add(
  "errors",
  "a constructor and a getter that throw",
  `let out = ""; try { new Port(0); } catch (e) { out += (e as Error).message; } try { out += new Port(1).twice.toString(); } catch (e) { out += (e as Error).message; }`,
  `class Port { n: number; constructor(n: number) { if (n == 0) throw new Error("zero"); this.n = n; } get twice(): number { if (this.n == 1) throw new Error("one"); return this.n * 2; } }`,
);
add(
  "loops",
  "break with a label",
  `let out = ""; outer: for (const a of ["1", "2"]) { for (const b of ["x", "y"]) { if (b == "y") break outer; out += a + b; } }`,
);
add(
  "loops",
  "continue with a label",
  `let out = ""; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j == 1) continue outer; out += i.toString() + j.toString() + " "; } }`,
);
add(
  "loops",
  "break with a label out of three loops",
  `let out = ""; a: for (const x of ["1", "2"]) { for (const y of ["a", "b"]) { for (const z of ["p", "q"]) { out += x + y + z; if (z == "q" && y == "b") break a; } } }`,
);
add(
  "loops",
  "continue with a label out of a switch",
  `let out = ""; a: for (const x of ["1", "2", "3"]) { switch (x) { case "2": continue a; default: out += x; } out += "."; }`,
);
add(
  "loops",
  "break with a label out of a switch",
  `let out = ""; a: while (true) { switch (out) { case "xxx": break a; default: out += "x"; } }`,
);

add("null", "?? with null", `const out = (make(false) ?? new Box()).v;`, make);
add("null", "?? with a value", `const b = make(true); const out = (b ?? new Box()).v;`, make);
add(
  "null",
  "?? keeps an empty text",
  `const s: string | null = pick(""); const out = "[" + (s ?? "none") + "]";`,
  `function pick(s: string | null): string | null { return s; }`,
);
add(
  "null",
  "?? of several",
  `const a = pick(null); const b = pick("b"); const out = a ?? b ?? "c";`,
  `function pick(s: string | null): string | null { return s; }`,
);
add(
  "null",
  "?? does not evaluate what it does not need",
  `const a = pick("a"); const s = a ?? pick("b") ?? "c"; const out = s + calls.toString();`,
  `let calls = 0; function pick(s: string | null): string | null { calls++; return s; }`,
);
add("null", "?. on a field", `const b = make(false); const out = b?.v ?? "none";`, make);
add("null", "?. on a field that is there", `const b = make(true); const out = b?.v ?? "none";`, make);
add(
  "null",
  "?. on a method",
  `const out = (make(true)?.say("x") ?? "none") + (make(false)?.say("x") ?? "none");`,
  make,
);
add("null", "?. twice", `const b = make(true); const out = b?.next?.v ?? "none";`, make);
add(
  "null",
  "?. and what follows",
  `const b = make(true); const out = b?.v.toUpperCase().trim() ?? "none";`,
  make,
);
add("null", "?. with a number ??", `const n = make(false)?.n ?? 7; const out = n.toString();`, make);
add(
  "null",
  "?. with a number that is there ??",
  `const n = make(true)?.n ?? 7; const out = n.toString();`,
  make,
);
add(
  "null",
  "?. compared with a number",
  `const b = make(false), c = make(true); const out = (b?.n === 3 ? "y" : "n") + (b?.n !== 3 ? "y" : "n") + (c?.n === 3 ? "y" : "n") + ((c?.n ?? 0) > 2 ? "y" : "n");`,
  make,
);
add(
  "null",
  "?. compared with a text",
  `const b = make(false), c = make(true); const out = (b?.v === "v" ? "y" : "n") + (c?.v === "v" ? "y" : "n") + (b?.v !== "v" ? "y" : "n");`,
  make,
);
add(
  "null",
  "?. compared with undefined",
  `const b = make(false), c = make(true); const out = (b?.v === undefined ? "y" : "n") + (c?.v === undefined ? "y" : "n") + (b?.n === undefined ? "y" : "n") + (c?.n !== undefined ? "y" : "n");`,
  make,
);
add(
  "null",
  "?. as a condition",
  `const c = make(true); let out = "n"; if (c?.say("") == "v") out = "y";`,
  make,
);
add("null", "?. as a statement", `let out = "a"; make(true)?.say("x"); make(false)?.say("x");`, make);
add("null", "??= on a variable", `let v: string | null = null; v ??= "a"; v ??= "b"; const out = v!;`);
add(
  "null",
  "??= on a field",
  `const h = new Holder(); h.v ??= "a"; h.v ??= "b"; const out = h.v!;`,
  `class Holder { v: string | null = null; }`,
);
add("null", "&&=", `let a = true; a &&= false; const out = a ? "y" : "n";`);
add(
  "null",
  "T | undefined",
  `let v: string | undefined; const before = v === undefined ? "u" : "d"; v = "x"; const out = before + (v === undefined ? "u" : v);`,
);
add(
  "null",
  "return undefined",
  `const out = find("b") ?? "none";`,
  `function find(s: string): string | undefined { if (s == "a") return s; return undefined; }`,
);
add(
  "null",
  "typeof x and the text undefined",
  `const v = pick(null); const out = typeof v === "undefined" ? "u" : "d";`,
  `function pick(s: string | null): string | undefined { return s === null ? undefined : s; }`,
);
add(
  "null",
  "an element beyond the end ??",
  `const parts = "a=b".split("="); const out = (parts[1] ?? "none") + (parts[2] ?? "none");`,
);
add(
  "null",
  "an element beyond the end, kept",
  `const parts = "a".split("="); const v = parts[1]; const out = v === undefined ? "none" : v;`,
);
add("null", "pop of nothing", `const xs: string[] = []; const out = xs.pop() ?? "none";`);
add(
  "null",
  "shift of nothing",
  `const xs = ["a"]; const out = (xs.shift() ?? "none") + (xs.shift() ?? "none");`,
);
add(
  "null",
  "at beyond the end",
  `const xs = ["a", "b"]; const out = (xs.at(-1) ?? "none") + (xs.at(-3) ?? "none") + (xs.at(2) ?? "none");`,
);
add(
  "null",
  "a number of a Map ??",
  `const m = new Map<string, number>(); for (const w of ["a", "b", "a"]) m.set(w, (m.get(w) ?? 0) + 1); const out = m.get("a") === 2 ? "2" : "no";`,
);
add(
  "null",
  "a key of a Map, checked",
  `const m = new Map<string, string>(); m.set("a", "1"); const v = m.get("a"); const w = m.get("b"); const out = (v !== undefined ? v : "none") + (w !== undefined ? w : "none");`,
);
add(
  "null",
  "a number of a Map === undefined",
  `const m = new Map<string, number>(); m.set("a", 1); const out = (m.get("a") === undefined ? "u" : "d") + (m.get("b") === undefined ? "u" : "d");`,
);

add("destructuring", "array", `const [a, b] = "x=y".split("="); const out = b + a;`);
add(
  "destructuring",
  "array with a hole and a rest",
  `const [a, , ...c] = ["1", "2", "3", "4"]; const out = a + c.join("");`,
);
add("destructuring", "array with a default", `const [a, b = "z"] = "x".split("="); const out = a + b;`);
add("destructuring", "nested arrays", `const [[a], [b]] = [["1"], ["2"]]; const out = a + b;`);
add("destructuring", "object, renamed", `const { v: w, n } = new Box(); const out = w + n.toString();`, make);
add(
  "destructuring",
  "object with a default",
  `const { v = "d" } = new Opt(); const out = v;`,
  `class Opt { v?: string; }`,
);
add(
  "destructuring",
  "nested object",
  `const { inner: { v } } = new Outer(); const out = v;`,
  `class Inner { v: string = "i"; } class Outer { inner: Inner = new Inner(); }`,
);
add(
  "destructuring",
  "several in one declaration",
  `const [a] = ["1"], { v } = new Box(), c = a + v; const out = c;`,
  make,
);
add("destructuring", "at module scope", `const out = A + B;`, `const [A, B] = "x-y".split("-");`);
add(
  "destructuring",
  "parameter",
  `const out = show(new Box());`,
  make + ` function show({ v, n }: Box): string { return v + n.toString(); }`,
);
add(
  "destructuring",
  "parameter of an arrow function",
  `const out = show(["a", "b"]);`,
  `const show = ([x, y]: string[]): string => y + x;`,
);
add("destructuring", "swap", `let a = "a", b = "b"; [a, b] = [b, a]; const out = a + b;`);
add(
  "destructuring",
  "swap of elements",
  `const xs = ["a", "b", "c"]; [xs[0], xs[2]] = [xs[2], xs[0]]; const out = xs.join("");`,
);
add(
  "destructuring",
  "rotation",
  `let a = "1", b = "2", c = "3"; [a, b, c] = [c, a, b]; const out = a + b + c;`,
);
add(
  "destructuring",
  "assignment from an array",
  `let a = "", b = ""; [a, b] = "x=y".split("="); const out = a + b;`,
);
add(
  "destructuring",
  "assignment from an object",
  `let v = "", n = 0; ({ v, n } = new Box()); const out = v + n.toString();`,
  make,
);

add("spread", "array literal", `const a = ["a"]; const b = [...a, "b", ...a]; const out = b.join("");`);
add("spread", "first a value", `const a = ["a"]; const b = ["x", ...a]; const out = b.join("");`);
add(
  "spread",
  "a copy is its own",
  `const a = ["a"]; const b = [...a]; b.push("b"); const out = a.join("") + b.join("");`,
);
add("spread", "text", `const out = [..."ab"].join("-");`);
add("spread", "Set", `const s = new Set<string>(); s.add("a"); s.add("b"); const out = [...s].join("");`);
add(
  "spread",
  "keys of a Map",
  `const m = new Map<string, string>(); m.set("a", "1"); const out = [...m.keys()].join("") + [...m.values()].join("");`,
);
add("spread", "push(...)", `const a = ["a"]; a.push(...["b", "c"]); const out = a.join("");`);

add(
  "types",
  "literal union",
  `const m: Mode = "lax"; const out: string = m;`,
  `type Mode = "strict" | "lax";`,
);
add(
  "types",
  "literal union as a parameter and a result",
  `const out = flip("on");`,
  `type S = "on" | "off"; function flip(s: S): S { return s === "on" ? "off" : "on"; }`,
);
add(
  "types",
  "enum of texts",
  `const out = Mode.Lax + describe(Mode.Strict);`,
  `enum Mode { Strict = "strict", Lax = "lax" } function describe(s: string): string { return s === Mode.Strict ? "!" : "?"; }`,
);
add(
  "types",
  "readonly arrays",
  `const out = METHODS.join(",") + first(METHODS);`,
  `const METHODS: readonly string[] = ["GET", "HEAD"]; function first(xs: ReadonlyArray<string>): string { return xs[0]; }`,
);
add("types", "as const", `const out = METHODS[1];`, `const METHODS = ["GET", "HEAD"] as const;`);
add("types", "satisfies", `const x = "a" satisfies string; const out = x;`);
add("types", "Readonly", `const o: Readonly<Box> = new Box(); const out = o.v;`, make);
add(
  "types",
  "optional field",
  `const o = new Opt(); const before = o.a === undefined ? "u" : "d"; o.a = "x"; const out = before + (o.a ?? "none");`,
  `class Opt { a?: string; }`,
);
add(
  "types",
  "optional parameter",
  `const out = hi() + hi("b");`,
  `function hi(name?: string): string { return name ?? "none"; }`,
);
add(
  "types",
  "optional boolean parameter",
  `const out = hi() + hi(true);`,
  `function hi(loud?: boolean): string { return loud ? "!" : "."; }`,
);
add(
  "types",
  "#private",
  `const c = new Counter(); c.add(); c.add(); const out = c.count().toString();`,
  `class Counter { #n: i32 = 0; add(): void { this.#n++; } count(): i32 { return this.#n; } } type i32 = number;`,
);
add(
  "types",
  "#private method",
  `const out = new P().v();`,
  `class P { #s(): string { return "s"; } v(): string { return this.#s(); } }`,
);
add(
  "types",
  "#private of a class and its base",
  `const out = new B().both();`,
  `class A { #s: string = "a"; a(): string { return this.#s; } } class B extends A { #s: string = "b"; both(): string { return this.a() + this.#s; } }`,
);
add(
  "types",
  "static block",
  `const out = P.v;`,
  `class P { static v: string = ""; static { P.v = "a"; this.v += "b"; } }`,
);
add(
  "types",
  "type guard",
  `const p: Policy = new Deny(); const out = isDeny(p) ? "deny" : "other";`,
  `class Policy {} class Deny extends Policy {} function isDeny(p: Policy): p is Deny { return p instanceof Deny; }`,
);
add(
  "types",
  "union of classes with a base",
  `const out = name(new Deny()) + name(new Allow());`,
  `abstract class Policy { abstract name(): string; } class Deny extends Policy { name(): string { return "d"; } } class Allow extends Policy { name(): string { return "a"; } } function name(p: Deny | Allow): string { return p.name(); }`,
);
add(
  "types",
  "undefined | T",
  `const v: undefined | string = pick(); const out = v ?? "none";`,
  `function pick(): null | string { return null; }`,
);

add(
  "types",
  "tuple",
  `const t: [string, string] = ["a", "b"]; t[1] = "c"; const [x, y] = t; const out = t[0] + x + y;`,
);
add(
  "types",
  "array of tuples",
  `const ts: [string, string][] = [["a", "b"], ["c", "d"]]; let out = ""; for (const [x, y] of ts) out += x + y; out += ts[1][0];`,
);
add(
  "arrays",
  "map without a type",
  'const out = ["a", "bb"].map((s) => s.length).join(",") + ["a"].map((s) => { const t = s + "!"; return t; }).join("");',
);
add(
  "arrays",
  "find and findLast",
  'const xs = ["a", "bb", "cc"]; const out = (xs.find((s) => s.length == 2) ?? "none") + (xs.find((s) => s == "z") ?? "none") + xs.findLast((s) => s.length == 2)!;',
);
add("arrays", "flatMap", 'const out = ["a,b", "c"].flatMap((s) => s.split(",")).join("|");');
add(
  "arrays",
  "Array.from and Array.of",
  'const m = new Map<string, string>(); m.set("a", "1"); const s = new Set<string>(); s.add("b"); const out = Array.from(m.keys()).join(",") + Array.from(s).join(",") + Array.from("xy").join("-") + Array.of("p", "q").join("");',
);
add(
  "Map and Set",
  "forEach",
  'const m = new Map<string, string>(); m.set("a", "1"); const s = new Set<string>(); s.add("b"); let out = ""; m.forEach((v, k) => { out += k + v; }); s.forEach((v) => { out += v; });',
);
add(
  "Map and Set",
  "of lists",
  'const m = new Map([["a", "1"], ["b", "2"]]); const t = new Map<string, string>([["c", "3"]]); const s = new Set(["x", "y", "x"]); const out = m.get("b")! + t.get("c")! + s.size.toString() + (s.has("x") ? "x" : "") + m.size.toString();',
);
add(
  "text",
  "String.raw and several parts of concat",
  'const n = 3; const out = String.raw`a\\\\n${n}b` + "a".concat("b", "c");',
);
add(
  "numbers",
  "Math.max of other than two",
  "const out = Math.max(1, 3, 2).toString() + Math.min(4, 2, 3).toString() + Math.max(7).toString();",
);
add("numbers", "BigInt", "const b = 10n; const out = (b * 2n).toString();");
add(
  "dates",
  "now, of text, parsed",
  'const out = (new Date().getTime() > 1000000000000 ? "ok" : "no") + new Date("2020-01-01T00:00:00.000Z").getTime().toString() + Date.parse("2020-01-01T00:00:00Z").toString();',
);
add(
  "classes",
  "fields without types",
  "const b = new B(); b.n += 0.5; b.s += b.n; b.on = !b.on; b.m.set('a', 'x'); B.count++; const out = b.s + b.on + b.m.get('a')! + b.more.v + B.count;",
  'class A { v = "v"; } class B { n = 0; s = "s"; on = false; private x = -1; m = new Map<string, string>(); more = new A(); static count = 0; }',
);
add(
  "classes",
  "methods with the names of arrays' and texts' methods",
  'const e = new Edit(); const out = e.splice(0, 1, "x") + e.concat("a", "b") + e.replace("a", "$&");',
  "class Edit { splice(at: number, count: number, text: string): string { return text + at + count; } concat(a: string, b: string): string { return b + a; } replace(a: string, b: string): string { return b + a; } }",
);
export const constructs: readonly Construct[] = [
  ...list,
  ...objects,
  ...absent,
  ...narrowing,
  ...omitted,
  ...regexes,
  ...rest,
  ...week1,
  ...week2,
  ...week3,
  ...week4,
  ...week5,
  ...lookups,
  ...probes,
  ...beside,
  ...bytes,
  ...times,
  ...newcomer1,
  ...newcomer2,
  ...newcomer3,
  ...known,
  ...day1,
  ...day2,
  ...day3,
  ...day4,
  ...inherited,
  ...hashes,
  ...filters1,
  ...filters2,
  ...filters3,
  ...filters4,
];
