import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Driver, Seen, SuiteResult } from "../../src/suites/index.js";
import { EnvoyDriver, HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { readTrace } from "../../src/suites/trace.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { found } from "../support/envoy.js";

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-runner-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const nothing: Seen = {
  pluginInit: [],
  streamInit: [],
  requestBody: [],
  responseBody: [],
  streamDestroy: [],
};

/** A driver that has seen this, whatever the test. */
function pretend(seen: Partial<Seen>): Driver {
  return { name: "pretence", run: async () => ({ ...nothing, ...seen }), close: async () => undefined };
}

async function run(text: string, driver: Driver, wasm?: string, config?: string): Promise<SuiteResult> {
  const file = join(folder, "tests.textpb");
  writeFileSync(file, text);
  return runSuite(readSuite(file), driver, {
    wasm: wasm ?? "any.wasm",
    ...(config !== undefined && { config }),
  });
}

/** What is said of one test with these fields. */
async function failures(fields: string, seen: Partial<Seen>): Promise<readonly string[]> {
  return (await run(`test { name: "a" ${fields} }`, pretend(seen))).tests[0]!.failures;
}

const tellsPath = `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Tells extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    log.info("path [" + this.request.path + "]");
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Tells>();
`;

test("headers are compared without regard to case, repeated ones joined", async () => {
  const seen = {
    requestHeaders: {
      headers: [
        ["x-a", "1"],
        ["X-A", "2"],
        ["x-empty", ""],
      ] as const,
      log: [],
    },
  };
  assert.deepEqual(
    await failures(
      `request_headers { result {
         has_header { key: "X-a" value: "1, 2" } has_header { key: "x-empty" }
         no_header { key: "x-b" }
         headers { exact: "x-a: 1, 2" } headers { regex: "x-b:.*" invert: true }
         headers { regex: "X-A: 1.*" } headers { regex: "X-A:.*" } headers { exact: "X-A: 1, 2" } } }`,
      seen,
    ),
    [],
  );
  assert.deepEqual(
    await failures(
      `request_headers { result {
         has_header { key: "x-a" value: "1" } has_header { key: "x-b" value: "1" } no_header { key: "X-A" }
         headers { regex: "x-a: 1" } headers { regex: "x-a.*" invert: true } } }`,
      seen,
    ),
    [
      'request_headers: has_header: x-a is "1, 2", expected "1"',
      'request_headers: has_header: x-b is absent, expected "1"; there are x-a, x-empty',
      'request_headers: no_header: x-a is "1, 2", expected none',
      'request_headers: headers: expected that something matches "x-a: 1"; seen: "x-a: 1, 2", "x-empty: "',
      'request_headers: headers: expected that nothing matches "x-a.*"; seen: "x-a: 1, 2", "x-empty: "',
    ],
  );
});

test("messages below the level are not seen; patterns are RE2's, from end to end, and stop at a newline", async () => {
  const seen = {
    pluginInit: [
      { level: "debug", text: "quiet" },
      { level: "info", text: "one\ntwo" },
    ] as const,
  };
  const check = (fields: string): Promise<readonly string[]> =>
    failures(`plugin_init { log { ${fields} } }`, seen);
  assert.deepEqual(await check('regex: "quiet" invert: true'), []);
  assert.deepEqual(await check('regex: "one.*" invert: true'), []);
  assert.deepEqual(await check('regex: "one\\\\n[[:alpha:]]+"'), []);
  assert.deepEqual(await check('exact: "one\\ntwo"'), []);
  assert.equal((await check('regex: "two"')).length, 1);
});

test("a local response is expected exactly where there is one", async () => {
  const immediate = { httpStatus: 403, grpcStatus: -1, details: "why" };
  const seen = { requestHeaders: { headers: [], body: Buffer.from("no\n"), immediate, log: [] } };
  const check = (fields: string): Promise<readonly string[]> =>
    failures(`request_headers { result { ${fields} } }`, seen);
  assert.deepEqual(await check('immediate { http_status: 403 } body { exact: "no\\n" }'), []);
  assert.deepEqual(await check('immediate { http_status: 403 details: "why" grpc_status: -1 }'), []);
  assert.deepEqual(
    await check('immediate { http_status: 200 details: "" grpc_status: 7 } body { exact: "no" }'),
    [
      "request_headers: immediate: http_status is 403, expected 200",
      "request_headers: immediate: grpc_status is -1, expected 7",
      'request_headers: immediate: details are "why", expected ""',
      'request_headers: body: expected that something equals "no"; seen: "no\\n"',
    ],
  );
  assert.deepEqual(await check(""), [
    "request_headers: immediate: the filter answered with 403, which the test does not expect",
  ]);
  assert.deepEqual(await failures("request_headers { result { immediate {} } }", {}), [
    "request_headers: immediate: the filter has not answered by itself",
  ]);
});

test("what the host refuses is the test's failure; what is missing is said before", async () => {
  const driver = {
    ...pretend({}),
    run: () => Promise.reject(new Error("no such module")),
  };
  assert.deepEqual((await run("test {}", driver)).tests[0]!.failures, ["no such module"]);
  const suite = readSuite(join(folder, "tests.textpb"));
  await assert.rejects(runSuite(suite, driver), /no module to test: name one, or set env\.wasm_path/);
  await assert.rejects(
    runSuite(suite, driver, { wasm: "a", config: "absent" }),
    /the configuration absent cannot be read \(ENOENT\)/,
  );
});

test("Envoy's trace: calls, answers and messages of several lines", () => {
  const log = `[trace][wasm] [host->vm] proxy_on_request_headers(2, 9, 1)
[trace][wasm] [vm->host] env.proxy_send_local_response(403, 0, 0, 16, 3, 8, 4, 4294967295)
[info][wasm] wasm log suite root vm: one
two: three

[trace][wasm] [host<-vm] proxy_on_request_headers return: 1
[warning][config] something else
[trace][wasm] [host<-vm] proxy_on_log return
`;
  assert.deepEqual(readTrace(log), [
    { kind: "callback", name: "proxy_on_request_headers", args: [2, 9, 1] },
    { kind: "hostCall", name: "proxy_send_local_response", args: [403, 0, 0, 16, 3, 8, 4, 4294967295] },
    { kind: "log", level: "info", from: "suite root vm", text: "one\ntwo: three\n" },
    { kind: "return", name: "proxy_on_request_headers", value: 1 },
    { kind: "return", name: "proxy_on_log", value: undefined },
  ]);
});

const skip = found.path === undefined ? found.reason : false;

/** The drivers, and how each is started. */
const drivers: { name: string; skip: string | false; start: () => Promise<Driver> }[] = [
  { name: "Envoy", skip, start: () => EnvoyDriver.start({ envoy: found.path! }) },
  { name: "the embedded host", skip: false, start: async () => new HostDriver() },
];

for (const { name, skip, start } of drivers) {
  /** A test with a driver, and a function that runs a suite on a filter and answers what is said of each test. */
  const inHost = (
    title: string,
    body: (
      told: (text: string, config?: string) => Promise<readonly (readonly string[])[]>,
      driver: Driver,
    ) => Promise<void>,
  ): void =>
    void test(`in ${name}: ${title}`, { skip }, async (t) => {
      const driver = await start();
      t.after(() => driver.close());
      const wasm = await compileFilter("tests/suites/filters/behaviour.ts");
      await body(
        async (text, config) =>
          (await run(text, driver, wasm, config)).tests.map((one) =>
            one.skipped === undefined ? one.failures : [one.skipped],
          ),
        driver,
      );
    });

  inHost("each test has a VM of its own, and what is wrong is said", async (told) => {
    const counts = (value: string, more = ""): string =>
      `test { request_headers { result { has_header { key: "x-count" value: "${value}" } ${more} } } }`;
    assert.deepEqual(await told(counts("1") + counts("1") + counts("2", "immediate {}")), [
      [],
      [],
      [
        "request_headers: immediate: the filter has not answered by itself",
        'request_headers: has_header: x-count is "1", expected "2"',
      ],
    ]);
  });

  inHost(
    "local responses of each phase are seen, with their details; what follows them is empty",
    async (told) => {
      assert.deepEqual(
        await told(
          `test { request_headers { input { header { key: ":path" value: "/deny" } }
             result { immediate { http_status: 418 grpc_status: 7 details: "some_reason" }
               body { exact: "no" } has_header { key: "x-why" value: "because" } no_header { key: "x-count" } } }
           response_headers { result { no_header { key: "x-seen" } } } }
         test { request_headers { input { header { key: ":path" value: "/late" } } }
           request_body { input { content: "a" } result { body { exact: "a" } } }
           request_body { input { content: "b" } result { immediate { http_status: 413 details: "" } } } }
         test { request_headers { result { has_header { key: "x-count" value: "1" } } }
           response_headers { input { header { key: "x-fail" value: "yes" } }
             result { immediate { http_status: 500 details: "bad_upstream" } body { exact: "sorry" } } } }`,
        ),
        [[], [], []],
      );
    },
  );

  inHost("held headers are seen when they are let go, and not before", async (told) => {
    const held = (path: string, body = ""): string =>
      `test { request_headers { input { header { key: ":path" value: "${path}" } }
         result { has_header { key: "x-count" value: "1" } } } ${body} }`;
    assert.deepEqual(
      await told(
        held("/hold") +
          held("/wait", 'request_body { input { content: "go" } result { body { exact: "go" } } }'),
      ),
      [["request_headers: headers: not seen (the filter holds them to the end)"], []],
    );
  });

  inHost("paths that no client could send come to the filter as they are", async (_, driver) => {
    const wasm = await compileFilterText(tellsPath);
    const paths = ["nopath", "", "*", "?q", "http://a/b", "/a b", "/a#b", "/a\\tb", "/a\\x7fb", '/\\"é'];
    const tests = paths.map(
      (path) =>
        `test { request_headers { input { header { key: ":path" value: "${path}" } } result { log { exact: "path [${path}]" } } } }`,
    );
    const { tests: results } = await run(tests.join("\n"), driver, wasm);
    assert.deepEqual(
      results.map(({ failures }) => failures),
      paths.map(() => []),
    );
  });

  inHost("text is UTF-8 on all ways", async (told) => {
    assert.deepEqual(
      await told(
        `test { request_headers { input { header { key: "x-name" value: "größer" } }
             result { has_header { key: "x-name" value: "größer" } log { exact: "name: größer" } } }
           request_body { input { content: "é" } result { body { exact: "é" } } }
           response_headers { input { header { key: "x-name" value: "größer" } }
             result { has_header { key: "x-name" value: "größer" } } } }`,
      ),
      [[]],
    );
  });

  inHost("what the host refuses is said", async (told, driver) => {
    const refused = join(folder, "refused.config");
    writeFileSync(refused, "refuse");
    const [said] = await told("test {}", refused);
    assert.match(said!.join(), driver.name === "Envoy" ? /no, thank you/ : /configure/i);
    const missing = await run("test {}", driver, join(folder, "absent.wasm"));
    assert.equal(missing.passed, false);
    assert.match(missing.tests[0]!.failures.join(), /absent\.wasm/);
  });

  inHost("the clock stands still where the suite says so", async (told) => {
    const shown = (time: string): string =>
      `env { time_secs: ${time} } test { request_headers { input { header { key: ":path" value: "/time" } }
         result { log { exact: "time ${time}000000000 ${time}000000000" } } } }`;
    assert.deepEqual(await told(shown("1")), [[]]);
    assert.deepEqual(await told(shown("4102444800")), [[]]);
  });

  inHost("properties are made up, or it is said that they cannot be", async (told, driver) => {
    const [said] = await told(
      `test { properties { path: "a.b" value: "c" } request_headers { input { header { key: ":path" value: "/property" } }
         result { log { exact: "property c" } } } }`,
    );
    assert.deepEqual(
      said,
      driver.name === "Envoy"
        ? ["properties cannot be made up in a real Envoy; run this test in the embedded host"]
        : [],
    );
  });
}
