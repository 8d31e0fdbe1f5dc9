/** What generated handlers call, in both languages. */
export const assemblyScript = `
import { Exchange, all, fetch, registerFlow, sleep, startFetch } from "proxy-wasm-as/assembly/flow";
function w(n: i32): i32 { return I32.parseInt(fetch("side", { path: "/" + n.toString() }).text); }
function ws(s: string): string { return fetch("side", { path: "/" + s }).text; }
function z(n: i32): i32 { sleep(<u32>(n & 7)); return n; }
function both(a: i32, b: i32): i32 {
  const calls = [startFetch("side", { path: "/" + a.toString() }), startFetch("side", { path: "/" + b.toString() })];
  all(calls);
  return I32.parseInt(calls[1].response.text) - I32.parseInt(calls[0].response.text);
}
function add(a: i32, b: i32): i32 { return a + b; }
function mul(a: i32, b: i32): i32 { return a * b; }
function mod(a: i32, b: i32): i32 { return (a & 0xffff) % b; }
function str(n: i32): string { return n.toString(); }
function cut(s: string): string { return s.length > 60 ? s.substring(s.length - 60) : s; }
function has(m: Map<string, i32>, k: string): bool { return m.has(k); }
function get(m: Map<string, i32>, k: string): i32 { return m.has(k) ? m.get(k) : -1; }
function sum(m: Map<string, i32>): i32 { let n = 0; const v = m.values(); for (let i = 0; i < v.length; i++) n += v[i]; return n; }
function ints(): i32[] { return []; }
function texts(): string[] { return []; }
function cells(n: i32): StaticArray<i32> { return new StaticArray<i32>(n); }
`;
export const javaScript = `
let waits = 0;
function count(v) { if (++waits > 150) throw new Error("too long"); return v; }
function w(n) { return count(n); }
function ws(s) { return count(s); }
function z(n) { return count(n); }
function both(a, b) { count(0); return (b - a) | 0; }
function add(a, b) { return (a + b) | 0; }
function mul(a, b) { return Math.imul(a, b); }
function mod(a, b) { return (a & 0xffff) % b; }
function str(n) { return String(n); }
function cut(s) { return s.length > 60 ? s.substring(s.length - 60) : s; }
function has(m, k) { return m.has(k); }
function get(m, k) { return m.has(k) ? m.get(k) : -1; }
function sum(m) { let n = 0; for (const v of m.values()) n = (n + v) | 0; return n; }
function ints() { return []; }
function texts() { return []; }
function cells(n) { return new Array(n).fill(0); }
`;
export const classes = `
type Fn = (n: i32) => i32;
class Holder {
  constructor(public f: Fn) {}
  run(n: i32): i32 { const f = this.f; z(n); return add(f(n), this.f(mod(n, 9))); }
}
function each(list: Fn[], n: i32): i32 { let all = 0; for (const f of list) all = add(all, f(n)); return all; }
function over(list: i32[], f: Fn): i32 { let all = 0; for (const n of list) { all = add(all, f(n)); z(1); } return all; }
function later(f: Fn, n: i32): Fn { const m = w(mod(n, 50)); return (k: i32): i32 => add(f(k), m); }
function twice(f: Fn, n: i32): i32 { const m = f(n); return add(f(w(mod(m, 50))), m); }
function counter(start: i32): Fn { let count = start; return (n: i32): i32 => { count = add(count, n); return count; }; }
class Box<T> {
  constructor(public value: T) {}
  swap(other: T): T { const before = this.value; z(1); this.value = other; return before; }
}
abstract class Base {
  text: string = "b";
  constructor(public n: i32) { this.text = this.text + str(w(mod(n, 100))); }
  abstract go(a: i32): i32;
  twice(a: i32): i32 { return add(this.go(a), this.go(mod(a, 7))); }
}
`;
