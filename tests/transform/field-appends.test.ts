/** Texts of fields and of the module's variables that are put together: as in JavaScript, and within a few MiB. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { transform } from "esbuild";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const CLASSES = 40;

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A class that adds to its texts, to those of others and of the module, and to what others refer to. */
function adder(name: string, next: (below: number) => number): string {
  const place = (): string =>
    ["this.a", "this.b", "this.other.a", "this.inner.text", `${name}.all`, `all${name}`][next(6)]!;
  const text = (): string => (next(4) === 0 ? ["local", "kept", "this.list[0]"][next(3)]! : place());
  const value = (depth: number): string => {
    const forms: (() => string)[] = [
      text,
      () => `"${"xyz"[next(3)]}"`,
      () => `${text()}.charAt(i)`,
      () => `same(${text()})`,
      () => `(${text()}.length > ${next(30)} ? ${text()} : ${text()})`,
      () => `(${value(depth - 1)} + ${value(depth - 1)})`,
      () => `(${place()} += ${value(depth - 1)})`,
      () => `(${place()} = ${value(depth - 1)})`,
      () => `this.more(${value(depth - 1)})`,
      () => `this.other.more(${value(depth - 1)})`,
      () => `(${text()} == ${value(depth - 1)} ? "=" : "!")`,
      () => `(${text()}.startsWith(${value(depth - 1)}) ? "<" : ">")`,
      () => `this.read`,
    ];
    return forms[next(depth > 0 ? forms.length : 5)]!();
  };
  const statement = (): string => {
    const [x, y] = [place(), value(2)];
    const forms = [
      `${x} += ${y};`,
      `${x} += ${y};`,
      `${x} = ${x} + ${y} + ${value(1)};`,
      `${x} = ${x} + ${y} + ${x}.length.toString();`,
      `${x} = ${x} + ${value(1)} + ${y} + ${value(1)};`,
      `${x} = ${text()};`,
      `local = ${x};`,
      `local += ${value(1)};`,
      `this.list[0] = ${x};`,
      `kept = ${x};`,
      `if (${x}.length > ${next(40)}) ${x} = ${y};`,
      `for (let j = 0; j < 3; j++) ${x} += ${place()}.charAt(j);`,
      `this.swap();`,
    ];
    return forms[next(forms.length)]!;
  };
  const body = Array.from({ length: 4 + next(4) }, statement).join("\n      ");
  const cut = ["this.a", "this.b", "this.other.a", "this.inner.text", `${name}.all`, `all${name}`, "local"]
    .map((x) => `if (${x}.length > 2000) ${x} = ${x}.charAt(3) + "s";`)
    .join("\n      ");
  return `let all${name}: string = "v";
class ${name} {
  static all: string = "s";
  a: string = "a";
  b: string = "b";
  list: string[] = ["l"];
  inner: Inner = new Inner();
  other: ${name} = this;
  get read(): string { return this.a; }
  more(text: string): string {
    this.a += text;
    return ${["this.a", '"m"', `${name}.all`][next(3)]!};
  }
  swap(): void {
    const a = this.a;
    this.a = this.b;
    this.b = a;
  }
  run(): string {
    let local = "";
    for (let i = 0; i < 6; i++) {
      ${body}
      ${cut}
    }
    return [this.a, this.b, local, kept, this.list[0], this.inner.text, ${name}.all, all${name}].join("|");
  }
}
function run${name}(): string {
  ${name}.all = "s";
  all${name} = "v";
  kept = "k";
  const one = new ${name}();
  const two = new ${name}();
  one.other = two;
  if (${next(2)} == 1) two.inner = one.inner;
  const result = one.run() + "#" + two.run() + "#" + one.run();
  return result.length.toString() + ":" + hash(result);
}`;
}

const common = `
let kept: string = "";
class Inner { text: string = "i"; }
function same(text: string): string { return text; }
function hash(text: string): string {
  let sum = 7;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65521;
  return sum.toString();
}
`;

test("fields that are added to mean what they mean in JavaScript, whoever refers to their texts", async () => {
  const next = numbers(20261129);
  const names = Array.from({ length: CLASSES }, (_, index) => `C${index}`);
  const classes = names.map((name) => adder(name, next));
  const { code } = await transform(
    `${common}${classes.join("\n")}\nglobalThis.added = [${names.map((name) => `run${name}()`).join()}];`,
    { loader: "ts" },
  );
  const place = globalThis as { added?: string[] };
  new Function(code)();
  const filter = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
${common}
${classes.join("\n")}
class Adds extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const results: string[] = [];
    ${names.map((name) => `results.push(run${name}());`).join("\n    ")}
    return this.respond(200, results.join("\\n"));
  }
}
registerHttpFilter<Adds>();
`;
  for (const target of ["release", "debug"] as const) {
    const host = await createHost({ wasm: await compileFilterText(filter, { target }) });
    // Twice: what is left of the first time must not matter.
    for (let i = 0; i < 2; i++) {
      const answers = String((await host.request({ path: "/" })).body).split("\n");
      for (const [index, answer] of answers.entries())
        assert.equal(answer, place.added![index], `${target}\n${classes[index]}`);
      assert.equal(answers.length, CLASSES);
    }
  }
});

const builders: readonly [how: string, members: string, loop: string, result: string][] = [
  ["a field", `text: string = "";`, `this.text += body.charAt(i);`, "this.text"],
  ["a field, by several", `text: string = "";`, `this.text = this.text + body.charAt(i) + "-";`, "this.text"],
  [
    "a field, by a method",
    `text: string = ""; add(more: string): void { this.text += more; }`,
    `this.add(body.charAt(i));`,
    "this.text",
  ],
  ["another object's field", `out: Out = new Out();`, `this.out.text += body.charAt(i);`, "this.out.text"],
  ["a method of another object", `out: Out = new Out();`, `this.out.add(body.charAt(i));`, "this.out.text"],
  ["a variable of the module", "", `all += body.charAt(i);`, "all"],
  ["a static field", "", `Out.all += body.charAt(i);`, "Out.all"],
  [
    "a field that is looked at",
    `text: string = "";`,
    `if (!this.text.endsWith("#") && this.text.length < 1000000) this.text += body.charAt(i);`,
    "this.text",
  ],
];

for (const [how, members, loop, result] of builders) {
  test(`a text of 60,000 units in ${how} takes a few MiB`, async () => {
    const text = `import { FilterDataStatus, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";
let all: string = "";
class Out { static all: string = ""; text: string = ""; add(more: string): void { this.text += more; } }
class Builds extends WholeBodyContext {
  ${members}
  onWholeRequestBody(size: u32): FilterDataStatus {
    all = "";
    Out.all = "";
    const body = this.request.body.text();
    for (let i = 0; i < body.length; i++) { ${loop} }
    return this.respond(200, memory.size().toString() + " " + ${result}.length.toString() + " " + ${result}.slice(0, 6));
  }
}
registerHttpFilter<Builds>();
`;
    const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
    for (let i = 0; i < 2; i++) {
      const { body } = await host.request({ method: "POST", path: "/", body: "abc".repeat(20_000) });
      const [pages, length, start] = String(body).split(" ");
      assert.match(start!, /^(abcabc|a-b-c-)$/);
      assert.ok(Number(length) >= 60_000, `${length} units`);
      assert.ok(Number(pages) < 96, `${pages} pages`);
    }
  });
}

test("a text that comes in many chunks, and what refers to it before, are whole after collections", async () => {
  const text = `import { BodyChunksContext, registerHttpFilter } from "proxy-wasm-as";
class Keeps extends BodyChunksContext {
  private text: string = "";
  private before: string = "";
  private older: string = "";
  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    const piece = String.UTF8.decode(chunk.buffer);
    for (let i = 0; i < piece.length; i++) this.text += piece.charAt(i);
    if (last) {
      const right = this.text.startsWith(this.before) && this.before.startsWith(this.older);
      this.respond(200, [this.text.length.toString(), this.older.length.toString(), right.toString(), this.text.slice(-5)].join());
    }
    if (piece.length > 0) {
      this.older = this.before;
      this.before = this.text;
    }
    return chunk;
  }
}
registerHttpFilter<Keeps>();
`;
  const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
  const send = (index: number): Promise<string> =>
    host
      .request({
        method: "POST",
        path: "/",
        body: Array.from(
          { length: 40 },
          (_, at) => `${String(at).padStart(95, "abcdefg"[index % 7])}/${index}`,
        ),
      })
      .then(({ body }) => String(body));
  for (let round = 0; round < 5; round++) {
    const bodies = await Promise.all(Array.from({ length: 9 }, (_, index) => send(index)));
    for (const [index, body] of bodies.entries())
      assert.equal(body, `3880,3783,true,${`39/${index}`.padStart(5, "abcdefg"[index % 7])}`);
  }
});
