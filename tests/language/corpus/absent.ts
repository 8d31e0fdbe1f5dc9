/** Values that may be undefined, compared with each other, and keys that a table lacks. */
import type { Construct } from "../constructs.js";

const NUMBERS =
  "function none(): number | undefined { return undefined; } function nothing(): number | null { return null; } function one(): number | undefined { return 1; }";
const TABLE =
  "const T: Record<string, string> = { a: '1' }; const N: { [key: string]: number } = { a: 1, z: 0 };";

export const absent: readonly Construct[] = [
  {
    group: "absent",
    name: "two numbers that are undefined are equal",
    declarations: NUMBERS,
    body: "const a = none(); const b: number | undefined = undefined; const c = one(); const out = `${a === b} ${a !== b} ${a === c} ${a !== c} ${c === one()} ${a === none()} ${!(a === b)} ${c !== one()}`;",
  },
  {
    group: "absent",
    name: "undefined and null are loosely equal",
    declarations: NUMBERS,
    body: "const a: any2 = none(); const b: any2 = nothing(); const out = `${a == b} ${a != b} ${a === b} ${a !== b}`;".replaceAll(
      "any2",
      "number | null | undefined",
    ),
  },
  {
    group: "absent",
    name: "not a number is equal to nothing",
    declarations: NUMBERS,
    body: 'const a: number = NaN; const b: number = Number("x"); const c = none(); const out = `${a === b} ${a === a} ${a !== b} ${a === c} ${c === a}`;',
  },
  {
    group: "absent",
    name: "a switch over a number that may be undefined",
    declarations: `${NUMBERS} function say(n: number | undefined, m: number | undefined): string { switch (n) { case 1: return "one"; case m: return "m"; case undefined: return "none"; default: return "other"; } }`,
    body: "const out = say(one(), none()) + say(none(), none()) + say(none(), 2) + say(7, 8) + say(8, 8);",
  },
  {
    group: "absent",
    name: "fields that are left out are equal",
    declarations: "interface P { a?: number; b?: number }",
    body: "const p: P = {}; const q: P = { a: 1 }; const r: P = { a: 1, b: 1 }; const out = `${p.a === p.b} ${q.a === q.b} ${r.a === r.b} ${p.a === q.b} ${p.a !== q.a}`;",
  },
  {
    group: "absent",
    name: "a key behind a dot that a table lacks",
    declarations: TABLE,
    body: 'const out = (T.b ?? "none") + (T.a ?? "none") + (N.b ?? 7) + (N.a ?? 7) + (N.z ?? 7);',
  },
  {
    group: "absent",
    name: "a key behind a dot that is compared with undefined",
    declarations: TABLE,
    body: "const out = `${T.b === undefined} ${T.a === undefined} ${T.b !== undefined} ${N.b === undefined} ${N.z !== undefined} ${T.b == null}`;",
  },
  {
    group: "absent",
    name: "a key behind a dot in conditions",
    declarations: TABLE,
    body: 'let out = ""; if (T.b) out += "b"; if (T.a) out += "a"; if (!T.b) out += "!b"; out += T.b ? "?" : ":"; out += T.b || "or"; if (N.b) out += "N"; if (!N.z) out += "z";',
  },
  {
    group: "absent",
    name: "a key behind a dot in a chain and a variable",
    declarations: TABLE,
    body: 'const v = T.b; const w: string | undefined = T.b; const n: number | undefined = N.b; const out = (T.b?.length ?? 9) + (T.b?.toUpperCase() ?? "no") + (v ?? "v") + (w ?? "w") + (n ?? 5) + (T.a?.length ?? 9);',
  },
  {
    group: "absent",
    name: "a key of a table that may be null",
    declarations: `${TABLE} function t(there: boolean): Record<string, string> | undefined { return there ? T : undefined; }`,
    body: 'const r = t(true); const s = t(false); const out = (r?.b ?? "none") + (r?.["b"] ?? "none") + (r?.a ?? "none") + (s?.a ?? "no table");',
  },
  {
    group: "absent",
    name: "a key behind a dot that is set when it lacks",
    body: 'const r: Record<string, string> = {}; r.a ??= "x"; r.a ??= "y"; const out = r.a;',
  },
  {
    group: "absent",
    name: "fields are asked as before",
    declarations: "class U { name: string | null = null; age: number = 0; next: U | null = null; }",
    body: 'const u = new U(); let out = ""; if (!u.name) out += "no "; u.name = "x"; if (u.name) out += u.name.length; if (u.next === null) out += "end"; u.next = new U(); if (u.next !== null) out += u.next.age; const n = u.next; out += n ? n.age : -1; out += u.name ?? "none";',
  },
  {
    group: "absent",
    name: "a number behind ?. and ?? in conditions",
    body: `let out = ""; const b = find(false); if (b?.n ?? 2) out += "a"; if (b?.n ?? "ab".length) out += "b"; if (find(true)?.n ?? 2) out += "no"; out += (b?.n ?? 2.5) ? "c" : "no"; if (!(b?.n ?? 1)) out += "no"; if ((b?.n ?? 3) && true) out += "d"; while (find(false)?.n ?? 1) { out += "e"; break; } for (let i = 0; b?.n ?? i < 2; i++) out += i; if (b?.next?.n ?? b?.n ?? 1) out += "f"; if (b?.n ?? 0) out += "no";`,
    declarations: `class Box { on = false; n = 0; next: Box | null = null; } function find(there: boolean): Box | null { return there ? new Box() : null; }`,
  },
  {
    group: "absent",
    name: "a boolean behind ?. and ?? in conditions and arguments",
    body: `const b = find(true); const o: O = {}; let out = f(b?.next?.on ?? true) + f(b?.on ?? true); if (b?.next?.on ?? true) out += "a"; if (b?.on ?? true) out += "no"; if (o.on ?? true) out += "b"; if (o.inner?.inner?.n ?? o.n ?? 1) out += "c"; const x: boolean = o.inner?.on ?? true; out += x;`,
    declarations: `class Box { on = false; next: Box | null = null; } function find(there: boolean): Box | null { return there ? new Box() : null; } function f(x: boolean): string { return x ? "T" : "F"; } interface O { on?: boolean; n?: number; inner?: O }`,
  },
];
