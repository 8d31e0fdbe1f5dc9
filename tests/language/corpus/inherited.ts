/** Fields of classes that extend others, and elements that are only compared. */
import type { Construct } from "../constructs.js";

const base = `class Base { status = 403; log = ""; constructor() { this.log += this.status; this.status = 500; } }`;
const early = `class Early { constructor() { this.init(); } init(): void {} }`;

export const inherited: readonly Construct[] = [
  {
    group: "inherited",
    name: "a field with another value, and a constructor",
    body: "let out = new Own().status + new Own().log + new Plain().status + new Plain().log;",
    declarations: `${base} class Own extends Base { status = 401; constructor() { super(); } } class Plain extends Base { status = 402; }`,
  },
  {
    group: "inherited",
    name: "a name of an error's own",
    body: `let out = ""; try { throw new HttpError(404, "gone"); } catch (e) { if (e instanceof HttpError) out += e.name + e.status + e.message; } try { throw new Plain("x"); } catch (e) { if (e instanceof Error) out += e.name; }`,
    declarations: `class HttpError extends Error { name = "HttpError"; constructor(readonly status: number, message: string) { super(message); } } class Plain extends Error { override readonly name = "Plain"; }`,
  },
  {
    group: "inherited",
    name: "three classes, in the order of their fields",
    body: `const c = new Third("p"); let out = [c.a, c.b, c.c, c.log, c.p].join();`,
    declarations: `class First { a = "A"; log = ""; constructor() { this.log += "a" + this.a; } } class Second extends First { a = "B"; b = "b" + this.a; constructor() { super(); this.log += "b" + this.a; this.a = "B2"; } } class Third extends Second { c: string = this.b + this.log; a = "C"; constructor(public p: string) { super(); this.log += this.a; this.p += "!"; } }`,
  },
  {
    group: "inherited",
    name: "a value by what the base class was given",
    body: "let out = String(new Twice(3).twice(2)) + new Twice(1).more.join();",
    declarations: `class Factor { factor: number; list: string[] = ["f"]; constructor(f: number) { this.factor = f; } } class Twice extends Factor { twice = (n: number): number => n * this.factor; more: string[] = this.list.concat(["t"]); constructor(f: number) { const more = f + 1; super(more); } }`,
  },
  {
    group: "inherited",
    name: "a value that is made once",
    body: 'new Counted(); const c = new Counted(); let out = c.id + "," + made;',
    declarations: `let made = 0; class Ones { x = 1; constructor() { this.x++; } } class Counted extends Ones { id: number = ++made; constructor() { super(); } }`,
  },
  {
    group: "inherited",
    name: "a base class that calls a method",
    body: "let out = new A().list.length + new A().kind + new B().list.length + new B().kind;",
    declarations: `${early} class A extends Early { list: string[] = []; kind = "x"; init(): void { this.list = ["a", "b"]; this.kind = "y"; } } class B extends Early { list: string[] = []; kind = "x"; constructor() { super(); } init(): void { this.list = ["a"]; this.kind = "y"; } }`,
  },
  {
    group: "inherited",
    name: "functions that a base class keeps for later",
    body: "const d = new Named6(); let out = d.run() + d.name + d.more();",
    declarations: `class Kept { run: () => string = () => this.say(); more: () => string; constructor() { this.more = () => this.say() + "!"; } say(): string { return "a"; } } class Named6 extends Kept { name: string; constructor() { super(); this.name = "n"; } say(): string { return this.name; } }`,
  },
  {
    group: "inherited",
    name: "generic classes",
    body: `let out = new Named<string>("x").list.join() + new Named<string>("x").name;`,
    declarations: `class Items<T> { items: T[] = []; name = "a"; constructor(first: T) { this.items.push(first); } } class Named<T> extends Items<T> { list: T[] = this.items.slice(); name = "d"; constructor(first: T) { super(first); this.list.push(first); } }`,
  },
  {
    group: "inherited",
    name: "abstract fields",
    body: `const all: Rule[] = [new Deny(), new Limit()]; let out = ""; for (const rule of all) out += rule.say() + ";";`,
    declarations: `abstract class Rule { protected abstract readonly name: string; abstract n: number; abstract extra: string | null; say() { return this.name + this.n + (this.extra ?? "-"); } } class Deny extends Rule { protected readonly name = "deny"; n = 1; extra: string | null = null; } class Limit extends Rule { protected readonly name: string; n: number; extra: string | null = "e"; constructor() { super(); this.name = "limit"; this.n = 2.5; } }`,
  },
  {
    group: "inherited",
    name: "an abstract field that a getter gives",
    body: `const b: Titled = new Page(); let out = b.say();`,
    declarations: `abstract class Titled { abstract readonly title: string; say(): string { return this.title; } } class Page extends Titled { get title(): string { return "t"; } }`,
  },
  {
    group: "inherited",
    name: "a type of objects with the class's type parameters",
    body: `const c = new Cache<string, number>(5); c.set("a", 1); let out = (c.get("a") ?? 0) + "" + (c.get("b") ?? 7); const d = new Cache<number, string>(5); d.set(1, "x"); out += d.get(1) ?? "none"; out += both("a", 1).first + both(2, "b").second;`,
    declarations: `class Cache<K, V> { private items = new Map<K, { value: V; expires: number }>(); constructor(private readonly ttl: number) {} get(key: K): V | undefined { const item = this.items.get(key); if (!item) return undefined; return item.value; } set(key: K, value: V): this { this.items.set(key, { value, expires: this.ttl }); return this; } } function both<A, B>(first: A, second: B): { first: A; second: B } { return { first, second }; }`,
  },
  {
    group: "inherited",
    name: "elements that are not there are equal to nothing else",
    body: `const p = "a".split(" "); let out = [p[1] === "b", p[1] !== "b", p[0] === "a", p[5] === p[6]].join(); const n = [1, 2]; out += [n[7] === 2, n[7] !== 2, n[1] === 2, n.pop() === 2, n.at(-4) === 1].join(); const m = new Map<string, number>(); m.set("a", 1); out += [m.get("b") === 1, m.get("a") === 1].join(); const r: Record<string, string> = { a: "x" }; out += [r["b"] === "x", r["a"] !== "x", "abc"[5] === "c", "abc"[2] === "c", [true][3] === true, [true][3] !== true].join();`,
  },
  {
    group: "inherited",
    name: "variables that are only compared",
    body: `const [user, password] = "ann".split(":"); let out = String(user === "ann" && password === "x"); const role = ["a"][3]; out += role === "admin"; const q = new Map<string, string>().get("k"); switch (q) { case "a": out += "A"; break; default: out += "D"; } switch ("x".split(" ")[1]) { case "x": out += "X"; break; case "y": out += "Y"; break; default: out += "Z"; } const k = [3, 4][9]; out += k === 3; switch ([1][4]) { case 1: out += 1; break; default: out += "n"; }`,
  },
];
