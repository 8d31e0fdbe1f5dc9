/** What a newcomer tries first: texts, numbers, dates and lists. */
import type { Construct } from "../constructs.js";

export const newcomer1: readonly Construct[] = [
  {
    group: "newcomer",
    name: "string methods",
    body: 'let out = ""; const s = "  Hello, World  "; out += s.trim().split(", ").map((w) => w.toLowerCase()).join("|"); out += s.trimStart().length; out += s.trimEnd().length; out += "abc".charAt(1) + "abc".at(-1); out += "a-b-c".split("-", 2).join(); out += "abc".lastIndexOf("c"); out += "abcabc".lastIndexOf("b", 3);',
  },
  {
    group: "newcomer",
    name: "string compare",
    body: 'let out = ""; out += "a" < "b"; out += "a".localeCompare("b"); out += "b".localeCompare("a"); out += "a".localeCompare("a"); out += ["b", "a", "C"].sort().join(); out += ["b", "a", "c"].sort((a, b) => b.localeCompare(a)).join(); out += ["b", "a"].sort((a, b) => (a < b ? -1 : 1)).join();',
  },
  {
    group: "newcomer",
    name: "split by empty",
    body: 'let out = ""; out += "abc".split("").reverse().join(""); out += "".split(",").length; out += "".split("").length; out += "a,b,".split(",").length; out += "abc".split("x").join();',
  },
  {
    group: "newcomer",
    name: "substr and slice negatives",
    body: 'let out = ""; out += "abcdef".slice(-3, -1) + "abcdef".substring(4, 1) + "abcdef".slice(2) + "abcdef".substr(-2, 1) + "abcdef".slice(-100, 2) + "abc".substring(-1, 2) + "abc".slice(5) + "|";',
  },
  {
    group: "newcomer",
    name: "code points",
    body: 'let out = ""; out += "😀a".codePointAt(0); out += String.fromCodePoint(128512); out += String.fromCharCode(72, 105); out += "abc".charCodeAt(1); out += [..."a😀b"].length; out += "😀".length;',
  },
  {
    group: "newcomer",
    name: "normalize and search",
    body: 'let out = ""; out += "abc".search(/c/); out += "abc".includes("b", 2); out += "abc".startsWith("b", 1); out += "abc".endsWith("b", 2); out += "a".concat("b", "c"); out += "ab".repeat(0) + "|"; out += "x".padStart(3) + "|" + "x".padEnd(3, "ab");',
  },
  {
    group: "newcomer",
    name: "replace functions",
    body: 'let out = ""; out += "a1b2".replace(/\\d/g, (d) => String(Number(d) * 2)); out += "John Smith".replace(/(\\w+)\\s(\\w+)/, "$2, $1"); out += "aaa".replace("a", "b"); out += "aaa".replaceAll("a", "b"); out += "a.b.c".replaceAll(".", "-"); out += "camelCaseText".replace(/[A-Z]/g, (m) => "-" + m.toLowerCase());',
  },
  {
    group: "newcomer",
    name: "trim and case idioms",
    body: 'let out = ""; const cap = (s: string) => s.charAt(0).toUpperCase() + s.slice(1); out += cap("hello"); out += "hello world".split(" ").map(cap).join(" "); out += "Hello".split("").map((c) => c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()).join("");',
  },
  {
    group: "newcomer",
    name: "multi-line template",
    body: `let out = ""; const name = "x"; out += \`a
b \${name}
c\`; out += \`\${1 + 1}\${"a"}\${true}\${[1, 2]}\`; out += \`a\${\`b\${"c"}\`}\`;`,
  },
  {
    group: "newcomer",
    name: "number formatting",
    body: 'let out = ""; out += (1234.5678).toFixed(2); out += (0.1 + 0.2); out += (5).toString().padStart(3, "0"); out += (255).toString(16); out += (255).toString(2); out += 1e21; out += 1e-7; out += 123456789012345680000; out += -0; out += 0.000001; out += 100; out += 1.0; out += 1.50;',
  },
  {
    group: "newcomer",
    name: "number checks",
    body: 'let out = ""; out += Number.isInteger(5); out += Number.isInteger(5.5); out += Number.isNaN(NaN); out += isNaN(Number("x")); out += Number.isFinite(1 / 0); out += isFinite(5); out += Number.MAX_SAFE_INTEGER; out += Number.EPSILON > 0; out += Number.isSafeInteger(2 ** 53); out += Number.MIN_SAFE_INTEGER; out += Number.MAX_VALUE; out += Number.POSITIVE_INFINITY;',
  },
  {
    group: "newcomer",
    name: "math",
    body: 'let out = ""; out += Math.max(1, 2, 3); out += Math.min(...[3, 1, 2]); out += Math.floor(-1.5); out += Math.ceil(1.2); out += Math.round(2.5); out += Math.round(-2.5); out += Math.trunc(-1.7); out += Math.sign(-3); out += Math.abs(-5); out += Math.sqrt(16); out += Math.pow(2, 10); out += Math.hypot(3, 4); out += Math.cbrt(27); out += Math.log2(8); out += Math.log10(1000); out += Math.PI.toFixed(3); out += Math.max(); out += Math.min();',
  },
  {
    group: "newcomer",
    name: "integer division idiom",
    body: 'let out = ""; const total = 7; out += Math.floor(total / 2); out += ~~(total / 2); out += (total / 2) | 0; out += total % 2; out += -7 % 3; out += Math.floor(-7 / 2); out += (total - (total % 2)) / 2; out += Math.ceil(total / 2);',
  },
  {
    group: "newcomer",
    name: "increments",
    body: 'let out = ""; let i = 0; out += i++; out += ++i; out += i--; out += --i; let x = 5; x += 2; x -= 1; x *= 3; x /= 2; x %= 4; x **= 2; out += x; let y = 5; y <<= 2; y >>= 1; y |= 1; y &= 7; y ^= 2; out += y;',
  },
  {
    group: "newcomer",
    name: "percentages",
    body: 'let out = ""; const used = 45, limit = 60; const pct = Math.round((used / limit) * 100); out += `${pct}%`; const remaining = limit - used; out += remaining; out += (used / limit).toFixed(3); out += `${((used / limit) * 100).toFixed(1)}%`; if (used / limit > 0.7) out += "warn";',
  },
  {
    group: "newcomer",
    name: "average",
    body: 'let out = ""; const xs = [1, 2, 3, 4]; const sum = xs.reduce((a, b) => a + b, 0); out += sum / xs.length; const avg = xs.reduce((a, b) => a + b) / xs.length; out += avg; const max = Math.max(...xs); out += max; const sorted = [...xs].sort((a, b) => b - a); out += sorted[0]; const mid = sorted.length / 2; out += mid; out += (sorted[1] + sorted[2]) / 2;',
  },
  {
    group: "newcomer",
    name: "date",
    body: 'let out = ""; const d = new Date(0); out += d.getTime(); out += d.toISOString(); out += d.getUTCFullYear(); out += d.getUTCMonth(); out += d.getUTCDate(); out += d.getUTCDay(); out += d.getUTCHours(); const e = new Date("2024-02-29T12:30:45.123Z"); out += e.getTime(); out += e.getUTCMinutes(); out += e.getUTCMilliseconds(); out += Date.UTC(2024, 0, 1); out += new Date(Date.UTC(2024, 1, 30)).toISOString(); out += (e.getTime() - d.getTime()) / 1000;',
  },
  {
    group: "newcomer",
    name: "date now math",
    body: 'let out = ""; const now = Date.now(); const later = now + 60 * 1000; out += later - now; out += later > now; const day = 24 * 60 * 60 * 1000; out += day; const week = 7 * day; out += week; const month = 30 * day; out += month; out += Math.floor((now + month - now) / day);',
  },
  {
    group: "newcomer",
    name: "date parse",
    body: 'let out = ""; out += Date.parse("2024-01-01T00:00:00Z"); out += new Date("2024-01-01").toISOString().slice(0, 10); out += new Date(1700000000000).toISOString();',
  },
  {
    group: "newcomer",
    name: "array mutation",
    body: 'let out = ""; const xs = ["a", "b", "c", "d"]; out += xs.splice(1, 2).join(); out += xs.join(); xs.splice(1, 0, "x", "y"); out += xs.join(); xs.unshift("0"); out += xs.shift(); out += xs.pop(); out += xs.length; xs.length = 1; out += xs.join(); xs.push("p", "q"); out += xs.join(); out += xs.fill("z", 1).join(); xs.length = 0; out += xs.length;',
  },
  {
    group: "newcomer",
    name: "flat and flatMap",
    body: 'let out = ""; out += [[1, 2], [3]].flat().join(); out += ["a b", "c"].flatMap((s) => s.split(" ")).join(); out += Array.from({ length: 3 }, (_, i) => i * 2).join(); out += Array.from("abc").join(); out += new Array(3).fill(0).join(); out += Array.of(1, 2).join(); out += Array.isArray([1]); out += [..."abc"].map((c, i) => c + i).join(); out += Array.from(new Set([1, 1, 2])).join();',
  },
  {
    group: "newcomer",
    name: "reduce to map",
    body: 'let out = ""; const words = ["a", "b", "a"]; const counts = words.reduce((m, w) => m.set(w, (m.get(w) ?? 0) + 1), new Map<string, number>()); out += [...counts].map(([k, v]) => `${k}=${v}`).join("&"); const byLen = new Map<number, string[]>(); for (const w of ["a", "bb", "c"]) { const list = byLen.get(w.length) ?? []; list.push(w); byLen.set(w.length, list); } out += [...byLen.entries()].map(([k, v]) => k + ":" + v.join("+")).join();',
  },
  {
    group: "newcomer",
    name: "reduce to object",
    body: 'let out = ""; const o = ["a", "b"].reduce<Record<string, number>>((acc, k, i) => { acc[k] = i; return acc; }, {}); out += o["a"] + o.b; out += Object.keys(o).join(); out += Object.values(o).join(); out += Object.entries(o).map(([k, v]) => k + v).join();',
  },
  {
    group: "newcomer",
    name: "sort objects",
    body: 'let out = ""; const items = [{ n: "b", v: 2 }, { n: "a", v: 2 }, { n: "c", v: 1 }]; items.sort((a, b) => a.v - b.v || a.n.localeCompare(b.n)); out += items.map((i) => i.n).join(); out += [...items].reverse()[0].n; const best = items.reduce((a, b) => (b.v > a.v ? b : a)); out += best.n; out += items.filter(({ v }) => v > 1).length; out += items.find((i) => i.v === 1)?.n ?? "none";',
  },
  {
    group: "newcomer",
    name: "sort numbers with comparator",
    body: 'let out = ""; out += [10, 9, 1].sort((a, b) => a - b).join(); out += [0.5, -1, 3].sort((a, b) => b - a).join(); out += ["10", "9", "1"].sort().join(); out += [true, false].sort((a, b) => Number(a) - Number(b)).join(); out += [3, 1, 2].toSorted((a, b) => a - b).join(); out += [1, 2, 3].toReversed().join();',
  },
  {
    group: "newcomer",
    name: "array destructuring",
    body: 'let out = ""; const [a, , c = 5, ...rest] = [1, 2, 3, 4, 5]; out += a + c + rest.length; const [x = "d"] = [] as string[]; out += x; const [[p], [q]] = [["1"], ["2"]]; out += p + q; let m = 1, n = 2; [m, n] = [n, m]; out += m * 10 + n; const [first] = "abc"; out += first;',
  },
  {
    group: "newcomer",
    name: "set operations",
    body: 'let out = ""; const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); out += [...a].filter((x) => b.has(x)).join(); out += [...new Set([...a, ...b])].join(); out += [...a].filter((x) => !b.has(x)).join(); a.forEach((v) => { out += v; }); out += a.delete(1); out += a.size; for (const v of a.values()) out += v; a.clear(); out += a.size;',
  },
  {
    group: "newcomer",
    name: "map operations",
    body: 'let out = ""; const m = new Map<string, number>([["x", 1], ["y", 2]]); m.forEach((v, k) => { out += k + v; }); out += [...m.keys()].join(); out += [...m.values()].reduce((a, b) => a + b, 0); out += m.delete("x"); out += m.has("x"); const sorted = [...m.entries()].sort(([, a], [, b]) => b - a); out += sorted.length; const inv = new Map([...m].map(([k, v]) => [v, k] as [number, string])); out += inv.get(2) ?? ""; out += new Map(m).size;',
  },
];
