// A handler with every kind of local, which waits between any two uses of them.
import { Exchange, all, fetch, registerFlow, sleep, startFetch } from "proxy-wasm-as/assembly/flow";

abstract class Shape {
  constructor(readonly name: string) {}
  abstract area(n: i32): i32;
  get label(): string {
    return this.name + this.area(2).toString();
  }
}

class Square extends Shape {
  constructor() {
    super("square");
  }
  area(n: i32): i32 {
    return n * wait(n);
  }
}

class Circle extends Shape {
  constructor(private readonly factor: i32) {
    super("circle" + factor.toString());
  }
  area(n: i32): i32 {
    sleep(<u32>n);
    return n * n * this.factor;
  }
}

class Box<T> {
  constructor(readonly value: T) {}
  map<U>(change: (value: T) => U): Box<U> {
    const before = this.value;
    wait(1);
    return new Box<U>(change(before));
  }
}

/** Waits for a call whose answer is the same number. */
function wait(n: i32): i32 {
  const answer = fetch("side", { path: "/" + n.toString() });
  return I32.parseInt(answer.text);
}

function fibonacci(n: i32): i32 {
  if (n < 2) return wait(n);
  return fibonacci(n - 1) + fibonacci(n - 2);
}

function kind(n: i32): string {
  switch (wait(n) % 4) {
    case 0:
      return "zero" + wait(n).toString();
    case 1: {
      const text = "one";
      sleep(3);
      return text + wait(1).toString();
    }
    case 2:
      wait(2);
    default:
      return "rest" + wait(n).toString();
  }
}

function collect(id: string, count: i32): string[] {
  const parts = new Array<string>();
  const numbers = new Map<string, i32>();
  for (let i = 0; i < count; i++) {
    if (i == 3) continue;
    const key = id + i.toString();
    numbers.set(key, wait(i));
    parts.push(key + "=" + numbers.get(key).toString());
    if (parts.length > 4) {
      wait(5);
      break;
    }
  }
  const keys = numbers.keys();
  for (let i = 0; i < keys.length; i++) parts.push(keys[i] + wait(numbers.get(keys[i])).toString());
  return parts;
}

function slots(id: string): string {
  const cells = new StaticArray<string>(3);
  for (let i = 0; i < 3; i++) cells[i] = id + wait(i).toString();
  const rows: string[][] = [["a" + wait(1).toString(), "b" + id], ["c" + wait(2).toString()]];
  const pair = [wait(3), wait(4), wait(5)];
  return cells.join("-") + rows[0].join("") + rows[1][0] + pair.join("");
}

function parallel(id: string): string {
  const calls = [startFetch("side", { path: "/1" }), startFetch("side", { path: "/2" + id })];
  all(calls);
  return calls[0].response.text + calls[1].response.text;
}

class Keeper {
  constructor(public tell: () => string) {}
  told(): string {
    const first = this.tell();
    wait(2);
    return first + this.tell();
  }
}

function counterFrom(start: i32): (n: i32) => i32 {
  let count: i32 = start;
  return (n: i32): i32 => {
    const before = count;
    count += wait(n);
    return before * 100 + count;
  };
}

/** Functions that hold variables: made before waits, called after them and around others. */
function held(id: string, count: i32): string {
  let sum: i32 = 0;
  const adders: ((n: i32) => i32)[] = [];
  for (let i = 0; i < count; i++) {
    const text = id + wait(i).toString();
    let own: i32 = i;
    adders.push((n: i32): i32 => {
      own += n;
      sum += own + text.length;
      return wait(own);
    });
    own += wait(1);
  }
  let all = "";
  for (const add of adders) all += add(wait(1)).toString();
  const counter = counterFrom(sum);
  const before = counter(1);
  sleep(2);
  all += adders[0](3).toString();
  [1, 2, 3].forEach((n) => {
    sum += n;
  });
  const names = [id, "b"].map((name) => name + sum.toString());
  const keeper = new Keeper((): string => all + names.join(""));
  wait(3);
  all += "!";
  names.push(wait(4).toString());
  const told = keeper.told();
  keeper.tell = (): string => told.length.toString() + id;
  return told + sum.toString() + before.toString() + counter(2).toString() + keeper.told();
}

registerFlow("", (x: Exchange): void => {
  const id = x.request.headers.get("x-id")!;
  const number = I32.parseInt(id);
  const out = new Array<string>();
  const shapes: Shape[] = [new Square(), new Circle(number & 7)];
  for (let i = 0; i < shapes.length; i++) out.push(shapes[i].label);
  out.push(fibonacci(4).toString());
  out.push(kind(number));
  out.push(collect(id, 6 + (number & 1)).join(","));
  out.push(slots(id));
  out.push(held(id, 2 + (number & 1)));
  out.push(new Box<string>("v" + id).map<i32>((value) => value.length + wait(2)).value.toString());
  if (number % 3 == 0) return x.respond(200, out.join(";") + parallel(id));
  const response = x.next();
  out.push(wait(9).toString());
  response.headers.set("x-out", out.join(";") + parallel(id));
});
