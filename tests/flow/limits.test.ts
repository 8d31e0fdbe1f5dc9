import assert from "node:assert/strict";
import { test } from "node:test";
import { waitingFunctions } from "../../src/transform/flow/asyncify.js";
import type { CallGraph } from "../../src/transform/flow/calls.js";
import { buildError, compileFilter } from "../support/compile.js";
import { FlowHost } from "./support/host.js";

test("a wait too deep is answered with 503 and a line in the log, and the next request is served", async () => {
  const host = new FlowHost(await compileFilter("tests/flow/filters/deep.ts"));
  const ask = (depth: number) => {
    const stream = host.begin({ ":path": "/", "x-id": String(depth) });
    if (host.calls[0] !== undefined) host.settle(host.calls[0], "");
    host.end(stream);
    return stream.reply;
  };
  assert.deepEqual(ask(0), { status: 200, body: ">200" });
  assert.deepEqual(ask(2000), { status: 200, body: `>200${".".repeat(20)}` });
  assert.deepEqual(host.logs, []);
  assert.deepEqual(ask(5000), { status: 503, body: "overloaded\n" });
  assert.match(host.logs[0]!, /would exceed maxSuspendedBytes/);
  assert.deepEqual(ask(10), { status: 200, body: ">200" });
});

const imports = `import { HttpContext, FilterHeadersStatus, PluginContext, registerHttpFilter, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
`;

const refused: Record<string, [text: string, message: RegExp]> = {
  "a comparator": [
    `registerFlow("", (x: Exchange): void => {
  const names = ["b", "a"];
  names.sort((a, b) => fetch("side", { path: a }).status - fetch("side", { path: b }).status);
  x.respond(200, names[0]);
});`,
    /filter\.ts:5:24: this waits in a function that "sort" of the standard library calls/,
  ],
  "a callback of map, through a function": [
    `function ask(n: i32): i32 { sleep(5); return n; }
registerFlow("", (x: Exchange): void => {
  x.respond(200, [1, 2].map<i32>((n) => ask(n)).join(","));
});`,
    /filter\.ts:5:41: this waits in a function that "map" of the standard library calls/,
  ],
  onLog: [
    `class Late extends FlowPlugin {
  handle(x: Exchange): void { x.next(); }
  onLog(): void { fetch("side", { path: "/log" }); }
}
registerPlugin<Late>();`,
    /filter\.ts:5:19: this waits in Late\.onLog, and nothing but a flow can/,
  ],
  "onDone, through a function": [
    `function say(): void { sleep(3); }
class Late extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { return FilterHeadersStatus.Continue; }
  onDone(): void { say(); }
}
registerHttpFilter<Late>();`,
    /filter\.ts:3:24: this waits in Late\.onDone/,
  ],
  "module scope": [
    `sleep(1);
registerFlow("", (x: Exchange): void => { x.next(); });`,
    /filter\.ts:3:1: this waits at module scope/,
  ],
};

for (const [where, [text, message]] of Object.entries(refused)) {
  test(`a wait in ${where} fails the build`, async () => {
    assert.match(await buildError(imports + text), message);
  });
}

test("flow refuses a runtime whose collector it does not know", async () => {
  const text = `${imports}registerFlow("", (x: Exchange): void => { x.next(); });`;
  assert.match(
    await buildError(text, { options: ["--runtime", "incremental"] }),
    /flow needs the runtime "minimal"/,
  );
});

test("a flow that never waits compiles and runs", async () => {
  const host = new FlowHost(await compileFilter("tests/flow/filters/never.ts"));
  assert.deepEqual(host.begin({ ":path": "/" }).reply, { status: 204, body: "" });
  assert.equal(host.calls.length, 1);
});

test("a runtime of flow that the build does not know is refused: nothing would wait", () => {
  const others = (name: string): boolean => !name.endsWith("/flow/fiber/enter");
  assert.throws(
    () => waitingFunctions({ has: others } as CallGraph),
    /flow's runtime is not the one that this build knows/,
  );
});
