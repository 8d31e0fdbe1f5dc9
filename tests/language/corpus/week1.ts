/** What is written in a first week, part 1. */
import type { Construct } from "../constructs.js";

export const week1: readonly Construct[] = [
  {
    group: "first week",
    name: "padStart",
    body: 'const n = 7; const out = String(n).padStart(3, "0") + "a".padEnd(3) + "b".padEnd(4, "-");',
  },
  {
    group: "first week",
    name: "trim",
    body: 'const out = "[" + "  a ".trim() + "|" + "  a ".trimStart() + "|" + "  a ".trimEnd() + "]";',
  },
  {
    group: "first week",
    name: "at of text",
    body: 'const s = "hello"; const out = (s.at(0) ?? "") + (s.at(-1) ?? "") + (s.at(9) ?? "none");',
  },
  {
    group: "first week",
    name: "replaceAll",
    body: 'const out = "a-b-c".replaceAll("-", "+") + "a-b-c".replace("-", "");',
  },
  {
    group: "first week",
    name: "localeCompare",
    body: 'const xs = ["b", "a", "c"]; xs.sort((x, y) => x.localeCompare(y)); const out = xs.join("");',
  },
  {
    group: "first week",
    name: "codePointAt",
    body: 'const out = ["a".codePointAt(0), "😀".codePointAt(0), "ab".charCodeAt(1)].join(",");',
  },
  {
    group: "first week",
    name: "fromCharCode",
    body: "const out = String.fromCharCode(72, 105) + String.fromCodePoint(128512) + String.fromCharCode(65);",
  },
  {
    group: "first week",
    name: "startsWith position",
    body: 'const out = ["hello".startsWith("l", 2), "hello".endsWith("l", 3), "hello".includes("h", 1)].join();',
  },
  {
    group: "first week",
    name: "indexOf",
    body: 'const s = "a,b,c"; const i = s.indexOf(","); const out = s.slice(0, i) + s.slice(i + 1) + s.lastIndexOf(",") + s.indexOf("z");',
  },
  {
    group: "first week",
    name: "slice negative",
    body: 'const s = "hello"; const out = s.slice(-3) + s.slice(1, -1) + s.substring(3, 1) + s.substr(1, 2);',
  },
  {
    group: "first week",
    name: "split limit",
    body: 'const out = "a=b=c".split("=", 2).join("|") + "abc".split("").join("-") + "".split(",").length;',
  },
  {
    group: "first week",
    name: "split no arg",
    body: 'const out = "a b".split(" ").map((w) => w[0].toUpperCase() + w.slice(1)).join(" ");',
  },
  {
    group: "first week",
    name: "char compare",
    body: 'const c = "m"; const out = c >= "a" && c <= "z" ? "lower" : "other";',
  },
  {
    group: "first week",
    name: "text compare",
    body: 'const out = ["a" < "b", "a" > "B", "abc" < "abd", "10" < "9", "a" === "a"].join();',
  },
  {
    group: "first week",
    name: "repeat",
    body: 'const out = "=".repeat(5) + "x".repeat(0);',
  },
  {
    group: "first week",
    name: "char loop",
    body: 'let n = 0; const s = "banana"; for (let i = 0; i < s.length; i++) if (s[i] === "a") n++; const out = `${n}`;',
  },
  {
    group: "first week",
    name: "reverse text",
    body: 'const out = "hello".split("").reverse().join("");',
  },
  {
    group: "first week",
    name: "spread text",
    body: 'const out = [..."hello"].reverse().join("");',
  },
  {
    group: "first week",
    name: "charAt",
    body: 'const out = "abc".charAt(1) + "abc".charAt(9) + "|";',
  },
  {
    group: "first week",
    name: "text number",
    body: 'const out = "5" + 3 + 2 + (3 + 2) + "5";',
  },
  {
    group: "first week",
    name: "multi-line template",
    body: 'const name = "x"; const out = `line1\n  ${name}\n${`inner ${name.toUpperCase()}`}`;',
  },
  {
    group: "first week",
    name: "template expr",
    body: 'const xs = [1, 2, 3]; const out = `sum ${xs.reduce((a, b) => a + b, 0)} of ${xs.length} ${xs.length > 2 ? "many" : "few"}`;',
  },
  {
    group: "first week",
    name: "concat method",
    body: 'const out = "a".concat("b", "c");',
  },
  {
    group: "first week",
    name: "escape",
    body: 'const out = "tab\\tquote\\"nl\\nuni\\u0041\\x42";',
  },
  {
    group: "first week",
    name: "isEmpty",
    body: 'const s: string = ""; const out = s.length === 0 ? "empty" : "no";',
  },
  {
    group: "first week",
    name: "search in",
    body: 'const allowed = ["GET", "POST"]; const out = allowed.includes("GET") ? "y" : "n";',
  },
  {
    group: "first week",
    name: "toLowerCase compare",
    body: 'const out = "Bearer X".toLowerCase().startsWith("bearer ") ? "y" : "n";',
  },
  {
    group: "first week",
    name: "normalize path",
    body: 'const out = "/a//b/".split("/").filter((s) => s !== "").join("/");',
  },
  {
    group: "first week",
    name: "query string",
    body: 'const q = "a=1&b=2&c"; const m = new Map<string, string>(); for (const pair of q.split("&")) { const [k, v = ""] = pair.split("="); m.set(k, v); } const out = [...m.keys()].map((k) => `${k}:${m.get(k)}`).join(",");',
  },
  {
    group: "first week",
    name: "cookie",
    body: 'const c = "sid=abc; theme=dark"; let out = ""; for (const part of c.split(";")) { const [k, v] = part.trim().split("="); if (k === "sid") out = v; }',
  },
  {
    group: "first week",
    name: "capitalize",
    body: 'const cap = (s: string) => s.charAt(0).toUpperCase() + s.slice(1).toLowerCase(); const out = "x-REQUEST-id".split("-").map(cap).join("-");',
  },
  {
    group: "first week",
    name: "camel",
    body: 'const out = "some-header-name".split("-").map((w, i) => i === 0 ? w : w[0].toUpperCase() + w.slice(1)).join("");',
  },
  {
    group: "first week",
    name: "hash",
    body: 'let h = 0; const s = "some text"; for (let i = 0; i < s.length; i++) { h = (h << 5) - h + s.charCodeAt(i); h |= 0; } const out = h.toString();',
  },
  {
    group: "first week",
    name: "fnv",
    body: 'let h = 0x811c9dc5; const s = "some text"; for (let i = 0; i < s.length; i++) { h ^= s.charCodeAt(i); h = Math.imul(h, 0x01000193); } const out = (h >>> 0).toString(16);',
  },
  {
    group: "first week",
    name: "hex",
    body: 'let out = ""; for (const b of [1, 171, 255]) out += b.toString(16).padStart(2, "0");',
  },
  {
    group: "first week",
    name: "parse hex",
    body: 'const out = parseInt("ff", 16) + parseInt("0x10") + parseInt("12px") + "";',
  },
  {
    group: "first week",
    name: "sort texts",
    body: 'const out = ["b", "c", "a"].sort().join("");',
  },
  {
    group: "first week",
    name: "sort by number",
    body: 'const out = [3, 1, 10, 2].sort((a, b) => a - b).join(",");',
  },
  {
    group: "first week",
    name: "sort desc",
    body: 'const out = [3, 1, 10, 2].sort((a, b) => b - a).join(",");',
  },
  {
    group: "first week",
    name: "sort objects",
    body: 'const xs = [{ n: "a", p: 2 }, { n: "b", p: 1 }]; xs.sort((x, y) => x.p - y.p); const out = xs.map((x) => x.n).join("");',
  },
  {
    group: "first week",
    name: "sort two keys",
    body: 'const xs = [{ n: "b", p: 1 }, { n: "a", p: 1 }, { n: "c", p: 0 }]; xs.sort((x, y) => x.p - y.p || x.n.localeCompare(y.n)); const out = xs.map((x) => x.n).join("");',
  },
  {
    group: "first week",
    name: "sort ternary",
    body: 'const xs = ["bb", "a"]; xs.sort((a, b) => a < b ? -1 : a > b ? 1 : 0); const out = xs.join();',
  },
  {
    group: "first week",
    name: "reduce object",
    body: "const xs = [{ w: 2 }, { w: 3 }]; const out = `${xs.reduce((sum, x) => sum + x.w, 0)}`;",
  },
  {
    group: "first week",
    name: "reduce text",
    body: 'const out = ["a", "b", "c"].reduce((acc, x) => acc + x, "");',
  },
  {
    group: "first week",
    name: "reduce no init",
    body: "const out = [1, 5, 3].reduce((a, b) => Math.max(a, b)).toString();",
  },
  {
    group: "first week",
    name: "reduce map",
    body: 'const m = ["a", "b", "a"].reduce((acc, x) => acc.set(x, (acc.get(x) ?? 0) + 1), new Map<string, number>()); const out = `${m.get("a")}${m.get("b")}`;',
  },
  {
    group: "first week",
    name: "reduceRight",
    body: 'const out = ["a", "b", "c"].reduceRight((acc, x) => acc + x, "");',
  },
  {
    group: "first week",
    name: "some every",
    body: "const xs = [1, 2, 3]; const out = [xs.some((x) => x > 2), xs.every((x) => x > 2)].join();",
  },
  {
    group: "first week",
    name: "findIndex",
    body: 'const xs = ["a", "b"]; const out = xs.findIndex((x) => x === "b") + "," + xs.findIndex((x) => x === "z") + "," + xs.findLastIndex((x) => x !== "");',
  },
  {
    group: "first week",
    name: "find with ?.",
    body: 'const users = [{ id: 1, name: "x" }]; const out = users.find((u) => u.id === 1)?.name ?? "none";',
  },
  {
    group: "first week",
    name: "find of number",
    body: 'const xs = [1, 5, 9]; const big = xs.find((x) => x > 4); const out = big !== undefined ? `${big}` : "none";',
  },
  {
    group: "first week",
    name: "find number ??",
    body: "const out = `${[1, 5, 9].find((x) => x > 4) ?? -1}`;",
  },
  {
    group: "first week",
    name: "fill",
    body: 'const xs = new Array(3).fill(0); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "fill typed",
    body: 'const xs = new Array<number>(3).fill(1.5); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "fill text",
    body: 'const xs = new Array<string>(2).fill("x"); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "Array.from length",
    body: 'const xs = Array.from({ length: 3 }, (_, i) => i * 2); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "Array.from map",
    body: 'const xs = Array.from([1, 2, 3], (x) => x * 2); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "Array.from set",
    body: 'const xs = Array.from(new Set(["a", "b", "a"])); const out = xs.join(",");',
  },
  {
    group: "first week",
    name: "flat",
    body: 'const out = [["a"], ["b", "c"]].flat().join("");',
  },
  {
    group: "first week",
    name: "concat",
    body: 'const out = ["a"].concat(["b"], ["c"]).join("");',
  },
  {
    group: "first week",
    name: "concat value",
    body: 'const out = ["a"].concat("b").join("");',
  },
  {
    group: "first week",
    name: "slice copy",
    body: 'const a = [1, 2, 3]; const b = a.slice(); b.push(4); const out = a.length + "" + b.length + a.slice(-2).join("") + a.slice(1, 2).join("");',
  },
  {
    group: "first week",
    name: "splice remove",
    body: 'const a = ["a", "b", "c", "d"]; const r = a.splice(1, 2); const out = a.join("") + "|" + r.join("");',
  },
  {
    group: "first week",
    name: "splice insert",
    body: 'const a = ["a", "d"]; a.splice(1, 0, "b", "c"); const out = a.join("");',
  },
  {
    group: "first week",
    name: "splice one arg",
    body: 'const a = ["a", "b", "c"]; a.splice(1); const out = a.join("");',
  },
  {
    group: "first week",
    name: "splice replace",
    body: 'const a = ["a", "x", "c"]; const r = a.splice(1, 1, "b"); const out = a.join("") + r.join("");',
  },
  {
    group: "first week",
    name: "reverse in place",
    body: 'const a = [1, 2, 3]; a.reverse(); const out = a.join("");',
  },
  {
    group: "first week",
    name: "unshift shift",
    body: 'const a = ["b"]; a.unshift("a"); const first = a.shift(); const out = (first ?? "") + a.join("");',
  },
  {
    group: "first week",
    name: "unshift several",
    body: 'const a = ["c"]; a.unshift("a", "b"); const out = a.join("");',
  },
  {
    group: "first week",
    name: "push several",
    body: 'const a: string[] = []; const n = a.push("x", "y"); const out = a.join("") + n;',
  },
];
