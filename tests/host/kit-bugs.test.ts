/** A bug in a filter fails the call of the test that led to it, unless the host is told that it may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FilterBug, LoadError, createHost, explain } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";

const contained = (): Promise<string> => compileFilter("tests/envoy/filters/contain.ts");
const trapping = (): Promise<string> =>
  compileFilter("tests/envoy/filters/contain.ts", { options: ["--use", "PROXY_WASM_TRAPS=1"] });
const connections = (): Promise<string> => compileFilter("tests/envoy/filters/contain-tcp.ts");

/** The bug of a call that fails. */
async function bugOf(call: () => unknown): Promise<FilterBug> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof FilterBug, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

const LINE = /^abort: Index out of range at tests\/envoy\/filters\/bug-kinds\.ts:\d+:\d+ in (\w+)/;

for (const [stage, callback] of [
  ["onRequestHeaders", "onRequestHeaders"],
  ["onRequestBody", "onRequestBody"],
  ["onResponseBody", "onResponseBody"],
  ["onLog", "onLog"],
  ["onDelete", "onDelete"],
] as const)
  test(`kit: a bug in ${stage} fails host.request, and the next request is well`, async () => {
    const host = await createHost({ wasm: await contained(), clusters: { side: {} } });
    const error = await bugOf(() => host.request({ body: "a", headers: { "x-bug": `index@${stage}` } }));
    assert.equal(error.errors.length, 1);
    assert.equal(LINE.exec(error.errors[0]!)?.[1], callback);
    assert.ok(error.message.startsWith(`The filter has a bug: ${error.errors[0]!}.\nPass \`mayFail: true\``));
    assert.deepEqual(error.response?.errors, error.errors);
    assert.deepEqual(host.errors, error.errors);
    const next = await host.request();
    assert.equal(next.status, 200);
    assert.deepEqual(next.errors, []);
  });

test("kit: bugs that may be are in the response and in the host, and in explain", async () => {
  const host = await createHost({ wasm: await contained(), clusters: { side: {} }, mayFail: true });
  const response = await host.request({ headers: { "x-bug": "throw@onRequestHeaders" } });
  assert.equal(response.status, 500);
  assert.match(response.errors.join(), /^abort: thrown at .* in onRequestHeaders/);
  assert.match(explain(response), /Bugs:\n {2}abort: thrown at /);
  assert.deepEqual((await host.request()).errors, []);
  assert.equal(host.errors.length, 1);
});

test("kit: a bug in a step fails the step", async () => {
  const host = await createHost({ wasm: await contained(), clusters: { side: {} } });
  const stream = host.open({ method: "POST", headers: { "x-bug": "index@onRequestBody" } });
  stream.sendHeaders();
  const error = await bugOf(() => stream.send("body"));
  assert.match(error.errors[0]!, LINE);
  assert.equal(error.response, undefined);
  const whole = { headers: { "x-bug": "index@onRequestHeaders" } };
  assert.match((await bugOf(() => host.open(whole, true))).errors[0]!, LINE);
});

test("kit: a bug in a timer of the plugin fails host.tick", async () => {
  const host = await createHost({ wasm: await contained(), clusters: { side: {} } });
  await host.request({ headers: { "x-bug": "index@plugin-timer" }, mayHang: true }).catch(() => undefined);
  const before = host.errors.length;
  const error = await bugOf(async () => {
    if (before > 0) throw new FilterBug(host.errors, undefined);
    await host.tick(5000);
  });
  assert.match(error.errors[0]!, / in a timer$/);
});

test("kit: a bug in a connection's callback fails what led to it", async () => {
  const host = await createHost({ tcpFilters: [{ wasm: await connections() }], upstream: "echo" });
  const connection = host.connect();
  assert.match((await bugOf(() => connection.send("index@onDownstreamData"))).errors[0]!, LINE);
  assert.equal(connection.closed, true);
});

test("kit: a trap is a bug, too", async () => {
  const host = await createHost({ wasm: await trapping(), clusters: { side: {} } });
  const error = await bugOf(() => host.request({ headers: { "x-bug": "index@onLog" } }));
  assert.match(error.message, /the module trapped in proxy_on_log/);
});

test("kit: a bug in a plugin's constructor fails createHost, one that refuses the configuration is a LoadError", async () => {
  const plugin = (member: string): Promise<string> =>
    compileFilterText(`import { HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";

class Served extends HttpContext {
  onLog(): void {}
}

class Broken extends PluginContext {
  ${member}
  createHttpContext(): HttpContext | null {
    return new Served();
  }
}

registerPlugin<Broken>();
`);
  const constructing = await plugin('constructor() {\n    super();\n    throw new Error("early");\n  }');
  assert.match((await bugOf(() => createHost({ wasm: constructing }))).message, /abort: early at /);
  const configuring = await plugin('onConfigure(text: string): bool {\n    throw new Error("late");\n  }');
  await assert.rejects(createHost({ wasm: configuring, mayFail: true }), (error: Error) => {
    assert.ok(error instanceof LoadError);
    assert.match(error.message, /abort: late at /);
    return true;
  });
});

test("kit: a timer that has a bug each time leaves the other timers their turns", async () => {
  const text = `import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
class Waits extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(2, () => {
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopIteration;
  }
}
class Fails extends PluginContext {
  onConfigure(configuration: string): bool {
    for (let i = 0; i < 8; i++)
      this.every(1, () => {
        throw new Error("each time");
      });
    return true;
  }
  createHttpContext(): HttpContext {
    return new Waits();
  }
}
registerPlugin<Fails>();
`;
  const host = await createHost({ wasm: await compileFilterText(text), mayFail: true });
  for (let i = 0; i < 3; i++) assert.equal((await host.request()).status, 200);
  assert.ok(host.errors.length > 3, `${host.errors.length} bugs`);
});
