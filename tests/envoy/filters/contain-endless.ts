/** Loops and recursion, with an end and without one. */
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Node {
  next: Node | null = null;
  length(): i32 {
    return this.next === null ? 1 : 1 + this.next!.length();
  }
}

class Other extends Node {
  override length(): i32 {
    return super.length() + 1;
  }
}

function deep(n: i32): i32 {
  return n == 0 ? 0 : 1 + deep(n - 1);
}

function even(n: i32): bool {
  return n == 0 ? true : odd(n - 1);
}

function odd(n: i32): bool {
  return n == 0 ? false : even(n - 1);
}

function fibonacci(n: i32): i32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

function wide(n: f64, a: f64, b: f64, c: f64, d: f64, e: f64, text: string): f64 {
  const f = a * n + b;
  const g = b * n + c;
  const h = c * n + d;
  const i = d * n + e;
  const j = `${text}${n}`.length;
  const k = wide(n + 1, f, g, h, i, e, text);
  return a + b + c + d + e + f + g + h + i + k + j;
}

function sum(values: u8[]): i32 {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

function mapped(values: i32[]): i32[] {
  return values.map<i32>((value) => mapped([value + 1])[0]);
}

class Endless extends HttpContext {
  private count: i32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const kind = this.request.headers.get("x-case");
    if (kind === null) return FilterHeadersStatus.Continue;
    const n = <i32>parseInt(this.request.headers.get("x-n")!);
    this.request.headers.set("x-result", this.run(kind, n).toString());
    return FilterHeadersStatus.Continue;
  }

  private run(kind: string, n: i32): i32 {
    if (kind == "while") while (this.count < n) this.count = this.count & 1;
    if (kind == "for") for (;;) if (++this.count == n) break;
    if (kind == "host") while (this.request.headers.has("x-case") && this.count < n) this.count += 1;
    if (kind == "do") {
      let i = 0;
      do {
        if (i == 5) continue;
        i++;
      } while (i < n);
    }
    if (kind == "skipped") for (let i = 0; i < 10; i++) if (i == 5) i -= n;
    if (kind == "unsigned") for (let i: u8 = 0; <i32>i < n; i++) this.count++;
    if (kind == "bound") for (let i = 0, most = 10; i < most; i++) most += n;
    if (kind == "squares") {
      const values = new Array<u8>(n);
      for (let i = 0; i < values.length; i++) for (let j = 0; j < values.length; j++) this.count += values[j];
    }
    if (kind == "sums") {
      const values = new Array<u8>(n);
      for (;;) this.count += sum(values);
    }
    if (kind == "each") {
      const values = new Array<u8>(n);
      this.count += values.map<i32>((_, index, all) => sum(all)).length;
    }
    if (kind == "deep") return deep(n);
    if (kind == "odd") return even(n) ? 1 : 0;
    if (kind == "fibonacci") return fibonacci(n);
    if (kind == "wide") return <i32>wide(1, 2, 3, 4, 5, 6, "a text");
    if (kind == "mapped") return mapped([1])[0];
    if (kind == "list") {
      const first: Node = n > 1 ? new Node() : new Other();
      first.next = first;
      return first.length();
    }
    return this.count;
  }
}

registerHttpFilter<Endless>();
