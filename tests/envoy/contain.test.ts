import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Envoy } from "../../src/envoy/index.js";
import { criticalLines, placeOfBug, startBuggy, withTrailers } from "../support/bugs.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { RawResponse } from "../support/http.js";
import { request } from "../support/http.js";

/** Each kind, what is said of it, and where on its line. */
const kinds: readonly (readonly [kind: string, message: string, at: string])[] = [
  ["throw", "thrown", "throw new"],
  ["assert", "asserted", "assert("],
  ["index", "Index out of range", "numbers[3"],
  ["typed", "Index out of range", "new Uint8Array"],
  ["static", "Index out of range", "new StaticArray"],
  ["key", "Key does not exist", "new Map"],
  ["null", "Unexpected 'null' (not assigned or failed cast)", "new Node"],
  ["cast", "invalid downcast", "(zero"],
  ["length", "Invalid length", "new Array"],
  ["pop", "Array is empty", "new Array"],
  ["unreachable", "unreachable", "unreachable()"],
  ["divide", "division by zero", "7 /"],
  ["remainder", "division by zero", "<i32>("],
  ["overflow", "a quotient that is too large", "(i32.MIN"],
  ["deep", "deep", "throw new"],
  ["lambda", "in a function", "assert(n"],
  ["codepoint", "", "String."],
];

/** What the client gets for a bug in a stage: a status, or 0 where the response breaks off; and what the log calls it. */
type Stage = readonly [stage: string, status: number, callback: string];

const stages: readonly Stage[] = [
  ["constructor", 500, "a constructor"],
  ["onRequestHeaders", 500, "onRequestHeaders"],
  ["respond", 500, "onRequestHeaders"],
  ["onRequestBody", 500, "onRequestBody"],
  ["onRequestTrailers", 500, "onRequestTrailers"],
  ["onResponseHeaders", 500, "onResponseHeaders"],
  ["onResponseBody", 0, "onResponseBody"],
  ["onResponseTrailers", 0, "onResponseTrailers"],
  ["answer", 500, "the answer to a call"],
  ["grpc-answer", 500, "the end of a gRPC call"],
  ["grpc-stream", 500, "the end of a gRPC call"],
  ["timer", 500, "a timer"],
  ["onLog", 200, "onLog"],
  ["onDone", 200, "onDone"],
  ["onDelete", 200, "onDelete"],
  ["plugin-timer", 200, "a timer"],
  ["queue", 200, "onQueueReady"],
  ["plugin-answer", 200, "the answer to a call"],
];

const sharedStages: readonly Stage[] = [
  ["onRequestHeaders", 500, "onRequestHeaders"],
  ["respond", 500, "onRequestHeaders"],
  ["onRequestBody", 500, "onRequestBody"],
  ["onResponseHeaders", 500, "onResponseHeaders"],
  ["onResponseBody", 0, "onResponseBody"],
  ["onLog", 200, "onLog"],
];

const flowStages: readonly Stage[] = [
  ["outer-before", 500, "onRequestHeaders"],
  ["start", 500, "onRequestHeaders"],
  ["sleep", 500, "a timer"],
  ["fetch", 500, "the answer to a call"],
  ["body", 500, "onRequestTrailers"],
  ["after-body", 500, "a timer"],
  ["next", 500, "onResponseHeaders"],
  ["response-body", 0, "onResponseBody"],
  ["outer-after", 500, "onResponseHeaders"],
];

/** Stages of no request, of one that has no headers yet, and those in which Envoy has let go of them. */
const ofNone =
  /^(plugin|queue|constructor|onRequestBody|onRequestTrailers|onResponse|onDone|onDelete|after-body)/;

const trailers = [["x-trailer", "1"]] as const;

function ask(envoy: Envoy, headers: readonly (readonly [string, string])[]): Promise<RawResponse> {
  return request(envoy.port, { method: "POST", headers, body: "body", trailers });
}

/** Has each kind of bug in each stage; answers what is not as it should be. */
async function tryAll(
  envoy: Envoy,
  stages: readonly Stage[],
  good: (response: RawResponse, expect: (actual: unknown, expected: unknown) => void) => void,
  step = 1,
): Promise<string> {
  const wrong: string[] = [];
  let count = 0;
  for (const [stage, status, callback] of stages) {
    for (const [kind, message, at] of kinds.filter((_, index) => index % step === 0)) {
      const what = `${kind}@${stage}`;
      const expect = (actual: unknown, expected: unknown): void => {
        if (actual !== expected) wrong.push(`${what}: ${String(actual)} instead of ${String(expected)}`);
      };
      if (stage === "constructor") await ask(envoy, [["x-bug", `${kind}@arm`]]);
      const response = await ask(envoy, [
        ["x-bug", what],
        ["x-request-id", `id-${what}`],
      ]);
      expect(response.complete ? response.status : 0, status);
      if (status === 500) expect(response.body, "");
      await envoy.waitForLog(() => criticalLines(envoy).length > count);
      const line = criticalLines(envoy)[count++]!;
      const id = ofNone.test(stage) || ofNone.test(callback) ? "" : `, request id-${what}`;
      expect(line, `abort: ${message} at ${placeOfBug(kind, at)} in ${callback}${id}`);
      const next = await ask(envoy, []);
      expect(next.status, 200);
      good(next, expect);
    }
  }
  if (criticalLines(envoy).length !== count) wrong.push("more lines than bugs");
  return wrong.slice(0, 20).join("\n");
}

for (const options of [{}, { target: "debug" }, { options: ["--runtime", "incremental"] }] as const) {
  const build = JSON.stringify(options);
  const step = "target" in options || "options" in options ? 4 : 1;
  envoyTest(`each kind of bug in each callback costs one request (${build})`, async (t) => {
    const { envoy } = await startBuggy(t, "tests/envoy/filters/contain.ts", options, withTrailers);
    const wrong = await tryAll(envoy, stages, (next, expect) => expect(next.all("x-seen").join(), ""), step);
    assert.equal(wrong, "");
    const open = await ask(envoy, [["x-open", "1"]]);
    assert.match(open.all("x-open")[0]!, /^2 0 \d+$/, "the plugin, and this stream");
  });

  // Flows have a runtime of their own.
  if ("options" in options) continue;
  envoyTest(`each kind of bug in each stage of a flow costs one request (${build})`, async (t) => {
    const { envoy } = await startBuggy(t, "tests/envoy/filters/contain-flow.ts", options);
    const wrong = await tryAll(
      envoy,
      flowStages,
      (next, expect) => expect(next.all("x-flow").join(), "200"),
      step,
    );
    assert.equal(wrong, "");
    // The client goes while the flow waits, and one of two things that are to be done then has a bug.
    const lines = criticalLines(envoy).length;
    await request(envoy.port, { headers: [["x-bug", "throw@cancel"]], cutAfter: 100 });
    await envoy.waitForLog(() => criticalLines(envoy).length > lines);
    await envoy.waitForLog((log) => log.includes("last of cancel"));
    assert.equal((await ask(envoy, [["x-open", "1"]])).body, "0", "nothing waits any more");
  });
}

envoyTest("each kind of bug in a filter without state costs one request", async (t) => {
  const { envoy } = await startBuggy(t, "tests/envoy/filters/contain-shared.ts");
  assert.equal(await tryAll(envoy, sharedStages, () => undefined), "");
});

envoyTest("a bug in a connection's callback closes it, and no other", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/contain-tcp.ts");
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const envoy = await startEnvoy(t, {
    tcpFilters: [{ wasm }],
    upstream: (server.address() as AddressInfo).port,
  });
  /** Sends a text; answers what comes back until the connection is closed, or the text is back. */
  const send = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let received = "";
      const socket = connect(envoy.tcpPort, "127.0.0.1", () => socket.write(text));
      socket.setEncoding("latin1").on("data", (data) => {
        received += String(data);
        if (received.length >= text.length) socket.destroy();
      });
      socket.on("error", () => undefined).on("close", () => resolve(received));
    });
  const open = connect(envoy.tcpPort, "127.0.0.1").setEncoding("latin1");
  let count = 0;
  for (const [stage, reply, armed] of [
    ["constructor", "", true],
    ["onNewConnection", "", true],
    ["onDownstreamData", "", false],
    ["onUpstreamData", "", false],
    ["timer", "", false],
    ["onDownstreamClose", undefined, false],
    ["onDone", undefined, false],
    ["onDelete", undefined, false],
    ["onLog", undefined, false],
  ] as const) {
    for (const [kind, message, at] of kinds) {
      const what = `${kind}@${stage}`;
      if (armed) assert.equal(await send(`next ${what}`), `next ${what}`);
      const text = armed ? "hello" : what;
      assert.equal(await send(text), reply ?? text, what);
      await envoy.waitForLog(() => criticalLines(envoy).length > count);
      const callback = stage === "constructor" ? "a constructor" : stage === "timer" ? "a timer" : stage;
      assert.equal(
        criticalLines(envoy)[count++],
        `abort: ${message} at ${placeOfBug(kind, at)} in ${callback}`,
      );
      assert.equal(await send("good"), "good", what);
    }
  }
  const reply = new Promise((resolve) => open.once("data", resolve));
  open.write("still open");
  assert.equal(await reply, "still open");
  open.destroy();
});

envoyTest("a bug in an access logger or a stats sink costs one entry", async (t) => {
  const wasm = await compileFilterText(`
    import { AccessLogger, StatsReader, StatsSink, log, registerPlugin } from "proxy-wasm-as";

    class Logger extends AccessLogger {
      onLog(): void {
        const path = this.request.headers.get(":path")!;
        log.info(path.split("/good")[1]);
      }
    }

    class Sink extends StatsSink {
      private updates: i32 = 0;

      onStatsUpdate(stats: StatsReader): void {
        assert(this.updates++ != 0, "the first");
        log.info("update " + this.updates.toString());
      }
    }
    registerPlugin<Logger>("log");
    registerPlugin<Sink>("sink");
  `);
  const envoy = await startEnvoy(t, {
    accessLoggers: [{ wasm, rootId: "log" }],
    statsSinks: [{ wasm, rootId: "sink", vmId: "sink" }],
    upstream: (await startUpstream(t)).port,
    edit: (config) => void (config.stats_flush_interval = "0.1s"),
  });
  for (const path of ["/bad", "/good1", "/bad", "/good2"])
    assert.equal((await request(envoy.port, { path })).status, 200);
  const said = (level: string): string[] =>
    envoy.wasmLogs.filter((line) => line.level === level).map(({ message }) => message);
  await envoy.waitForLog(() => said("info").includes("2") && said("info").includes("update 3"));
  assert.deepEqual(
    said("info").filter((line) => !line.startsWith("update")),
    ["1", "2"],
  );
  const bugs = said("critical").map((line) => line.replace(/ at .* in /, " in ").replace(/, request .*/, ""));
  assert.deepEqual(bugs.sort(), [
    "abort: Index out of range in onLog",
    "abort: Index out of range in onLog",
    "abort: the first in onStatsUpdate",
  ]);
});

envoyTest("a bug in onConfigure refuses the configuration", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/contain.ts");
  await assert.rejects(
    startEnvoy(t, { filters: [{ wasm, configuration: "bug index" }] }),
    /abort: Index out of range at tests\/envoy\/filters\/bug-kinds\.ts:24:31 in onConfigure/,
  );
});

envoyTest("the details of the response name the plugin", async (t) => {
  const seen: string[] = [];
  const wasm = await compileFilter("tests/envoy/filters/contain.ts");
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, name: "mine" }],
    connectionManager: {
      access_log: [
        {
          name: "stderr",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
            log_format: { text_format_source: { inline_string: "details=%RESPONSE_CODE_DETAILS%\n" } },
          },
        },
      ],
    },
    onLog: (text) => seen.push(text),
  });
  await request(envoy.port, { headers: [["x-bug", "index@onRequestHeaders"]] });
  await envoy.waitForLog(() => seen.join("").includes("details="));
  assert.match(seen.join(""), /details=bug_in_mine\n/);
});
