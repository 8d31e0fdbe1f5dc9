import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Envoy } from "../../src/envoy/index.js";
import { criticalLines, placeOfBug, startBuggy } from "../support/bugs.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import type { RawResponse } from "../support/http.js";
import { request } from "../support/http.js";

const INDEX = `Index out of range at ${placeOfBug("index", "numbers[3")}`;
const DIVIDE = `division by zero at ${placeOfBug("divide", "7 /")}`;

function ask(envoy: Envoy, stage: string, policy: string): Promise<RawResponse> {
  const headers = [
    ["x-stage", stage],
    ["x-policy", policy],
  ] as const;
  // Trailers need chunks, and a refused change of a body a length.
  const trailers = stage === "missed" ? undefined : ([["x-trailer", "1"]] as const);
  return request(envoy.port, { method: "POST", headers, body: "body", trailers });
}

/** What the client gets, by stage, of each policy: a status, or 0 where the response breaks off. */
type Outcomes = Readonly<Record<string, Readonly<Record<string, number>>>>;

const closed = 500;
const usual = { open: 200, closed, respond: 503, throw: closed };
const always200 = { open: 200, closed: 200, respond: 200, throw: 200 };

const shared: Outcomes = {
  onRequestHeaders: usual,
  respond: usual,
  onRequestBody: usual,
  onResponseHeaders: usual,
  onResponseBody: { open: 200, closed: 0, respond: 0, throw: 0 },
  onLog: always200,
};

const all: Outcomes = {
  ...shared,
  onRequestHeaders: { ...usual, plugin: 200, loop: closed },
  endless: usual,
  onRequestTrailers: usual,
  answer: { ...usual, plugin: 200 },
  timer: usual,
  "response-timer": usual,
  // It has gone on already, and can only end with its turn over.
  resumed: { open: 200 },
  // Safe in no other way.
  missed: { open: closed, closed, respond: 503 },
  dropped: { open: closed, closed, respond: 503 },
};

async function tryAll(envoy: Envoy, outcomes: Outcomes): Promise<void> {
  const wrong: string[] = [];
  let count = criticalLines(envoy).length;
  for (const [stage, byPolicy] of Object.entries(outcomes)) {
    for (const [policy, status] of Object.entries(byPolicy)) {
      const response = await ask(envoy, stage, policy);
      const what = `${stage} ${policy}`;
      const expect = (actual: unknown, expected: unknown): void => {
        if (actual !== expected) wrong.push(`${what}: ${String(actual)} instead of ${String(expected)}`);
      };
      expect(response.complete ? response.status : 0, status);
      if (response.status === 503 && stage !== "endless") expect(response.body, INDEX);
      if (response.status === 503 && stage === "endless")
        expect(/loop without end/.test(response.body), true);
      // Nothing of the filter runs any more.
      expect(
        response.all("x-seen").join(),
        stage === "onResponseBody" || stage === "onLog" ? seen(stage) : "",
      );
      const more = policy === "throw" || policy === "loop" ? 2 : 1;
      await envoy.waitForLog(() => criticalLines(envoy).length >= count + more);
      const last = criticalLines(envoy).slice(count);
      count += more;
      if (stage !== "endless") expect(last[0]!.startsWith(`abort: ${INDEX} in `), true);
      if (policy === "throw") expect(last[1]!.startsWith(`abort: ${DIVIDE} in onError`), true);
      if (policy === "loop") expect(/a loop without end at .* in onError/.test(last[1]!), true);
      expect((await ask(envoy, "", "")).status, 200);
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(criticalLines(envoy).length, count);

  function seen(stage: string): string {
    return outcomes === shared ? "" : stage;
  }
}

envoyTest("a filter says what becomes of a stream that a bug has ended", async (t) => {
  const { envoy } = await startBuggy(t, "tests/envoy/filters/on-error.ts");
  await tryAll(envoy, all);
});

envoyTest("so does one without state", async (t) => {
  const { envoy } = await startBuggy(t, "tests/envoy/filters/on-error-shared.ts");
  await tryAll(envoy, shared);
});

envoyTest(
  "a plugin says it where a stream could not be made, and hears of its own; bugs are counted",
  async (t) => {
    const { envoy } = await startBuggy(t, "tests/envoy/filters/on-error.ts");
    const counted = (name: string): Promise<number | undefined> => envoy.stat(`wasmcustom.on_error.${name}`);
    for (const [policy, status] of [
      ["open", 200],
      ["closed", 500],
    ] as const) {
      assert.equal((await ask(envoy, "arm", policy)).status, 200);
      assert.equal((await ask(envoy, "", "")).status, status, policy);
    }
    assert.equal(await counted("plugin"), 2);
    await ask(envoy, "plugin-timer", "open");
    await envoy.waitForLog(() => criticalLines(envoy).some((line) => line.endsWith("in a timer")));
    assert.equal(await counted("plugin"), 3);
    assert.equal(await counted("bugs"), 3);
  },
);

envoyTest("a connection goes on without its filter, or is closed", async (t) => {
  const wasm = await compileFilterText(`
    import { FailurePolicy, FilterStatus, TcpContext, registerTcpFilter } from "proxy-wasm-as";

    class Connection extends TcpContext {
      text: string = "";

      onError(error: Error): FailurePolicy {
        return this.text.startsWith("open") ? FailurePolicy.FailOpen : FailurePolicy.FailClosed;
      }

      onDownstreamData(size: u32, endOfStream: bool): FilterStatus {
        this.text = this.downstreamData.text();
        if (this.text.endsWith("timer")) {
          this.after(1, () => assert(this.text.length == 0));
          return FilterStatus.StopIteration;
        }
        assert(this.text.length == 0);
        return FilterStatus.Continue;
      }
    }
    registerTcpFilter<Connection>();
  `);
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const envoy = await startEnvoy(t, {
    tcpFilters: [{ wasm }],
    upstream: (server.address() as AddressInfo).port,
  });
  for (const [text, wanted] of [
    ["open", "open"],
    ["open timer", "open timer"],
    ["closed", ""],
    ["closed timer", ""],
  ] as const) {
    const received = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(envoy.tcpPort, "127.0.0.1", () => socket.write(text));
      socket.setEncoding("latin1").on("data", (data) => {
        all += String(data);
        // Another text goes through without the filter, which would have closed the connection.
        if (all === text) socket.write("more");
        else if (all === `${text}more`) socket.destroy();
      });
      socket.on("error", () => undefined).on("close", () => resolve(all));
    });
    assert.equal(received, wanted === "" ? "" : `${wanted}more`, text);
  }
});
