// Every kind of bug, by name.
class Shape {
  side: i32 = 1;
}

class Circle extends Shape {
  radius: i32 = 2;
}

class Node {
  constructor(public next: Node | null) {}
}

function deep(level: i32): i32 {
  if (level == 0) throw new Error("deep");
  return deep(level - 1) + 1;
}

/** Has the bug with this name; answers a number when there is none, so that nothing is optimized away. */
export function bug(kind: string, zero: i32): i32 {
  const numbers: i32[] = [1, 2, 3];
  if (kind == "throw") throw new Error("thrown");
  if (kind == "assert") assert(zero != 0, "asserted");
  if (kind == "index") return numbers[3 + zero];
  if (kind == "typed") return new Uint8Array(2)[2 + zero];
  if (kind == "static") return new StaticArray<i32>(2)[2 + zero];
  if (kind == "key") return new Map<string, i32>().get(kind);
  if (kind == "null") return new Node(null).next!.next === null ? 1 : 2;
  if (kind == "cast") return ((zero == 0 ? new Shape() : new Circle()) as Circle).radius;
  if (kind == "length") return new Array<i32>(zero - 1).length;
  if (kind == "pop") return new Array<i32>().pop();
  if (kind == "unreachable") unreachable();
  if (kind == "divide") return 7 / zero;
  if (kind == "remainder") return <i32>(<i64>7 % <i64>zero);
  if (kind == "overflow") return (i32.MIN_VALUE + zero) / (zero - 1);
  if (kind == "deep") return deep(5 + zero);
  if (kind == "lambda") numbers.forEach((n) => assert(n < 3, "in a function"));
  if (kind == "codepoint") return String.fromCodePoint(zero - 1).length;
  return numbers[zero];
}
