import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

test("a field called request or response is no exchange's: the answer in it is kept", async () => {
  const wasm = await compileFilterText(`
import { Exchange, ExchangeResponse, FetchResponse, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";
class Call {
  constructor(readonly request: FetchResponse) {}
}
class Rest {
  constructor(readonly request: ExchangeResponse) {}
}
registerFlow("calls", (x: Exchange): void => {
  const call = new Call(fetch("users", { path: "/7" }));
  const rest = new Rest(x.next());
  rest.request.setBody(call.request.text + " " + rest.request.text());
});`);
  const host = await createHost({
    wasm,
    rootId: "calls",
    clusters: { users: { body: "ann" } },
    upstream: { body: "up" },
  });
  const response = await host.request({ path: "/" });
  assert.equal(response.status, 200);
  assert.equal(response.body, "ann up");
});

test("a method called text waits for a body only where it may be a message's", async () => {
  const exportsOf = async (expression: string, name: string): Promise<string[]> => {
    const wasm = await compileFilterText(`
import { property } from "proxy-wasm-as";
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";
class Mine {
  ${name}(): string { return "b"; }
}
registerFlow("", (x: Exchange): void => { x.request.headers.set("x-a", ${expression}); });`);
    const module = await WebAssembly.compile(await readFile(wasm));
    return WebAssembly.Module.exports(module).map((entry) => entry.name);
  };
  const none = await exportsOf("new Mine().words()", "words");
  assert.deepEqual(await exportsOf("new Mine().text()", "text"), none);
  assert.deepEqual(await exportsOf('property.text(["a"])!', "words"), none);
  assert.ok((await exportsOf("x.request.text()", "words")).includes("proxy_on_request_body"));
});

test("flows that are registered by several calls, or by one that runs twice, are told apart", async () => {
  const twice = [
    'registerFlow("a", a); again("b", b);',
    'function add(id: string, flow: (x: Exchange) => void): void { registerFlow(id, flow); } add("a", a); add("b", b);',
  ];
  for (const registering of twice) {
    const wasm = await compileFilterText(`
import { Exchange, registerFlow, registerFlow as again } from "proxy-wasm-as/assembly/flow";
function a(x: Exchange): void { x.respond(200, "a"); }
function b(x: Exchange): void { x.respond(200, "b"); }
${registering}`);
    for (const rootId of ["a", "b"]) {
      const host = await createHost({ wasm, rootId });
      assert.equal((await host.request({ path: "/" })).body, rootId, registering);
    }
  }
});

test("a flow without a name serves the plugins that no other has the name of, wherever it is registered", async () => {
  for (const order of [
    ["a", "", "b"],
    ["", "a", "b"],
    ["a", "b", ""],
  ]) {
    const wasm = await compileFilterText(`
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";
${order.map((id) => `registerFlow("${id}", (x: Exchange): void => { x.respond(200, "flow ${id}"); });`).join("\n")}`);
    for (const [rootId, body] of [
      ["a", "flow a"],
      ["b", "flow b"],
      ["", "flow "],
      ["c", "flow "],
    ] as const)
      assert.equal(
        (await (await createHost({ wasm, rootId })).request()).body,
        body,
        `${order.join()} ${rootId}`,
      );
  }
});
