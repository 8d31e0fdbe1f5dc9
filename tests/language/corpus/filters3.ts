/** What people write in filters: headers, tokens, dates, tables, texts and functions. */
import type { Construct } from "../constructs.js";

export const filters3: readonly Construct[] = [
  {
    group: "filters",
    name: "(r[k] ||= []).push",
    body: 'const r: Record<string, number[]> = {}; for (const n of [1, 2, 3]) { const k = n % 2 ? "odd" : "even"; if (!r[k]) r[k] = []; r[k].push(n); } const out = `${r.odd.length}${r["even"][0]}`;',
  },
  {
    group: "filters",
    name: "counting words",
    body: 'const counts: Record<string, number> = {}; for (const w of "a b a".split(" ")) counts[w] = (counts[w] ?? 0) + 1; const out = Object.entries(counts).sort(([, a], [, b]) => b - a).map(([w, n]) => w + n).join();',
  },
  {
    group: "filters",
    name: "switch on true",
    body: 'const n = 15; let out = ""; switch (true) { case n % 15 === 0: out = "fizzbuzz"; break; case n % 5 === 0: out = "buzz"; break; default: out = "" + n; }',
  },
  {
    group: "filters",
    name: "do while and comma",
    body: 'let i = 0, j = 10, out = ""; do { out += i + j; i++, j--; } while (i < j && i < 3);',
  },
  {
    group: "filters",
    name: "nested ternary",
    body: 'const f = (n: number) => (n < 0 ? "neg" : n === 0 ? "zero" : n < 10 ? "small" : "big"); const out = [-1, 0, 5, 50].map(f).join();',
  },
  {
    group: "filters",
    name: "regex with named groups destructured",
    body: 'const { groups } = /(?<y>\\d{4})-(?<m>\\d\\d)/.exec("on 2024-05")!; const out = `${groups!.y}/${groups!["m"]}`;',
  },
  {
    group: "filters",
    name: "matchAll to pairs",
    body: 'let out = ""; for (const [, k, v] of "a=1;b=2".matchAll(/(\\w)=(\\w)/g)) out += k + v; out += [..."x1y2".matchAll(/\\d/g)].map((m) => m[0] + m.index).join();',
  },
  {
    group: "filters",
    name: "camel to kebab",
    body: 'const out = "fooBarBaz".replace(/[A-Z]/g, (c) => "-" + c.toLowerCase()) + "foo-bar".replace(/-(\\w)/g, (m) => m[1].toUpperCase());',
  },
  {
    group: "filters",
    name: "regex lastIndex loop",
    body: 'const re = /a(.)/g; let m: RegExpExecArray | null; let out = ""; while ((m = re.exec("a1a2b")) !== null) out += m[1] + re.lastIndex;',
  },
  {
    group: "filters",
    name: "typeof checks",
    body: 'const out = [typeof "a", typeof 1, typeof true, typeof undefined, typeof (() => 1)].join();',
  },
  {
    group: "filters",
    name: "void and comma results",
    body: "let n = 0; const f = (): void => { n++; }; f(); const out = `${n}`;",
  },
  {
    group: "filters",
    name: "readonly array params and spread args",
    body: "const f = (xs: readonly number[]): number => Math.max(...xs) - Math.min(...xs); const out = `${f([3, 1, 2])}`;",
  },
  {
    group: "filters",
    name: "every, some, findIndex, includes NaN",
    body: "const xs = [1, 5, NaN]; const out = `${xs.every((x) => x > 0)}${xs.some((x) => x > 4)}${xs.findIndex((x) => x === 5)}${xs.includes(NaN)}${xs.indexOf(NaN)}`;",
  },
  {
    group: "filters",
    name: "reduce into Map",
    body: 'const m = ["a:1", "b:2"].reduce((acc, s) => { const [k, v] = s.split(":"); return acc.set(k, Number(v)); }, new Map<string, number>()); const out = `${m.get("b")}${m.size}`;',
  },
  {
    group: "filters",
    name: "reduceRight, fill, copyWithin, lastIndexOf",
    body: 'const out = ["a", "b", "c"].reduceRight((acc, s) => acc + s, "") + new Array(3).fill("x").join("") + ["a", "b", "a"].lastIndexOf("a");',
  },
  {
    group: "filters",
    name: "splice, slice negative",
    body: 'const xs = ["a", "b", "c", "d"]; const cut = xs.splice(1, 2, "X", "Y", "Z"); const out = cut.join("") + xs.join("") + xs.slice(-2).join("") + xs.slice(1, -1).length;',
  },
  {
    group: "filters",
    name: "toSorted, toReversed, with",
    body: 'const xs = [3, 1, 2]; const out = xs.toSorted((a, b) => a - b).join("") + xs.toReversed().join("") + xs.with(0, 9).join("") + xs.join("");',
  },
  {
    group: "filters",
    name: "shorthand methods in class by interface param",
    body: 'const out = use({ name: "n", run: (x) => x + "!" });',
    declarations:
      "interface Task { name: string; run: (x: string) => string } function use(t: Task): string { return t.run(t.name); }",
  },
  {
    group: "filters",
    name: "delete from Record",
    body: 'const r: Record<string, number> = { a: 1, b: 2 }; delete r["a"]; delete r.b; const out = `${Object.keys(r).length}`;',
  },
  {
    group: "filters",
    name: "string comparison and sort default",
    body: 'const out = `${"a" < "b"}${"B" < "a"}${["b", "a", "C"].sort().join("")}${"10" < "9"}`;',
  },
  {
    group: "filters",
    name: "clamp and round",
    body: "const clamp = (n: number, lo: number, hi: number) => Math.min(Math.max(n, lo), hi); const out = [clamp(5, 0, 3), Math.round(2.5), Math.round(-2.5), Math.trunc(-1.7), Math.sign(-3), Math.floor(-0.5), 7 % -3, -7 % 3, 5.5 % 2].join();",
  },
  {
    group: "filters",
    name: "integer overflow by multiplication",
    body: "const day = 24 * 60 * 60 * 1000; const out = `${day * 365} ${1e9 * 10}`;",
  },
  {
    group: "filters",
    name: "exponent assign ops",
    body: "let n = 2; n **= 3; n <<= 2; n |= 1; n ^= 3; n >>>= 1; n %= 7; const out = `${n}`;",
  },
  {
    group: "filters",
    name: "filter with guard of a class",
    body: "const xs: Shape[] = [new Circle(1), new Square(2), new Circle(3)]; const out = xs.filter((x): x is Circle => x instanceof Circle).map((c) => c.r).join();",
    declarations:
      "class Shape {} class Circle extends Shape { constructor(public r: number) { super(); } } class Square extends Shape { constructor(public s: number) { super(); } }",
  },
  {
    group: "filters",
    name: "templates of 1 to 12 parts",
    body: 'const a = "a", n = 2, b = true, x = 1.5; let e = ""; const out = [`${a}`, `${a}-`, `-${n}`, `${a}${n}`, `${a}${n}${b}`, `<${a}${n}>`, `${a}1${n}2${b}3`, `${a}${a}${a}${a}${a}${a}`, `0${a}1${n}2${b}3${x}4${a}5${e}6`, `${e}${e}${e}`, `${a}${n}${b}${x}${a}${n}${b}${x}${a}${n}${b}${x}`].join("|");',
  },
  {
    group: "filters",
    name: "templates evaluate in order, once",
    body: 'let k = 0; const f = (s: string): string => { k++; return s + k; }; const out = `${f("a")}-${f("b")}/${f("c")}+${f("d")}.${f("e")},${f("f")}`;',
  },
  {
    group: "filters",
    name: "choices in templates",
    body: 'const m = new Map<string, number>([["a", 0]]); const b: Box | null = new Box(); const no: Box | null = k() ? new Box() : null; const out = `${m.get("a") ?? "none"}|${m.get("b") ?? "none"}|${b?.n ?? "no"}|${no?.n ?? "no"}|${m.get("a") || "zero"}|${m.size && "some"}|${m.size > 5 && "many"}|${m.size > 0 ? m.size : "empty"}|${m.size > 3 ? 1.5 : m.size > 2 ? "two" : false}`;',
    declarations: "class Box { n = 5; } function k(): boolean { return Date.now() < 5; }",
  },
  {
    group: "filters",
    name: "choices joined to texts",
    body: 'const m = new Map<string, number>(); let out = "x" + (m.get("b") ?? "none"); out += m.size > 0 ? 1 : "no"; out += m.size || "0!"; out = (m.get("z") ?? "-") + out; const s: string | undefined = out.length > 90 ? "s" : undefined; out += s ?? 5; out += (s && "there") ?? "gone";',
  },
  {
    group: "filters",
    name: "choice calls once",
    body: 'let calls = 0; const n = (): number => { calls++; return 0; }; let out = `${n() || "zero"}${n() && "x"}`; out += calls;',
  },
  {
    group: "filters",
    name: "replace and replaceAll of texts with functions",
    body: 'const out = "a-b-a".replaceAll("a", (m) => m.toUpperCase() + "1") + "a-b-a".replace("a", () => "Z") + "abc".replaceAll("", () => ".") + "x".replaceAll("y", (m) => m + m) + "aaaa".replaceAll("aa", (m) => `<${m}>`) + "abc".replace("", () => "^");',
  },
  {
    group: "filters",
    name: "replace in a class of one's own",
    body: 'const out = new Ed().replace("a", (s) => s + "!") + new Ed().replaceAll("b", (s) => s + "?");',
    declarations:
      "class Ed { replace(a: string, f: (s: string) => string): string { return f(a); } replaceAll(a: string, f: (s: string) => string): string { return f(a + a); } }",
  },
  {
    group: "filters",
    name: "Object.assign onto this and a table",
    body: 'const s = new S(); s.update("n", 3); const r: Record<string, number> = { a: 1 }; Object.assign(r, { b: 2, c: s.n }); const out = s.name + s.n + Object.keys(r).join() + r.c;',
    declarations:
      'class S { name = ""; n = 0; update(name: string, n: number): void { Object.assign(this, { name, n }); } }',
  },
  {
    group: "filters",
    name: "dates of calculated times",
    body: 'const s = 60; const out = new Date(1000 * s).toISOString() + new Date(Date.now() * 0).getTime() + new Date(1.9).getTime() + new Date(-1.9).getTime() + ["2024-03-01"].map((d) => new Date(d + "T00:00:00Z")).map((d) => d.getTime()).join() + new Date(8.64e15).getTime();',
  },
  {
    group: "filters",
    name: "dates that are none",
    body: 'let out = ""; for (const t of [NaN, Infinity, 8.64e15 + 1, 0 / 0]) { try { out += new Date(t).toISOString(); } catch (e) { out += e instanceof RangeError ? "R" : "?"; } } try { out += new Date("nonsense").toISOString(); } catch { out += "r"; }',
  },
  {
    group: "filters",
    name: "generic with a function: groupBy",
    body: 'const g = groupBy(["apple", "avocado", "banana"], (s) => s[0]); let out = ""; for (const [k, v] of g) out += `${k}:${v.join("+")};`;',
    declarations:
      "function groupBy<T, K>(xs: T[], key: (x: T) => K): Map<K, T[]> { const m = new Map<K, T[]>(); for (const x of xs) { const k = key(x); const list = m.get(k); if (list) list.push(x); else m.set(k, [x]); } return m; }",
  },
  {
    group: "filters",
    name: "generic mapValues",
    body: 'const out = mapAll([1, 2], (n) => `<${n}>`).join("");',
    declarations:
      "function mapAll<A, B>(xs: A[], f: (x: A) => B): B[] { const out: B[] = []; for (const x of xs) out.push(f(x)); return out; }",
  },
  {
    group: "filters",
    name: "generic partition",
    body: 'const [yes, no] = partition([1, 2, 3], (n) => n % 2 === 1); const out = yes.join() + "/" + no.join();',
    declarations:
      "function partition<T>(xs: T[], test: (x: T) => boolean): [T[], T[]] { const a: T[] = [], b: T[] = []; for (const x of xs) (test(x) ? a : b).push(x); return [a, b]; }",
  },
  {
    group: "filters",
    name: "generic keyBy and uniqBy",
    body: 'const us: U[] = [{ id: 1, n: "a" }, { id: 2, n: "b" }, { id: 1, n: "c" }]; const out = uniqBy(us, (u) => u.id).map((u) => u.n).join() + maxBy(us, (u) => u.id)!.n;',
    declarations:
      "interface U { id: number; n: string } function uniqBy<T, K>(xs: T[], by: (x: T) => K): T[] { const seen = new Set<K>(); return xs.filter((x) => { const k = by(x); if (seen.has(k)) return false; seen.add(k); return true; }); } function maxBy<T>(xs: T[], by: (x: T) => number): T | undefined { let best: T | undefined; let most = -Infinity; for (const x of xs) { const n = by(x); if (n > most) { most = n; best = x; } } return best; }",
  },
  {
    group: "filters",
    name: "find()?.[i]",
    body: 'const rows = [["a", "1"], ["b", "2"]]; const out = (rows.find(([k]) => k === "b")?.[1] ?? "none") + (rows.find(([k]) => k === "z")?.[1] ?? "none") + (rows.find((r) => r[0] === "a")?.length ?? 0);',
  },
  {
    group: "filters",
    name: "??= and what follows",
    body: 'let name = Date.now() > 5 ? null : "a"; let other: string | null = null; name ??= "b"; other ??= take(name); const out = take(name) + take(other);',
    declarations: "function take(s: string): string { return s + s.length; }",
  },
];
