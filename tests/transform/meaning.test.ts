/** What the transform rewrites means what it meant. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const head = `import { CallOptions, FilterHeadersStatus, HttpContext, PluginContext, SharedQueue, log, registerHttpFilter, registerPlugin } from "proxy-wasm-as";\n`;
const callback = "onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus";

test("what a message of the log changes is changed whether or not anybody reads it", async () => {
  const text = `${head}
let last = 0;
function next(): i32 { return ++last; }
class Numbers { at: i32 = 0; get(): string { return (++this.at).toString(); } get value(): i32 { return ++this.at; } }
const numbers = new Numbers();
class Stream extends HttpContext {
  ${callback} {
    log.debug("request " + next().toString());
    log.debug(\`and \${last++}\`);
    log.debug("get " + numbers.get());
    log.debug("value " + numbers.value.toString());
    this.request.headers.set("x-next", last.toString() + " " + numbers.at.toString());
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Stream>();
`;
  const wasm = await compileFilterText(text);
  for (const logLevel of ["info", "debug"] as const) {
    const host = await createHost({ wasm, logLevel, upstream: "echo" });
    assert.equal((await host.request({ path: "/" })).upstream!.headers.get("x-next"), "2 2", logLevel);
  }
});

test("a local called log is not the package's", async () => {
  const text = `${head}
class Lines { all: string[] = []; info(line: string): void { this.all.push(line); } }
function describe(count: u32, log: Lines): void { log.info("headers: " + count.toString()); }
class Stream extends HttpContext {
  ${callback} {
    const lines = new Lines();
    describe(headerCount, lines);
    this.request.headers.set("x-lines", lines.all.join(","));
    log.info(lines.all.join(","));
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Stream>();
`;
  const host = await createHost({
    wasm: await compileFilterText(text),
    logLevel: "critical",
    upstream: "echo",
  });
  assert.match((await host.request({ path: "/" })).upstream!.headers.get("x-lines")!, /^headers: \d+$/);
});

test("Partial is erased wherever it stands", async () => {
  const text = `${head}
class Ask extends HttpContext {
  options: Partial<CallOptions> = { path: "/check", timeout: 200 };
  ${callback} {
    const options: Partial<CallOptions> = this.options;
    this.fetch("auth", options, (result) => {});
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Ask>();
`;
  await compileFilterText(text);
});

test("a stream whose own method ends it for others is guarded as one that is ended through a reference", async () => {
  const exportsOf = async (member: string, use: string): Promise<string[]> => {
    const text = `${head}
class Plugin extends PluginContext {
  readonly open: Stream[] = [];
  onConfigure(configuration: string): bool { return SharedQueue.register("switch") !== null; }
  createHttpContext(): HttpContext { return new Stream(); }
  onQueueReady(queue: SharedQueue): void { for (let i = 0; i < this.open.length; i++) ${use}; }
}
class Stream extends HttpContext {
  ${callback} { (this.plugin as Plugin).open.push(this); return FilterHeadersStatus.Continue; }
  ${member}
}
registerPlugin<Plugin>();
`;
    const module = new WebAssembly.Module(readFileSync(await compileFilterText(text)));
    return WebAssembly.Module.exports(module).map(({ name }) => name);
  };
  const kill = "kill(): void { this.finish(); } private finish(): void { this.reset(); }";
  assert.ok((await exportsOf("", "this.open[i].reset()")).includes("proxy_on_log"));
  assert.ok((await exportsOf(kill, "this.open[i].kill()")).includes("proxy_on_log"));
  assert.ok(!(await exportsOf("mark(): void {}", "this.open[i].mark()")).includes("proxy_on_log"));
});
