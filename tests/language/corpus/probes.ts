/** Numbers, texts and what may be missing, as probes found them. */
import type { Construct } from "../constructs.js";

/** Each call's type depends on that of the one in it: it is looked for once. */
const calls = Array.from({ length: 24 }).reduce<string>(
  (inner) => `[...${inner}.map((s) => s), "b"].slice()`,
  '["a"]',
);

export const probes: readonly Construct[] = [
  { group: "probes", name: "calls upon calls", body: `const out = ${calls}.join();` },
  {
    group: "probes",
    name: "isNaN of a code",
    body: 'let out = String(isNaN("a".charCodeAt(3))) + isNaN("a".charCodeAt(0));',
  },
  {
    group: "probes",
    name: "shl text",
    body: 'let out = ""; const x = 1 << 31; out = String(x) + "|" + (1 << 31) + "|" + `${1 << 31}` + "|" + (1 << 30);',
  },
  {
    group: "probes",
    name: "codePointAt beyond",
    body: 'let out = ""; out = String("".codePointAt(0) ?? 4) + ("ab".codePointAt(1) ?? 0) + ("ab".codePointAt(5) === undefined); const c = "é".codePointAt(0); if (c !== undefined) out += c; out += "a".codePointAt(0)! + 1;',
  },
  {
    group: "probes",
    name: "untyped sum whole overflow",
    body: 'let out = ""; let total = 0; for (let i = 0; i < 5; i++) total += 1000000000; out = String(total);',
  },
  {
    group: "probes",
    name: ">>> vs length",
    body: 'let out = ""; const h = -5 >>> 0; out = String(h % 7) + (h > "abc".length) + (h >>> 2 >= [1,2].length) + (h === -5) + (h % "abc".length) + (h + "abc".length) + (h - 1) + "abc"[(h >>> 0) % 3];',
  },
  {
    group: "probes",
    name: "number text forms",
    body: 'let out = ""; out = [1e21, 1e-7, 123456789012345680000, 0.1 + 0.2].join(" ") + 9300000000000000000 + 12345678901234567890;',
  },
  {
    group: "probes",
    name: "exponent",
    body: 'let out = ""; out = String(2 ** 10) + 2 ** -1 + (-2) ** 3 + 10 ** 12; for (let i = 8; i < 12; i++) out += "," + 10 ** i; let x = 3; x **= 2; out += x; let y = 2; y **= 40; out += y; const n = 3; out += (n ** 2) / 2;',
  },
  {
    group: "probes",
    name: "generic class",
    body: 'let out = ""; const s = new Stack<string>(); s.push("a"); out = (s.pop() ?? "") + (s.pop() ?? "none") + s.size + (s.peek() ?? "e"); const n = new Stack<number>(); n.push(1); out += (n.pop() ?? 7); out += (n.pop() ?? 7);',
    declarations:
      "class Stack<T> { private items: T[] = []; push(x: T): void { this.items.push(x); } pop(): T | undefined { return this.items.pop(); } peek(): T | undefined { return this.items[this.items.length - 1]; } get size(): number { return this.items.length; } }",
  },
  {
    group: "probes",
    name: "const enum",
    body: 'let out = ""; const x: Level = Level.High; out = x === Level.High ? "hi" : "lo"; f(Level.Low);',
    declarations:
      'const enum Level { Low = "low", High = "high" } function f(l: Level): string { return l; }',
  },
  {
    group: "probes",
    name: "string enum var",
    body: 'let out = ""; const x: L = L.High; out = x + (x === L.Low); const m: Map<L, number> = new Map(); m.set(L.Low, 1); out += m.get(L.Low) ?? 0; const all: L[] = [L.Low, L.High]; out += all.join();',
    declarations: 'enum L { Low = "low", High = "high" }',
  },
  {
    group: "probes",
    name: "Boolean()",
    body: 'let out = ""; out = String(Boolean("")) + Boolean(1); out += ["", "a", "b"].filter(Boolean).join();',
  },
  {
    group: "probes",
    name: "hash loop",
    body: 'let out = ""; let h = 0; const s = "hello"; for (let i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) | 0; out = String(h); const n = s.length; for (let i = 0; i < n; i++) out += s.charCodeAt(i);',
  },
  {
    group: "probes",
    name: "code compare",
    body: 'let out = ""; const s = "12a"; let i = 0; while (s.charCodeAt(i) >= 48 && s.charCodeAt(i) <= 57) i++; const c = s.charCodeAt(9); if (c === 97) out = "x"; switch (s.charCodeAt(7)) { case 1: out += "1"; break; default: out += "d"; } out += i;',
  },
  {
    group: "probes",
    name: "shl",
    body: 'let out = ""; out = "" + (3 - 5) + (1 << 31) + -7 + (5 % -3) + ~5;',
  },
  {
    group: "probes",
    name: "while exec",
    body: 'let out = ""; const re = /a(.)/g; let m; while ((m = re.exec("abac")) !== null) out += m[1] + m.index;',
  },
  {
    group: "probes",
    name: "while pop",
    body: 'let out = ""; const q = ["a", "b"]; let x; while ((x = q.pop()) !== undefined) out += x;',
  },
  {
    group: "probes",
    name: "while shift truthy",
    body: 'let out = ""; const q = ["a", "b"]; let x: string | undefined; while (x = q.shift()) out += x;',
  },
  {
    group: "probes",
    name: "arrow expr nullable",
    body: 'let out = ""; const f = (xs: string[]): string | undefined => xs[0]; out = f([]) ?? "none";',
  },
  {
    group: "probes",
    name: "find fn",
    body: 'let out = ""; function byName(ps: P[], n: string): P | undefined { return ps.find((p) => p.name === n); } out = byName([{ name: "a" }], "b")?.name ?? "none"; out += byName([{ name: "a" }], "a")?.name ?? "none";',
    declarations: "interface P { name: string }",
  },
  {
    group: "probes",
    name: "time calc",
    body: 'let out = ""; const t = 1700000000; out = String(t * 1000) + new Date(t * 1000).toISOString();',
  },
  {
    group: "probes",
    name: "typed arr lit",
    body: 'let out = ""; const u = new Uint8Array([1, 300, -1]); out = u.join() + u.length; const f = new Float64Array([0.5, 2]); out += f.join(); const w = Uint8Array.from([1, 2]); out += w.join();',
  },
  {
    group: "probes",
    name: "|| and && within conditions",
    body: 'let out = ""; const none: number = "".length; const n: number = "1234567".length; const text = "".trim(); if ((none || 5) > 3) out += "a"; if ((n || 5) > 3) out += "b"; if ((n && 5) === 5) out += "c"; if ((n || 5) - 7) out += "d"; if ((n || 5) % 2) out += "e"; if ((n || 5) + 1 === 8) out += "f"; if ((text || "a") === "a") out += "g"; if (!((n || 5) === 7)) out += "h"; if (-(n || 5) === -7) out += "i"; if ((0.5 || 5) / -2) out += "j"; while ((none || 5) < 3) out += "k"; out += (n || 5) > 6 ? "l" : "m"; const is: boolean = (none || 5) > 4; out += is; for (let i = 0; (none || 3) > i; i++) out += i; switch (true) { case (none || 2) > 1: out += "n"; break; default: out += "o"; } if (f((none || 5) > 3)) out += "p"; if (n > 3 && (none || 5) > 3) out += "q"; if ((n > 3 || none) && (n & 4)) out += "r";',
    declarations: "function f(x: boolean): boolean { return x; }",
  },
  {
    group: "probes",
    name: "division of what may be missing",
    body: 'let out = ""; const s = "A".trim(); out += ("A".codePointAt(0) ?? 1) / 2; out += "," + (s.codePointAt(9) ?? 1) / 2; const half: number = (find(false)?.tags.length ?? 3) / 2; out += "," + half + "," + (find(true)?.tags.length ?? 3) / 2 + "," + (find(true)?.next?.tags.length ?? 5) / 2 + "," + (new Map<string, number>([["a", 3]]).get("a") ?? 1) / 2 + "," + ([1, 2, 3].at(-1) ?? 1) / 2 + "," + (s.codePointAt(0) ?? 0.5) / 2 + "," + (s.codePointAt(0) ?? 1) / find(true)!.none.length;',
    declarations:
      'class Item { tags: string[] = ["a"]; none: string[] = []; next: Item | null = null; } function find(ok: boolean): Item | null { return ok ? new Item() : null; }',
  },
];
