/** Typed arrays, numbers of 8, 16 and 32 bits, and numbers in texts. */
import type { Construct } from "../constructs.js";

export const bytes: readonly Construct[] = [
  {
    group: "bytes",
    name: "a shift, or a number below 0 in parentheses or in a choice",
    body: 'let out = ""; const t = twice(4); const no = t > 100; out += (no ? t >>> 1 : (-1)) + "," + (no ? t >>> 1 : t > 0 ? -2 : 5); const l = [t >>> 1, (-1)]; out += l.join();',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "parseInt 16 of texts",
    body: 'let out = ""; for (const t of ["", " ", "  ", "-", "+", " -", "0x", "0x ", "0x1g", "-0x1f", "12abc", "\\t\\n", "0b1", "1e3", "1.9", ".5", "-.5", "Infinity", "-Infinity", "infinity", "+7", "--7", "+-7", "-0", "0", "00012", "\\u00a012", "\\ufeff12", "9007199254740993", "123456789012345678901234567890", "e5", "1e", "1e+", "1_0", "5.", "5..", "0x10", "１２", "1e400", "-1e400", "1e-400", "NaN", "null", "true", " 12 ", "12 3", "Infinityx", "+Infinity", "0o17", "0XAB", "1,5", ".", "-.", "+."]) out += parseInt(t, 16) + ";";',
  },
  {
    group: "bytes",
    name: "parseInt other radix",
    body: 'let out = ""; for (const r of [0, 1, 2, 8, 36, 37, -1]) for (const t of ["11", "zz", "0x11", "9", " ", ""]) out += parseInt(t, r) + ";";',
  },
  {
    group: "bytes",
    name: "parseFloat of texts",
    body: 'let out = ""; for (const t of ["", " ", "  ", "-", "+", " -", "0x", "0x ", "0x1g", "-0x1f", "12abc", "\\t\\n", "0b1", "1e3", "1.9", ".5", "-.5", "Infinity", "-Infinity", "infinity", "+7", "--7", "+-7", "-0", "0", "00012", "\\u00a012", "\\ufeff12", "9007199254740993", "123456789012345678901234567890", "e5", "1e", "1e+", "1_0", "5.", "5..", "0x10", "１２", "1e400", "-1e400", "1e-400", "NaN", "null", "true", " 12 ", "12 3", "Infinityx", "+Infinity", "0o17", "0XAB", "1,5", ".", "-.", "+."]) out += parseFloat(t) + ";";',
  },
  {
    group: "bytes",
    name: "Number of texts",
    body: 'let out = ""; for (const t of ["", " ", "  ", "-", "+", " -", "0x", "0x ", "0x1g", "-0x1f", "12abc", "\\t\\n", "0b1", "1e3", "1.9", ".5", "-.5", "Infinity", "-Infinity", "infinity", "+7", "--7", "+-7", "-0", "0", "00012", "\\u00a012", "\\ufeff12", "9007199254740993", "123456789012345678901234567890", "e5", "1e", "1e+", "1_0", "5.", "5..", "0x10", "１２", "1e400", "-1e400", "1e-400", "NaN", "null", "true", " 12 ", "12 3", "Infinityx", "+Infinity", "0o17", "0XAB", "1,5", ".", "-.", "+."]) out += Number(t) + ";";',
  },
  {
    group: "bytes",
    name: "plus of texts",
    body: 'let out = ""; for (const t of ["", " ", "  ", "-", "+", " -", "0x", "0x ", "0x1g", "-0x1f", "12abc", "\\t\\n", "0b1", "1e3", "1.9", ".5", "-.5", "Infinity", "-Infinity", "infinity", "+7", "--7", "+-7", "-0", "0", "00012", "\\u00a012", "\\ufeff12", "9007199254740993", "123456789012345678901234567890", "e5", "1e", "1e+", "1_0", "5.", "5..", "0x10", "１２", "1e400", "-1e400", "1e-400", "NaN", "null", "true", " 12 ", "12 3", "Infinityx", "+Infinity", "0o17", "0XAB", "1,5", ".", "-.", "+."]) out += (+t) + ";";',
  },
  {
    group: "bytes",
    name: "isNaN of Number",
    body: 'let out = ""; for (const t of ["", " ", "  ", "-", "+", " -", "0x", "0x ", "0x1g", "-0x1f", "12abc", "\\t\\n", "0b1", "1e3", "1.9", ".5", "-.5", "Infinity", "-Infinity", "infinity", "+7", "--7", "+-7", "-0", "0", "00012", "\\u00a012", "\\ufeff12", "9007199254740993", "123456789012345678901234567890", "e5", "1e", "1e+", "1_0", "5.", "5..", "0x10", "１２", "1e400", "-1e400", "1e-400", "NaN", "null", "true", " 12 ", "12 3", "Infinityx", "+Infinity", "0o17", "0XAB", "1,5", ".", "-.", "+."]) out += isNaN(Number(t)) + "," + Number.isInteger(Number(t)) + ";";',
  },
  {
    group: "bytes",
    name: "neg of or of shift",
    body: 'let out = ""; const a = twice(4) >>> 2; out += -(a || 2); out += "," + (-((twice(4) >>> 2) || (5 % 3))); out += "," + -(true ? twice(4) >>> 2 : 1); out += "," + -(a ?? 1); out += "," + -((twice(4) >>> 2) && 3); out += "," + -((twice(4) >>> 2) % 3) + "," + -((twice(4) >>> 2) & 3) + "," + -((twice(4)>>>2) * 2) + "," + -((twice(4)>>>2) + 1); const m = Math.max(twice(4) >>> 2, 1); out += "," + -m; const b = a; out += "," + -b; let c = a; c -= 5; out += "," + c; const d = [a, a]; out += "," + -d[0] + "," + (d[0] - 7); function g() { return twice(4) >>> 2; } out += "," + -g() + "," + (g() - 9);',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "sort with NaN",
    body: 'let out = ""; out += [4, NaN, 0.5].slice().sort((p, q) => p - q).join(); out += ";" + [3, NaN, 1, 2].sort((p, q) => p - q).join(); out += ";" + [NaN, 1].sort((p, q) => q - p).join(); out += ";" + [2.5, NaN, 1.5, NaN, 0.5, 9].sort((a, b) => a - b).join(); out += ";" + [5, 1, 4].sort(() => NaN).join();',
  },
  {
    group: "bytes",
    name: "u8 difference",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 5; b[1] = 9; out += (b[0] - 48) + "," + (b[0] - b[1]) + "," + -b[0]; const d = b[0] - b[1]; out += "," + d; if (b[0] - b[1] < 0) out += "neg"; const s = b[0] + 250 + b[1]; out += s; out += b[0] * 100; out += "," + (b[1] << 8) + "," + (~b[0]);',
  },
  {
    group: "bytes",
    name: "u16 difference",
    body: 'let out = ""; const b = new Uint16Array(2); b[0] = 5; b[1] = 9; out += (b[0] - 48) + "," + (b[0] - b[1]) + "," + -b[0] + "," + b[0] * 50000;',
  },
  {
    group: "bytes",
    name: "u32 array difference",
    body: 'let out = ""; const b = new Uint32Array(2); b[0] = 5; b[1] = 9; out += (b[0] - 48) + "," + (b[0] - b[1]) + "," + -b[0]; b[0] = 4000000000; out += "," + (b[0] + b[1]) + "," + (b[0] + b[0]) + "," + b[0] * 2; if (b[1] - b[0] < 0) out += "neg";',
  },
  {
    group: "bytes",
    name: "i8 i16",
    body: 'let out = ""; const b = new Int8Array(1); b[0] = -100; out += (b[0] - 100) + "," + b[0] * 3; const c = new Int16Array(1); c[0] = 32767; out += "," + (c[0] + 1);',
  },
  {
    group: "bytes",
    name: "bytes of text",
    body: 'let out = ""; const b = new Uint8Array(3); b[0] = 1; b[1] = 2; b[2] = 250; let sum = 0; for (const x of b) sum += x; out += sum; let h = 5381; for (const x of b) h = (h * 33) ^ x; out += "," + h; let t = b[2]; t += 10; out += "," + t; const all = b.reduce((p, q) => p + q, 0); out += "," + all; out += "," + [...b].map((x) => x * 2).join(); out += Math.max(...b);',
  },
  {
    group: "bytes",
    name: "ternaries of shifts",
    body: 'let out = ""; const t = twice(4); const no = t > 100; out += (no ? t >>> 1 : -1) + "," + (no ? t >>> 1 : "abc".indexOf("z")) + "," + (!no ? -1 : t >>> 1) + "," + (!no ? "abc".indexOf("z") : t >>> 1); const v = no ? t >>> 1 : -1; out += "," + v; const w = no ? "abc".indexOf("z") : (t >>> 1); out += "," + w + "," + (w - 9);',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "or of shifts",
    body: 'let out = ""; const z = twice(0); out += ((z >>> 1) || -1) + "," + ((z >>> 1) || "abc".indexOf("z")) + "," + ((z + 1) && -1); const a = (z >>> 1) || -1; out += "," + a; const m = new Map<string, number>(); out += "," + (m.get("x") ?? (z >>> 0) - 1);',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "lists of shifts",
    body: 'let out = ""; const z = twice(4); const l = [z >>> 1, -1]; out += l.join(); const k = [-1, z >>> 1]; out += k.join(); const q = [z >>> 1, "a".indexOf("b")]; out += q.join(); let s = z >>> 1; s = -1; out += s; const f = (c: boolean) => c ? z >>> 1 : -1; out += f(false); const arr: number[] = []; arr.push(z >>> 1, -1); out += arr.join(); const o = { n: z >>> 1 }; o.n = -1; out += o.n; function g(c: boolean) { if (c) return z >>> 1; return -1; } out += g(false); switch (z >>> 1) { case -1: out += "x"; break; case 4: out += "four"; }',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "a shift or an index that is not there",
    body: 'let out = ""; const t = twice(4); const no = t > 100; out += (no ? t >>> 1 : "abc".indexOf("z"));',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "the same beside texts",
    body: 'let out = ""; const t = twice(4); const no = t > 100; out += "," + (no ? t >>> 1 : "abc".indexOf("z")) + ",";',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "the same in a variable",
    body: 'let out = ""; const t = twice(4); const no = t > 100; const k = (no ? t >>> 1 : "abc".indexOf("z")); out += k;',
    declarations: "function twice(n: number): number { return n * 2; }",
  },
  {
    group: "bytes",
    name: "bytes beside numbers below 0 and above 255",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); out += (no ? b[0] : -1) + "," + (no ? -1 : b[0]) + "," + (b[1] || -1) + "," + [b[0], -1].join() + "," + [b[0], 1000].join() + "," + Math.max(b[0], 300); let m = b[0]; m = 300; out += m;',
  },
  {
    group: "bytes",
    name: "variables that begin with a byte",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); let best = b[1]; for (const x of b) if (x > best) best = x; best = best * 2; out += best; out += Math.min(b[1], -4); const big = no ? b[0] : 1000; out += big; const f = (c: boolean) => c ? b[0] : -1; out += f(false); let c = b[0]; c++; c += 100; out += c; let neg = b[1]; neg--; out += neg; const n16 = new Uint16Array(1); let d = n16[0]; d--; out += d;',
  },
  {
    group: "bytes",
    name: "variables that begin with 32 bits",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); let e = u[0]; e--; out += e; e -= 5; out += e; out += u[0] > -1; out += u[0] === -1; out += b[1] > -1; out += (no ? u[0] : -1); const list = [u[0], -1]; out += list.join();',
  },
  {
    group: "bytes",
    name: "functions of typed arrays",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); for (const y of u) out += y - 1; u.forEach((y, i) => { out += y - 2 + i; }); out += Array.from(u).map((y) => y - 1).join(); out += [...u].map((y) => y - 1).join(); out += u.reduce((p, y) => p + y - 3, 0); out += b.map((y) => y * 2)[0];',
  },
  {
    group: "bytes",
    name: "Array.from of bytes with a function",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); out += Array.from(b, (y) => y * 2).join();',
  },
  {
    group: "bytes",
    name: "map of 32 bits",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); out += u.map((y) => y - 1)[0];',
  },
  {
    group: "bytes",
    name: "places in typed arrays",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); out += u.indexOf(0) - 1; out += b.findIndex((y) => y == 9);',
  },
  {
    group: "bytes",
    name: "at of typed arrays",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); out += u.at(0)! - 4; out += (u.at(9) ?? -1);',
  },
  {
    group: "bytes",
    name: "operators with 32 bits",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); u[0] = 4000000000; const mx = Math.max(...u); out += mx; const t = u[0] | 0; out += t; out += u[0] >> 4; out += "," + (u[0] >>> 4) + "," + (u[0] & 0xff) + "," + ~u[0] + "," + u[0] % 7 + "," + u[0] / 3 + "," + u[0] ** 2 + "," + (u[0] + 1000000000);',
  },
  {
    group: "bytes",
    name: "sums and hashes of 32 bits",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); u[0] = 4000000000; let s = 0; for (const y of u) s += y; out += "," + s; s += u[0]; out += "," + s; let h = u[0]; h ^= 5; out += "," + h; h = (h << 5) + h; out += "," + h;',
  },
  {
    group: "bytes",
    name: "keys and texts of 32 bits",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); u[0] = 4000000000; const m = new Map<number, string>(); m.set(u[0], "x"); out += m.get(4000000000); out += u.includes(4000000000) + "," + u.indexOf(4000000000);  out += u[0].toString(16) + "," + u[0].toString() + "," + String(u[0]) + u[0].toFixed(1);',
  },
  {
    group: "bytes",
    name: "what is given to elements",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); b[0] = b[1] - 1; out += b[0]; b[1] = 300; out += b[1]; b[1] += 250; out += b[1]; b[1] = (b[0] + b[1]) / 2; out += b[1]; b[1] = b[0] * 2 % 7; out += b[1]; b[0]++; out += b[0]; b[0]--; out += b[0]; b[1] = b[0] >> 1; out += b[1]; const c8 = new Uint8ClampedArray(1); c8[0] = 300; out += c8[0]; c8[0] = c8[0] - 999; out += c8[0]; const i8 = new Int8Array(1); i8[0] = 200; out += i8[0];',
  },
  {
    group: "bytes",
    name: "digits of bytes",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); const n = parse(b, 0); out += n; function digit(c: number): number { return c - 48; } out += digit(b[1]); const codes = "12a".split("").map((c) => c.charCodeAt(0) - 48); out += codes.join(); const e = new Uint8Array(3); e.set([49, 50, 51]); let v = 0; for (let i = 0; i < e.length; i++) v = v * 10 + (e[i] - 48); out += v; let w = 0; for (const x of e) { w = w * 10 + x - 48; } out += w;',
    declarations: "function parse(b: Uint8Array, at: number): number { return b[at + 1] - 48; }",
  },
  {
    group: "bytes",
    name: "elements that are not there",
    body: 'let out = ""; const b = new Uint8Array(2); b[0] = 200; const no = b[1] > 3; const u = new Uint32Array(1); b[1] = 7; out += (u[9] ?? -1) + "," + (b[9] ?? -1) + "," + (b[1] ?? -1) + (u.at(-1) ?? 4) + (b.at(-9) ?? "none"); const v = b[5]; out += v === undefined; if (b[1] !== undefined) out += "there"; const w = b.at(7); out += w ?? "no";',
  },
  {
    group: "bytes",
    name: "fill of numbers",
    body: 'let out = ""; for (const i of [-10, -3, -1, 0, 1, 2, 3, 10]) { out += s([1, 2, 3.5].fill(7, i)); for (const j of [-10, -3, -1, 0, 1, 2, 3, 10]) out += s([1, 2, 3.5].fill(7, i, j)); }',
    declarations: 'function s(l: number[]): string { return "[" + l.join() + "]"; }',
  },
  {
    group: "bytes",
    name: "fill of texts and bytes",
    body: 'let out = ""; const before = new Uint8Array(16); before.fill(5); for (const i of [-10, -1, 0, 1, 3, 10]) for (const j of [-10, -1, 0, 1, 3, 10]) { const b = new Uint8Array(3); b.fill(7, i, j); out += b.join(); const w = new Uint16Array(3); w.fill(300, i, j); out += w.join(); const l = ["a", "b"]; l.fill("x", i, j); out += l.join(); } out += before.join();',
  },
  {
    group: "bytes",
    name: "copyWithin of lists",
    body: 'let out = ""; for (const i of [-10, -3, -1, 0, 1, 2, 3, 10]) for (const j of [-10, -3, -1, 0, 1, 2, 3, 10]) { out += s([1, 2.5, 3].copyWithin(i, j)); for (const k of [-10, -1, 0, 2, 10]) out += s([1, 2.5, 3].copyWithin(i, j, k)) + ["a", "b", "c"].copyWithin(i, j, k).join(); }',
    declarations: 'function s(l: number[]): string { return "[" + l.join() + "]"; }',
  },
  {
    group: "bytes",
    name: "copyWithin of bytes",
    body: 'let out = ""; for (const i of [-10, -1, 0, 1, 3, 10]) for (const j of [-10, -1, 0, 1, 3, 10]) for (const k of [-10, -1, 0, 1, 3, 10]) { const b = new Uint8Array(3); b[0] = 1; b[2] = 3; b.copyWithin(i, j, k); out += b.join(); }',
  },
  {
    group: "bytes",
    name: "trim of many blanks",
    body: 'let out = ""; for (const t of ["   a", "     ab ", "\\t\\t\\t\\tx\\n\\n", "a   ", "    ", "          end", " \\ufeff\\u2028a\\u3000 "]) out += "[" + t.trim() + "][" + t.trimStart() + "][" + t.trimEnd() + "]"; out += "a,    b,c".split(",").map((p) => p.trim()).join("|");',
  },
];
