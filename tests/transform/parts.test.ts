/** Contexts that a filter makes by itself: parts of a stream's context act for the stream, and others say that they have none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";

const wasm = (): Promise<string> => compileFilter(["tests/envoy/filters", "parts.ts"].join("/"));

test("a part gets the answer to its call, and resumes or answers the stream", async () => {
  const cases: [number, number][] = [
    [200, 200],
    [500, 403],
  ];
  for (const [status, expected] of cases) {
    const host = await createHost({ wasm: await wasm(), upstream: "echo", clusters: { auth: { status } } });
    const response = await host.request({ path: "/" });
    assert.equal(response.status, expected);
    assert.equal(response.headers.get("x-marked"), "1");
    if (status === 200) assert.equal(response.upstream!.headers.get("x-mark"), "1");
  }
});

test("a part that is made in a callback acts at once, in timers and from another stream's callback", async () => {
  const host = await createHost({ wasm: await wasm(), upstream: "echo" });
  assert.equal((await host.request({ path: "/refuse" })).status, 401);
  assert.equal((await host.request({ path: "/timer" })).upstream!.headers.get("x-late"), "1");
  // The stream of one of both parts is gone when it acts.
  assert.equal((await host.request({ path: "/keep" })).status, 200);
  const held = host.request({ path: "/held" });
  assert.equal((await host.request({ path: "/end" })).status, 200);
  assert.equal((await held).status, 503);
});

test("a context that was made where no stream is ends the request that it is used for", async () => {
  const host = await createHost({ wasm: await wasm(), upstream: "echo", mayFail: true });
  for (const path of ["/lone", "/lone-reset", "/lone-plugin", "/lone-timer"]) {
    const { status, logs } = await host.request({ path });
    assert.equal(status, 500, path);
    assert.match(
      logs.map(({ message }) => message).join("\n"),
      /this context belongs to no stream; make it in/,
      path,
    );
  }
});

const head = `import { BodyChunksContext, CloseType, FilterDataStatus, FilterHeadersStatus, FilterStatus, HttpContext, PluginContext, TcpContext, Timer, WholeBodyContext, registerPlugin } from "proxy-wasm-as";\n`;
const headers = "onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus";

for (const [base, method] of [
  ["WholeBodyContext", "onWholeRequestBody(size: u32): FilterDataStatus { return this.respond(401); }"],
  ["BodyChunksContext", "onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array { return chunk; }"],
] as const) {
  const inner = `class Inner extends ${base} { ${method} }\nregisterPlugin<Plugin>();\n`;
  const forms: [how: string, text: string][] = [
    [
      "made with the stream's",
      `class Plugin extends PluginContext { createHttpContext(): HttpContext { return new Outer(new Inner()); } }
class Outer extends HttpContext { constructor(private readonly inner: HttpContext) { super(); } ${headers} { return this.inner.onRequestHeaders(headerCount, endOfStream); } }`,
    ],
    [
      "a field of it",
      `class Plugin extends PluginContext { createHttpContext(): HttpContext { return new Outer(); } }
class Outer extends HttpContext { private readonly inner: HttpContext = new Inner(); ${headers} { return this.inner.onRequestHeaders(headerCount, endOfStream); } }`,
    ],
    [
      "made in a callback",
      `class Plugin extends PluginContext { createHttpContext(): HttpContext { return new Outer(); } }
class Outer extends HttpContext { ${headers} { return new Inner().onRequestHeaders(headerCount, endOfStream); } }`,
    ],
  ];
  for (const [how, text] of forms) {
    test(`a ${base} as a part, ${how}: the request gets 500 and the log says why`, async () => {
      const host = await createHost({
        wasm: await compileFilterText(`${head}${text}\n${inner}`),
        upstream: "echo",
        mayFail: true,
      });
      const { status, logs } = await host.request({ method: "POST", path: "/", body: "secret" });
      assert.equal(status, 500);
      assert.match(
        logs.map(({ message }) => message).join("\n"),
        new RegExp(`a ${base} cannot be a part of another context`),
      );
    });
  }
}

test("a plugin that is a part of another has its timers and calls", async () => {
  const text = `${head}
class Inner extends PluginContext {
  ticks: i32 = 0;
  onConfigure(configuration: string): bool { this.every(10, () => { this.ticks++; }); return true; }
}
class Plugin extends PluginContext {
  readonly inner: Inner = new Inner();
  onConfigure(configuration: string): bool { return this.inner.onConfigure(configuration); }
  createHttpContext(): HttpContext { return new Stream(); }
}
class Stream extends HttpContext {
  ${headers} {
    this.request.headers.set("x-ticks", (this.plugin as Plugin).inner.ticks > 2 ? "ticks" : "stands");
    return FilterHeadersStatus.Continue;
  }
}
registerPlugin<Plugin>();
`;
  const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
  await host.tick(100);
  assert.equal((await host.request({ path: "/" })).upstream!.headers.get("x-ticks"), "ticks");
});

test("a connection's part acts for the connection", async () => {
  const text = `${head}
class Plugin extends PluginContext { createTcpContext(): TcpContext { return new Outer(new Inner()); } }
class Inner extends TcpContext { onNewConnection(): FilterStatus { this.after(5, () => { this.close(); }); return FilterStatus.Continue; } }
class Outer extends TcpContext {
  constructor(private readonly inner: TcpContext) { super(); }
  onNewConnection(): FilterStatus { return this.inner.onNewConnection(); }
}
registerPlugin<Plugin>();
`;
  const wasm = await compileFilterText(text);
  const host = await createHost({ tcpFilters: [{ wasm }], upstream: "echo" });
  const connection = host.connect();
  await host.idle();
  assert.equal(connection.closed, false);
  await host.tick(20);
  assert.equal(connection.closed, true);
});
