import type { Piece } from "./run.js";

/** Which values are true, and numbers as text. */
export const values: readonly Piece[] = [
  {
    name: "truth of text",
    declarations:
      'function t(s: string): string { return s ? "y" : "n"; } function tn(s: string | null): string { if (s) return "y" + s; return "n"; } function neg(s: string): string { if (!s) return "empty"; return "full"; } function or(s: string): string { return s || "none"; } function and(s: string): string { return s && "both"; }',
    body: 'const out = [t(""), t("a"), tn(""), tn(null), tn("x"), neg(""), neg("x"), or(""), or("q"), and(""), and("v")].join(",");',
  },
  {
    name: "numbers with n that would be more than 64 bits",
    expected: "power,product,sum,difference,shift,compound",
    body: `const told: string[] = []; const big = 9223372036854775807n; let less = -big;
      try { told.push((10n ** 20n).toString()); } catch (e) { told.push("power"); }
      try { told.push((big * 2n).toString()); } catch (e) { told.push("product"); }
      try { told.push((big + 1n).toString()); } catch (e) { told.push("sum"); }
      try { told.push((less - 2n).toString()); } catch (e) { told.push("difference"); }
      try { told.push((1n << 64n).toString()); } catch (e) { told.push("shift"); }
      try { less *= 3n; told.push(less.toString()); } catch (e) { told.push("compound"); }
      const out = told.join();`,
  },
  {
    name: "whole constants at the ends of what 32 bits hold",
    body: "const told: number[] = [2147483646 + 1, 2147483647 + 1, 65536 * 32768, -2147483647 - 1, -2147483648 - 1]; const a = 2147483647 + 1; const b = -2147483648 - 1; const out = `${told.join()} ${2147483647 + 1} ${a} ${b} ${a / 2} ${2147483646 + 1} ${2 * 1073741824} ${-3 * 715827883}`;",
  },
  {
    name: "while text",
    body: 'let s = "abc"; let n = 0; while (s) { s = s.slice(1); n++; } const out = n.toString();',
  },
  {
    name: "or nullable",
    declarations: 'function f(s: string | null): string { return s || "none"; }',
    body: 'const out = f(null) + f("") + f("x");',
  },
  {
    name: "early return",
    declarations: 'function f(s: string | null): string { if (!s) return "no"; return s.toUpperCase(); }',
    body: 'const out = f(null) + f("") + f("x");',
  },
  {
    name: "and of two",
    declarations: 'function f(a: string, b: string): string { return a && b ? "both" : "one"; }',
    body: 'const out = f("a", "") + f("a", "b");',
  },
  { name: "NaN truth", body: 'const n: number = parseInt("x"); const out = n ? "y" : "n";' },
  {
    name: "parseInt text",
    body: 'const out = parseInt("60").toString() + parseInt("42", 10).toString() + parseFloat("1.50").toString();',
  },
  {
    name: "template",
    body: "const n: number = 3; const x: number = 0.1; const out = `n=${n} x=${x} ${x + 0.2} ${1e21} ${-0.0} ${1 / 3.0}`;",
  },
  { name: "template single", body: "const n: number = 3; const out = `${n}`;" },
  {
    name: "plus",
    body: 'const n: number = 3; const i = 4; const b = true; let out = "n=" + n + i + b; out += n; out += 1; out = n + out; out = 1.5 + "x" + out;',
  },
  {
    name: "join",
    body: 'const xs: number[] = [1, 2.5, 3]; const out = xs.join("-") + xs.toString() + xs.join();',
  },
  {
    name: "toFixed",
    body: 'const x: number = 1.005; const y: number = 0.5; const out = x.toFixed(2) + " " + y.toFixed(0) + " " + (1.45).toFixed(1) + " " + (-1.5).toFixed(0) + " " + (123.456).toFixed(1) + " " + (0.000001234).toFixed(8) + " " + (1e20).toFixed(2) + " " + (5e-324).toFixed(3) + " " + (10).toFixed(2);',
  },
  {
    name: "Number()",
    body: 'const out = [Number("42"), Number(" 1.5 "), Number(""), Number("x"), Number("1x"), Number("0x1f"), Number("1e3"), Number("-.5"), Number("."), Number("-Infinity"), Number(true)].join(",");',
  },
  { name: "unary plus", body: 'const s: string = "7"; const out = (+s + 1).toString();' },
  {
    name: "String()",
    body: 'const n: number = 2; const out = String(n) + String(3) + String(true) + String("s");',
  },
  {
    name: "radix",
    body: "const n: number = 255; const out = n.toString(16) + n.toString(2) + (255).toString(16);",
  },
  { name: "comparison of concat", body: 'const n: number = 5; const out = ("a" + n) === "a5" ? "y" : "n";' },
  { name: "special", body: "const a: number = NaN; const out = a.toString() + Infinity.toString();" },
  { name: "length in +", body: 'const s: string = "abc"; const out = "len " + s.length;' },
  { name: "reduce", body: "const out = [1,2,3].reduce((a, b) => a + b, 0).toString();" },
  { name: "division exact", body: "const out = (6 / 3).toString();" },
  {
    name: "i32 context",
    body: 'const a = "abcde".length; const h: i32 = a / 2; const out = h.toString();',
    expected: "2",
  },
  {
    name: "a quotient keeps its fraction",
    body: 'const a = 1, b = 4; const xs = ["x"]; let t = ""; if (xs.length / 2 > 0.4) t = "y"; const out = `${a / b} ${5 / 2} ${6 / 3}` + (7 / 2).toString() + t + Math.round(7 / 2);',
  },
  {
    name: "large constants and products",
    body: 'const month = 30 * 24 * 60 * 60 * 1000; const n = "abc".length; const out = month.toString() + " " + (n * 1000000000);',
  },
  {
    name: "a variable that gets a fraction later",
    body: 'let x = 0; x += 0.5; let y = 5; y /= 2; let n = 1; for (let i = 0; i < 40; i++) n *= 2; let h = 7; for (const c of "hello world") h = h * 31 + c.charCodeAt(0); const out = [x, y, n, h].join(" ");',
  },
  {
    name: "bitwise operators of numbers",
    body: 'const a: number = 5; const b = -5; const out = [~a, a | 8, a & 4, a ^ 1, a << 2, a >> 1].join(",") + " " + (b >>> 0) + " " + (b >>> 1) + " " + ((2 ** 33 + 5) | 0);',
  },
  {
    name: "numbers as indices and arguments of the library",
    body: 'const i: number = 1; const n: number = 2; const xs = ["a", "b"]; let t = ""; for (let k: number = 0; k < xs.length; k++) t += xs[k]; const out = xs[i] + "abcdef".slice(n) + "x".repeat(n) + xs[Math.floor(1.5)] + t;',
  },
  {
    name: "a comparing function of numbers",
    body: 'const xs: number[] = [2.5, 1.5, 1.7]; const out = xs.sort((a, b) => a - b).join(",");',
  },
  {
    name: "a fraction where a whole number is asked for",
    declarations: 'function take(n: i32): string { return "took " + n; }',
    body: "const whole: number = 2; const half: number = 1.5; let out = take(whole); try { out += take(half); } catch (e) { out += (e as Error).message; }",
    expected: "took 2This takes a whole number, not 1.5.",
  },
  {
    name: "text of an object and of null",
    declarations:
      'class B { toString(): string { return "B!"; } } function none(): string | null { return null; }',
    body: 'const s: string | null = none(); const b = new B(); const out = "b=" + b + s + [1, 2];',
  },
];
