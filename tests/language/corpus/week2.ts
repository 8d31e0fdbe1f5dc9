/** What is written in a first week, part 2. */
import type { Construct } from "../constructs.js";

export const week2: readonly Construct[] = [
  {
    group: "first week",
    name: "push returns",
    body: "const a: number[] = []; const n = a.push(4); const out = `${n}`;",
  },
  {
    group: "first week",
    name: "length = 0",
    body: "const a = [1, 2]; a.length = 0; const out = `${a.length}`;",
  },
  {
    group: "first week",
    name: "isArray",
    body: 'const a = [1]; const out = Array.isArray(a) ? "y" : "n";',
  },
  {
    group: "first week",
    name: "entries",
    body: 'let out = ""; for (const [i, v] of ["a", "b"].entries()) out += i + v;',
  },
  {
    group: "first week",
    name: "keys",
    body: 'const out = [...["a", "b"].keys()].join();',
  },
  {
    group: "first week",
    name: "chain",
    body: "const out = [1, 2, 3, 4, 5, 6].filter((n) => n % 2 === 0).map((n) => n * n).reduce((a, b) => a + b, 0).toString();",
  },
  {
    group: "first week",
    name: "chain text",
    body: 'const out = " a, b ,,c ".split(",").map((s) => s.trim()).filter((s) => s.length > 0).join("|");',
  },
  {
    group: "first week",
    name: "filter Boolean",
    body: 'const out = ["a", "", "b"].filter(Boolean).join();',
  },
  {
    group: "first week",
    name: "map Number",
    body: 'const out = ["1", "2.5"].map(Number).join();',
  },
  {
    group: "first week",
    name: "map String",
    body: 'const out = [1, 2].map(String).join("-");',
  },
  {
    group: "first week",
    name: "map method ref",
    body: 'const up = (s: string): string => s.toUpperCase(); const out = ["a", "b"].map(up).join("");',
  },
  {
    group: "first week",
    name: "map function ref",
    body: "const out = [1, 2].map(double).join();",
    declarations: "function double(x: number): number { return x * 2; }",
  },
  {
    group: "first week",
    name: "forEach index",
    body: 'let out = ""; ["a", "b"].forEach((v, i) => { out += `${i}${v}`; });',
  },
  {
    group: "first week",
    name: "two dim",
    body: 'const g: number[][] = [[1, 2], [3, 4]]; const out = `${g[1][0]} ${g.length} ${g.map((r) => r.join(",")).join(";")}`;',
  },
  {
    group: "first week",
    name: "array of objects mutate",
    body: "const xs = [{ n: 1 }, { n: 2 }]; for (const x of xs) x.n *= 10; const out = xs.map((x) => x.n).join();",
  },
  {
    group: "first week",
    name: "destructure swap",
    body: "const xs = [1, 2, 3]; [xs[0], xs[2]] = [xs[2], xs[0]]; const out = xs.join();",
  },
  {
    group: "first week",
    name: "array equality by join",
    body: 'const out = [1, 2].join() === [1, 2].join() ? "same" : "no";',
  },
  {
    group: "first week",
    name: "max spread",
    body: 'const xs = [3, 9, 4]; const out = Math.max(...xs) + "," + Math.min(...xs);',
  },
  {
    group: "first week",
    name: "sum of lengths",
    body: 'const xs = ["ab", "c"]; let n = 0; for (const x of xs) n += x.length; const out = n + "";',
  },
  {
    group: "first week",
    name: "average",
    body: "const xs = [1, 2, 4]; const avg = xs.reduce((a, b) => a + b, 0) / xs.length; const out = avg.toFixed(2);",
  },
  {
    group: "first week",
    name: "unique",
    body: 'const xs = ["a", "b", "a"]; const out = [...new Set(xs)].join("") + xs.filter((x, i) => xs.indexOf(x) === i).join("");',
  },
  {
    group: "first week",
    name: "group",
    body: 'const groups = new Map<string, string[]>(); for (const w of ["ab", "c", "de"]) { const k = `${w.length}`; if (!groups.has(k)) groups.set(k, []); groups.get(k)!.push(w); } const out = groups.get("2")!.join();',
  },
  {
    group: "first week",
    name: "group ??",
    body: 'const groups = new Map<string, string[]>(); for (const w of ["ab", "c", "de"]) { const k = `${w.length}`; const list = groups.get(k) ?? []; list.push(w); groups.set(k, list); } const out = groups.get("2")!.join() + groups.size;',
  },
  {
    group: "first week",
    name: "toSorted",
    body: "const a = [3, 1, 2]; const b = a.toSorted((x, y) => x - y); const out = a.join() + b.join();",
  },
  {
    group: "first week",
    name: "toReversed",
    body: 'const a = ["x", "y"]; const out = a.toReversed().join() + a.join();',
  },
  {
    group: "first week",
    name: "with",
    body: 'const a = ["x", "y"]; const out = a.with(0, "z").join() + a.join();',
  },
  {
    group: "first week",
    name: "copyWithin",
    body: "const out = [1, 2, 3, 4].copyWithin(0, 2).join();",
  },
  {
    group: "first week",
    name: "join no arg",
    body: 'const out = ["a", "b"].join() + [true, false].join();',
  },
  {
    group: "first week",
    name: "array holes",
    body: 'const xs: string[] = []; xs[0] = "a"; xs[1] = "b"; const out = xs.join();',
  },
  {
    group: "first week",
    name: "nested map",
    body: 'const out = [1, 2].map((x) => [x, x * 10]).map((p) => p.join(":")).join();',
  },
  {
    group: "first week",
    name: "array in condition",
    body: 'const xs: string[] = []; const out = xs.length ? "some" : "none";',
  },
  {
    group: "first week",
    name: "at ??",
    body: 'const xs = ["a"]; const out = xs.at(-1) ?? "none";',
  },
  {
    group: "first week",
    name: "last",
    body: 'const xs = ["a", "b"]; const out = xs[xs.length - 1];',
  },
  {
    group: "first week",
    name: "while pop",
    body: 'const st = ["a", "b"]; let out = ""; while (st.length > 0) out += st.pop()!;',
  },
  {
    group: "first week",
    name: "while pop undefined",
    body: 'const st = ["a", "b"]; let out = ""; let x: string | undefined; while ((x = st.pop()) !== undefined) out += x;',
  },
  {
    group: "first week",
    name: "readonly array param",
    body: 'const out = f(["a", "b"]);',
    declarations: 'function f(xs: readonly string[]): string { return xs.join("+"); }',
  },
  {
    group: "first week",
    name: "const array top",
    body: 'const out = ORDER.indexOf("b") + ORDER[0];',
    declarations: 'const ORDER = ["a", "b"] as const;',
  },
  {
    group: "first week",
    name: "tuple return",
    body: "const [a, b] = f(); const out = a + b;",
    declarations: 'function f(): [string, number] { return ["x", 2]; }',
  },
  {
    group: "first week",
    name: "array of functions",
    body: "const fs: ((n: number) => number)[] = [(n) => n + 1, (n) => n * 2]; let v = 3; for (const f of fs) v = f(v); const out = `${v}`;",
  },
  {
    group: "first week",
    name: "array includes number",
    body: 'const out = [1, 2].includes(2) ? "y" : "n";',
  },
  {
    group: "first week",
    name: "array typed generic",
    body: 'const xs: Array<string> = new Array<string>(); xs.push("q"); const out = xs[0];',
  },
  {
    group: "first week",
    name: "array default type",
    body: 'const xs: string[] = new Array(); xs.push("q"); const out = xs[0];',
  },
  {
    group: "first week",
    name: "compare map reversal",
    body: "const a = [1,2,3]; const out = a.map((_, i) => a[a.length - 1 - i]).join();",
  },
  {
    group: "first week",
    name: "max loop",
    body: "const xs: number[] = [3, 9.5, 2]; let max = 0; for (const x of xs) if (x > max) max = x; const out = `${max}`;",
  },
  {
    group: "first week",
    name: "max loop objects",
    body: "const xs: P[] = [{ n: 2 }, { n: 7 }]; let best = 0; for (const x of xs) { if (x.n > best) { best = x.n; } } const out = `${best}`;",
    declarations: "interface P { n: number }",
  },
  {
    group: "first week",
    name: "sum objects",
    body: "const xs: P[] = [{ n: 2 }, { n: 7.5 }]; let total = 0; for (const x of xs) total += x.n; const out = `${total}`;",
    declarations: "interface P { n: number }",
  },
  {
    group: "first week",
    name: "sum forEach",
    body: "const xs: number[] = [1.5, 2]; let total = 0; xs.forEach((x) => { total += x; }); const out = `${total}`;",
  },
  {
    group: "first week",
    name: "sum wrap",
    body: "const xs = [2000000000, 2000000000]; let total = 0; for (const x of xs) total += x; const out = `${total}`;",
  },
  {
    group: "first week",
    name: "sum wrap expr",
    body: 'const a = 2000000000; const b = "x".length + 2000000000; const c = b + b; const out = `${c}`;',
  },
  {
    group: "first week",
    name: "sum wrap assign",
    body: 'let n = 2000000000; n = n + "x".length + n; const out = `${n}`;',
  },
  {
    group: "first week",
    name: "reduce wrap",
    body: "const out = `${[2000000000, 2000000000].reduce((a, b) => a + b, 0)}`;",
  },
  {
    group: "first week",
    name: "inc wrap",
    body: "let n = 2147483647; n++; const out = `${n}`;",
  },
  {
    group: "first week",
    name: "shift or",
    body: 'let h = 5381; for (const c of "hello there") h = ((h << 5) + h) ^ c.charCodeAt(0); const out = `${h >>> 0}`;',
  },
  {
    group: "first week",
    name: "djb2",
    body: 'let h = 5381; const s = "hello there world"; for (let i = 0; i < s.length; i++) h = (h * 33) ^ s.charCodeAt(i); const out = `${h >>> 0}`;',
  },
  {
    group: "first week",
    name: "call var",
    body: "let v = 3; v = half(v); const out = `${v}`;",
    declarations: "function half(n: number): number { return n / 2; }",
  },
  {
    group: "first week",
    name: "Math all",
    body: "const out = [Math.floor(2.7), Math.ceil(2.1), Math.round(2.5), Math.round(-2.5), Math.abs(-3), Math.sqrt(16), Math.pow(2, 10), Math.sign(-3), Math.trunc(-2.7), Math.hypot(3, 4), Math.cbrt(27), Math.log2(8), Math.log10(1000)].join();",
  },
  {
    group: "first week",
    name: "Math.min",
    body: 'const n = "abcdef".length; const out = `${Math.min(n, 3)} ${Math.max(n, 10)}`;',
  },
  {
    group: "first week",
    name: "Math.floor div",
    body: 'const n = "abcdefg".length; const out = "abcdefg".slice(0, Math.floor(n / 2)) + Math.floor(n / 2);',
  },
  {
    group: "first week",
    name: "mid index",
    body: 'const xs = ["a", "b", "c"]; const mid = Math.floor(xs.length / 2); const out = xs[mid];',
  },
  {
    group: "first week",
    name: "binary search",
    body: "const xs = [1, 3, 5, 7, 9]; let lo = 0, hi = xs.length - 1, found = -1; while (lo <= hi) { const mid = Math.floor((lo + hi) / 2); if (xs[mid] === 7) { found = mid; break; } if (xs[mid] < 7) lo = mid + 1; else hi = mid - 1; } const out = `${found}`;",
  },
  {
    group: "first week",
    name: "binary search >>",
    body: "const xs = [1, 3, 5, 7, 9]; let lo = 0, hi = xs.length; while (lo < hi) { const mid = (lo + hi) >>> 1; if (xs[mid] < 7) lo = mid + 1; else hi = mid; } const out = `${lo}`;",
  },
  {
    group: "first week",
    name: "percent",
    body: 'const a = 3, b = 7; const out = ((a / b) * 100).toFixed(1) + "%";',
  },
  {
    group: "first week",
    name: "modulo",
    body: "const out = [7 % 3, -7 % 3, 5.5 % 2].join();",
  },
  {
    group: "first week",
    name: "exponent assign",
    body: "let x = 2; x **= 5; const out = `${x}`;",
  },
  {
    group: "first week",
    name: "isInteger",
    body: "const out = [Number.isInteger(5), Number.isInteger(5.5), Number.isFinite(1 / 0), Number.isNaN(NaN), Number.isSafeInteger(2 ** 53)].join();",
  },
  {
    group: "first week",
    name: "parseInt check",
    body: 'const n = parseInt("abc", 10); const out = Number.isNaN(n) ? "bad" : `${n}`;',
  },
  {
    group: "first week",
    name: "isNaN",
    body: 'const out = isNaN(Number("x")) ? "nan" : "num";',
  },
  {
    group: "first week",
    name: "Number fallback",
    body: 'const n = Number("") || 10; const out = `${n}`;',
  },
  {
    group: "first week",
    name: "parseInt fallback",
    body: 'const n = parseInt("x") || 5; const out = `${n}`;',
  },
  {
    group: "first week",
    name: "clamp",
    body: "const clamp = (v: number, lo: number, hi: number): number => Math.min(Math.max(v, lo), hi); const out = [clamp(5, 0, 3), clamp(-1, 0, 3), clamp(1.5, 0, 3)].join();",
  },
];
