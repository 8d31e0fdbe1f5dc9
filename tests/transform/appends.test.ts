/** Texts that are put together in loops: as in JavaScript, and within a few MiB. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { transform } from "esbuild";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const FUNCTIONS = 60;

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A function that adds to texts, and to those that others refer to. */
function adder(name: string, next: (below: number) => number): string {
  const pick = (): string => ["a", "b", "c"][next(3)]!;
  const value = (depth: number): string => {
    const forms: (() => string)[] = [
      pick,
      () => `"${"xyz"[next(3)]}"`,
      () => `${pick()}.charAt(i)`,
      () => `same(${pick()})`,
      () => `(${pick()}.length > ${next(30)} ? ${pick()} : ${pick()})`,
      () => `(${value(depth - 1)} + ${value(depth - 1)})`,
      () => `(${pick()} += ${value(depth - 1)})`,
      () => `(${pick()} = ${value(depth - 1)})`,
      () => `i.toString()`,
      () => `(${pick()} == ${value(depth - 1)} ? "=" : "!")`,
      () => `list[${next(2)}]`,
    ];
    return forms[next(depth > 0 ? forms.length : 5)]!();
  };
  const statement = (): string => {
    const [x, y] = [pick(), value(2)];
    const forms = [
      `${x} += ${y};`,
      `${x} += ${y};`,
      `${x} = ${x} + ${y} + ${value(1)};`,
      `${x} = ${x} + ${y} + ${value(1)};`,
      `${x} = ${pick()};`,
      `list[${next(2)}] = ${x};`,
      `list.push(${x});`,
      `if (${x}.length > ${next(40)}) ${x} = ${y};`,
      `if (i % 2 == 0) ${x} += ${pick()};`,
      `kept = ${x};`,
      `for (let j = 0; j < 3; j++) ${x} += ${pick()}.charAt(j);`,
    ];
    return forms[next(forms.length)]!;
  };
  const body = Array.from({ length: 4 + next(4) }, statement).join("\n    ");
  return `function ${name}(a: string): string {
  let b = "b", c = a;
  const list = ["l0", "l1"];
  for (let i = 0; i < 6; i++) {
    ${body}
    if (a.length > 2000) a = a.charAt(3) + "s";
    if (b.length > 2000) b = "s" + b.charAt(3);
    if (c.length > 2000) c = "s";
    if (list[0].length + list[1].length > 2000) list[0] = "-";
  }
  const all = a + "|" + b + "|" + c + "|" + list.join(",") + "|" + kept;
  return all.length.toString() + ":" + hash(all) + ":" + list.length.toString();
}`;
}

const common = `
let kept = "";
function same(text: string): string { return text; }
function hash(text: string): string {
  let sum = 7;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65521;
  return sum.toString();
}
`;

/** A filter that answers with what the functions do. */
function filterOf(functions: readonly string[]): string {
  const calls = functions.map((_, index) => `results.push(f${index}("start"));`).join("\n    ");
  return `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
${common}
${functions.join("\n")}
class Adds extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const results: string[] = [];
    kept = "";
    ${calls}
    return this.respond(200, results.join("\\n"));
  }
}
registerHttpFilter<Adds>();
`;
}

test("texts that are added to mean what they mean in JavaScript, whoever refers to them", async () => {
  const next = numbers(20261128);
  const functions = Array.from({ length: FUNCTIONS }, (_, index) => adder(`f${index}`, next));
  const calls = functions.map((_, index) => `f${index}("start")`).join(", ");
  const { code } = await transform(`${common}${functions.join("\n")}\nglobalThis.added = [${calls}];`, {
    loader: "ts",
  });
  const place = globalThis as { added?: string[] };
  new Function(code)();
  for (const target of ["release", "debug"] as const) {
    const host = await createHost({ wasm: await compileFilterText(filterOf(functions), { target }) });
    // Twice: what is left of the first time must not matter.
    for (let i = 0; i < 2; i++) {
      const answers = String((await host.request({ path: "/" })).body).split("\n");
      for (const [index, answer] of answers.entries())
        assert.equal(answer, place.added![index], `${target}\n${functions[index]}`);
      assert.equal(answers.length, FUNCTIONS);
    }
  }
});

const head = `import { FilterDataStatus, FilterHeadersStatus, HttpContext, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";\n`;

const building: readonly [how: string, loop: string][] = [
  ["by each", `for (let i = 0; i < body.length; i++) { const c = body.charAt(i); if (c != " ") text += c; }`],
  ["by two at once", `for (let i = 0; i < body.length; i++) { text += body.charAt(i); other += "o"; }`],
  [
    "by several",
    `for (let i = 0; i < body.length; i += 2) text = text + body.charAt(i) + body.charAt(i + 1);`,
  ],
  ["while it is looked at", `while (text.length < body.length) { text += "."; if (text == "x") text = ""; }`],
  ["by concat", `for (let i = 0; i < body.length; i++) text = text.concat(body.charAt(i));`],
];

for (const [how, loop] of building) {
  test(`a text of 60,000 units that is made ${how} takes a few MiB`, async () => {
    const text = `${head}
class Compact extends WholeBodyContext {
  onWholeRequestBody(size: u32): FilterDataStatus {
    const body = this.request.body.text();
    let text = "";
    let other = "";
    ${loop}
    this.request.headers.set("x-pages", memory.size().toString());
    return this.respond(200, memory.size().toString() + " " + text.length.toString() + " " + other.length.toString());
  }
}
registerHttpFilter<Compact>();
`;
    const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
    const { body } = await host.request({ method: "POST", path: "/", body: "a b".repeat(20_000) });
    const [pages, length] = String(body).split(" ").map(Number);
    assert.ok(length! >= 40_000, `${length} units`);
    assert.ok(pages! < 96, `${pages} pages`);
  });
}

test("a flow's text grows while the flow waits, whatever is collected meanwhile", async () => {
  const text = `import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
registerFlow("grow", (x: Exchange): void => {
  const path = x.request.headers.get(":path")!;
  let text = "";
  let before = "";
  for (let i = 0; i < 3000; i++) {
    text += path.charAt(i % path.length);
    if (i % 10 == 3) before = text;
    if (i % 100 == 50) sleep(1);
    text += "-";
  }
  let same = 0;
  for (let i = 0; i < before.length; i++) if (before.charAt(i) == text.charAt(i)) same++;
  let right = 0;
  for (let i = 0; i < text.length; i += 2) if (text.charAt(i) == path.charAt((i >> 1) % path.length)) right++;
  x.respond(200, [text.length, before.length, same, right, <i32>memory.size()].join(" "));
});
`;
  const host = await createHost({ wasm: await compileFilterText(text), rootId: "grow" });
  const paths = Array.from({ length: 20 }, (_, index) => `/${"abcdefghij".slice(index % 10)}${index}`);
  for (let i = 0; i < 3; i++) {
    const answers = await Promise.all(paths.map((path) => host.request({ path })));
    for (const { body } of answers) {
      const [pages, ...numbers] = String(body).split(" ").map(Number).reverse();
      assert.deepEqual(numbers, [3000, 5987, 5987, 6000]);
      assert.ok(pages! < 400, `${pages} pages`);
    }
  }
});

test("a callback that takes too much memory ends its request alone, and the limit can be set", async () => {
  const text = `${head}
class Greedy extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.get(":path") == "/greedy") {
      const all: string[] = [];
      for (let i = 0; i < 40000; i++) all.push("0123456789".repeat(500));
      return this.respond(200, all.length.toString());
    }
    return this.respond(200, memory.size().toString());
  }
}
registerHttpFilter<Greedy>();
`;
  const limits: [options: string[], MiB: number, message: RegExp][] = [
    [[], 128, /more than 128 MiB in a callback/],
    [["--use", "PROXY_WASM_MEMORY_LIMIT=16"], 16, /more than PROXY_WASM_MEMORY_LIMIT in a callback/],
  ];
  for (const [options, limit, message] of limits) {
    const host = await createHost({ wasm: await compileFilterText(text, { options }), mayFail: true });
    for (let i = 0; i < 3; i++) {
      const { status, logs } = await host.request({ path: "/greedy" });
      assert.equal(status, 500);
      assert.match(logs.map((line) => line.message).join("\n"), message);
      const pages = Number((await host.request({ path: "/" })).body);
      assert.ok(pages <= (limit + 1) * 16 + 2, `${pages} pages`);
    }
  }
});
