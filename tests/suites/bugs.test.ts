/** A module with a bug passes no test: what is said of it, and of what a test saw that failed. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Driver, Suite, TestResult } from "../../src/suites/index.js";
import { EnvoyDriver, HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, found } from "../support/envoy.js";

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-bugs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function suite(text: string): Suite {
  const file = join(folder, "tests.textpb");
  writeFileSync(file, text);
  return readSuite(file);
}

const filter = (
  body: string,
): string => `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

class Filter extends HttpContext {
  ${body}
}

registerHttpFilter<Filter>();
`;

const TRAPS: readonly (readonly [name: string, source: string, callback: string])[] = [
  ["in onLog", filter('onLog(): void {\n    throw new Error("a bug");\n  }'), "proxy_on_log"],
  ["in onDone", filter("onDone(): void {\n    unreachable();\n  }"), "proxy_on_done"],
  [
    "in onRequestHeaders",
    filter(`onRequestHeaders(count: u32, end: bool): FilterHeadersStatus {
    const parts = this.request.headers.get(":path")!.split("?");
    this.request.headers.set("x-a", parts[1]);
    return FilterHeadersStatus.Continue;
  }`),
    "proxy_on_request_headers",
  ],
  [
    "without a message",
    filter(`onResponseHeaders(count: u32, end: bool): FilterHeadersStatus {
    const quotient: i32 = i32(count) / (i32(count) - i32(count));
    if (quotient > 0) log.info("never");
    return FilterHeadersStatus.Continue;
  }`),
    "proxy_on_response_headers",
  ],
];

const PASSES_WITHOUT = `test {
  name: "Nothing"
  request_headers { input { header { key: ":path" value: "/" } } }
  response_headers { input { header { key: "x-b" value: "1" } } }
}`;

async function resultOf(driver: Driver, source: string, text: string, config?: string): Promise<TestResult> {
  const wasm = await compileFilterText(source);
  const { tests } = await runSuite(suite(text), driver, { wasm, ...(config !== undefined && { config }) });
  return tests[0]!;
}

function assertBug({ failures }: TestResult, callback: string): void {
  const all = failures.join("\n");
  const contained = /\S+\.ts:\d+/.test(all); // a bug that is caught is said with its place alone
  assert.ok(contained || all.includes(`trapped in ${callback}`), all);
  assert.notEqual(failures.length, 0);
}

for (const [name, source, callback] of TRAPS)
  test(`a bug ${name} fails a test that asks for nothing`, async () => {
    assertBug(await resultOf(new HostDriver(), source, PASSES_WITHOUT), callback);
  });

test("a place is said where the module tells it", async () => {
  const { failures } = await resultOf(new HostDriver(), TRAPS[0]![1], PASSES_WITHOUT);
  assert.match(failures.join("\n"), /a bug at \S*filter\.ts:5:\d+/);
});

test("a message at critical level is no bug by itself", async () => {
  const source = filter('onLog(): void {\n    log.critical("the house is on fire");\n  }');
  assert.deepEqual((await resultOf(new HostDriver(), source, PASSES_WITHOUT)).failures, []);
});

envoyTest("bugs fail tests in Envoy, too; tests with properties count as skipped there", async (t) => {
  const driver = await EnvoyDriver.start({ envoy: found.path! });
  t.after(() => driver.close());
  for (const [, source, callback] of TRAPS)
    assertBug(await resultOf(driver, source, PASSES_WITHOUT), callback);
  const passing = filter('onLog(): void {\n    log.info("fine");\n  }');
  assert.deepEqual((await resultOf(driver, passing, PASSES_WITHOUT)).failures, []);
  const properties = `test { name: "p" properties { path: "request.region" value: "x" } request_headers { } }`;
  const skipped = await resultOf(driver, passing, properties);
  assert.match(skipped.skipped ?? "", /properties cannot be made up/);
  assert.deepEqual(skipped.failures, []);
});

test("a failed test tells the log and what the host refused", async () => {
  const source = filter(`onRequestHeaders(count: u32, end: bool): FilterHeadersStatus {
    log.info("seen");
    this.response.headers.set("x-a", "1");
    return FilterHeadersStatus.Continue;
  }`);
  const text = `test { name: "a" request_headers { result { has_header { key: "x-a" value: "1" } } } }`;
  const { failures, log } = await resultOf(new HostDriver(), source, text);
  assert.equal(failures.length, 1);
  assert.deepEqual(
    log?.filter((line) => line.startsWith("info")),
    ["info: seen"],
  );
});

test("a refused configuration says what the plugin logged", async () => {
  const source = `import { HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

class Picky extends PluginContext {
  onConfigure(configuration: string): bool {
    log.error("the configuration must not be empty");
    return false;
  }
  createHttpContext(): HttpContext | null {
    return null;
  }
}

registerPlugin<Picky>();
`;
  const { failures } = await resultOf(new HostDriver(), source, PASSES_WITHOUT);
  assert.match(failures.join("\n"), /the configuration must not be empty/);
});

/** A driver that has seen a response body, whatever the test. */
function pretend(body: string, headers: readonly (readonly [string, string])[] = []): Driver {
  const phase = { log: [], headers, body: Buffer.from(body) };
  const nothing = { pluginInit: [], streamInit: [], requestBody: [], streamDestroy: [] };
  const seen = { ...nothing, responseHeaders: phase, responseBody: [phase] };
  return { name: "pretence", run: async () => seen, close: async () => undefined };
}

test("long texts: the first difference with its offset in bytes, and not the same beginning twice", async () => {
  const start = "é".repeat(200);
  const text = `test { name: "a" response_body { input { content: "" } result { body { exact: "${start}right" } } } }`;
  const { tests } = await runSuite(suite(text), pretend(`${start}rough and more`), { wasm: "any" });
  const [failure] = tests[0]!.failures;
  assert.match(failure!, /differs at byte 401: .*ight.*405 bytes.*ough and more.*414 bytes/);
  assert.ok(failure!.length < 250, failure);
});

test("long texts: a difference within a character begins with the character", async () => {
  const same = "é".repeat(160);
  const text = `test { name: "a" response_body { input { content: "" } result { body { exact: "${same}😀" } } } }`;
  const { tests } = await runSuite(suite(text), pretend(`${same}😁`), { wasm: "any" });
  assert.match(
    tests[0]!.failures[0]!,
    /differs at byte 320: expected …"é+😀" \(of 324 bytes\), seen …"é+😁" \(of 324 bytes\)/,
  );
});

test("a header's line is compared without regard to the case of its name, as the original tester does", async () => {
  const holds = async (line: string): Promise<boolean> => {
    const text = `test { name: "a" response_headers { result { headers { ${line} } } } }`;
    const driver = pretend("", [["set-cookie", "ID=1; Path=/"]]);
    return (await runSuite(suite(text), driver, { wasm: "any" })).passed;
  };
  assert.equal(await holds('regex: "Set-Cookie: ID=.*"'), true);
  assert.equal(await holds('exact: "Set-Cookie: ID=1; Path=/"'), true);
  assert.equal(await holds('regex: "Set-Cookie:.*"'), true);
  assert.equal(await holds('regex: "Set-Cookie: id=.*"'), false);
  assert.equal(await holds('regex: "Set-Cookie: ID=.*" invert: true'), false);
});
