import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createHost, expectResponse } from "../../src/testing/index.js";
import { buildError, compileFilterText } from "../support/compile.js";
import { closures } from "./meaning/closures.js";
import { inModule, inNode } from "./meaning/run.js";

const builds = {
  debug: { target: "debug" },
  release: { target: "release" },
  "release, for speed": { target: "release", options: ["--optimizeLevel", "3", "--shrinkLevel", "0"] },
  "release, incremental": { target: "release", options: ["--runtime", "incremental"] },
} as const;

for (const [build, options] of Object.entries(builds)) {
  test(`functions mean with what they use of others what they mean in Node: ${build}`, async () => {
    const answers = await inModule(closures, options);
    for (const [index, piece] of closures.entries())
      assert.equal(answers[index], await inNode(piece), piece.name);
  });
}

/** A filter that is a class. */
const inClass = (members: string, imports = ""): string => `
import { FilterHeadersStatus, HttpContext, registerHttpFilter${imports} } from "proxy-wasm-as";
class Mine extends HttpContext {
  ${members}
}
registerHttpFilter<Mine>();
`;

test("callbacks of calls and timers have the variables of the method around them, after collections", async () => {
  const text = inClass(
    `onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path")! + "!";
    let answers = 0;
    this.fetch("auth", { path: "/one" }, (result) => {
      answers += 1;
      this.fetch("auth", { path: "/two" }, (inner) => {
        answers += 10;
        this.request.headers.set("x-seen", path + answers.toString() + result.status.toString() + inner.status.toString());
        this.resumeRequest();
      });
    });
    for (let i = 0; i < 2000; i++) make(i);
    return FilterHeadersStatus.StopIteration;
  }`,
  ).replace(
    "class Mine",
    `class Waste { a: string = ""; }\nfunction make(n: i32): void { const w = new Waste(); w.a = "waste".repeat(n % 9); }\nclass Mine`,
  );
  for (const options of [{ target: "debug" }, { target: "release" }] as const) {
    const host = await createHost({
      wasm: readFileSync(await compileFilterText(text, options)),
      upstream: { body: "up" },
      clusters: { auth: { status: 200 } },
    });
    for (let round = 0; round < 50; round++) {
      expectResponse(await host.request({ path: `/p${round}` }), {
        upstreamHeaders: { "x-seen": `/p${round}!11200200` },
      });
    }
  }
});

test("a function that a loop's changed variable would be shared by is refused with a place", async () => {
  const message = await buildError(
    inClass(`onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const held: (() => i32)[] = [];
    for (let i = 0; i < 3; i++) { i += 1; held.push((): i32 => i); }
    return this.respond(200, held[0]().toString());
  }`),
  );
  assert.match(message, /filter\.ts:6:\d+: the loop's body changes "i", and a function holds it: copy it/);
});

test("functions that call each other inside of a function are refused with a place", async () => {
  const message = await buildError(
    inClass(`onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    function even(n: i32): bool { return n == 0 ? true : odd(n - 1); }
    function odd(n: i32): bool { return n == 0 ? false : even(n - 1); }
    return this.respond(200, even(2).toString());
  }`),
  );
  assert.match(message, /filter\.ts:6:\d+: this function and "\w+" call each other: move both out/);
});

const inFlow = (body: string): string => `
import { registerFlow, Exchange, sleep } from "proxy-wasm-as/assembly/flow";
function make(n: i32): string { return "waste".repeat(n % 9) + n.toString(); }
registerFlow("", (x: Exchange): void => {
  ${body}
});
`;

test("a flow's functions keep what they hold while the flow waits around and inside of them", async () => {
  const text = inFlow(`const path = x.request.headers.get(":path")! + "!";
  let seen = "";
  let rounds = 0;
  const note = (text: string): void => { rounds++; seen += text + path; };
  const wait = (ms: i32): string => { sleep(ms); const got = path + ms.toString(); note("in"); sleep(ms); rounds += 10; return got; };
  const nested = (n: i32): (() => string) => { const own = path + n.toString(); return (): string => { sleep(5); return own + wait(n); }; };
  note("a");
  sleep(10);
  for (let i = 0; i < 500; i++) make(i);
  const f = nested(7);
  note("b");
  sleep(10);
  for (let i = 0; i < 500; i++) make(i);
  const got = f();
  let total = "";
  for (let i = 0; i < 3; i++) { const g = (): string => { sleep(3); return path + i.toString(); }; sleep(2); total += g(); }
  x.respond(200, got + "|" + seen + "|" + rounds.toString() + "|" + total);`);
  for (const options of [{ target: "debug" }, { target: "release" }] as const) {
    const host = await createHost({ wasm: readFileSync(await compileFilterText(text, options)) });
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, index) => host.request({ path: `/${index}` })),
    );
    for (const [index, { body }] of all.entries()) {
      const p = `/${index}!`;
      assert.equal(body, `${p}7${p}7|a${p}b${p}in${p}|13|${p}0${p}1${p}2`);
    }
  }
});

test("a class of one's own may have methods with the names of those that take a callback, beside those", async () => {
  const text = inClass(
    `private client: Client = new Client();
  private seen: string = "";
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.client.fetch("/own", (answer) => { this.seen += answer; });
    this.client.update("/up", (answer) => { this.seen += answer; });
    this.fetch("auth", { path: "/check" }, (result) => {
      this.request.headers.set("x-seen", this.seen + result.status.toString());
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopIteration;
  }`,
  ).replace(
    "class Mine",
    `class Client {
  fetch(path: string, done: (answer: string) => void): void { done(path); }
  update(path: string, done: (answer: string) => void): void { done(path); }
}
class Mine`,
  );
  const host = await createHost({
    wasm: readFileSync(await compileFilterText(text)),
    upstream: { body: "up" },
    clusters: { auth: { status: 200 } },
  });
  expectResponse(await host.request(), { upstreamHeaders: { "x-seen": "/own/up200" } });
});
