/** What random calls have killed or hung Envoy with, one by one: the SDK refuses it, and the stream lives on. */
import assert from "node:assert/strict";
import { createServer } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import type { TestContext } from "node:test";
import type { EnvoyOptions } from "../../src/envoy/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { RawRequest, RawResponse } from "../support/http.js";
import { request } from "../support/http.js";
import { listen } from "../support/ports.js";
import { pass, until } from "../support/wait.js";

interface Answer extends RawResponse {
  /** What the filter has logged meanwhile. */
  readonly said: string[];
}

/** What the filter says before the request's trailers are sent, and at last. */
interface Awaited {
  readonly trailers?: string;
  readonly end?: string;
}

async function startSafety(
  t: TestContext,
  options: Partial<EnvoyOptions> = {},
  build: readonly string[] = [],
): Promise<(path: string, options?: RawRequest, awaited?: Awaited) => Promise<Answer>> {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilter("tests/envoy/filters/safety.ts", { options: build }) }],
    upstream: upstream.port,
    edit: (config) => void config.static_resources.clusters.push({ name: "empty", type: "STATIC" }),
    ...options,
  });
  return async (path, options, { trailers, end } = {}) => {
    const before = envoy.wasmLogs.length;
    const said = (): string[] => envoy.wasmLogs.slice(before).map(({ message }) => message);
    const comes = (what: string): Promise<void> => until(() => said().some((line) => line.includes(what)));
    const response = await request(envoy.port, {
      path,
      ...options,
      ...(trailers !== undefined && { trailersAfter: comes(trailers) }),
    });
    if (end !== undefined) await comes(end);
    await pass(50, "Envoy dies after the response, if it does");
    assert.ok(envoy.isAlive, `Envoy died of ${path}`);
    return { ...response, said: said() };
  };
}

envoyTest("safe: a response that takes another's place cannot be reset after it", async (t) => {
  const ask = await startSafety(t);
  const { status, body, said } = await ask("/respond-then-reset");
  assert.deepEqual([status, body, said], [503, "instead", ["/respond-then-reset reset 2"]]);
});

envoyTest("safe: a response that was resumed in a timer cannot be reset in the same one", async (t) => {
  const ask = await startSafety(t);
  const { status, complete, said } = await ask("/resume-then-reset");
  assert.deepEqual([status, complete, said], [200, true, ["/resume-then-reset reset 2"]]);
});

envoyTest("safe: a callback of one stream cannot act upon another; a timer can", async (t) => {
  const ask = await startSafety(t);
  const waiting = ask("/wait");
  await pass(50, "the other request is waiting, and says nothing");
  const { status, complete, said } = await ask("/answer-other");
  assert.deepEqual([status, complete, said], [200, true, ["/answer-other refused 2 2 2"]]);
  assert.equal((await waiting).body, "from a timer");
});

envoyTest("safe: a stream that is gone cannot be acted upon, in onDelete or later", async (t) => {
  const ask = await startSafety(t);
  for (let i = 0; i < 20; i++) {
    const { status, said } = await ask("/act-when-gone", {}, { end: "gone 2" });
    assert.equal(status, 200);
    assert.deepEqual(said.slice(0, 2), ["/act-when-gone stream 2", "/act-when-gone respond 2 reset 2"]);
    assert.ok(said.includes("gone 2"), said.join("\n"));
  }
});

envoyTest(
  "safe: a gRPC stream whose metadata matters opens first thing in a timer, and only there",
  async (t) => {
    const ask = await startSafety(t);
    const { status, said } = await ask("/open-streams");
    assert.equal(status, 200);
    assert.deepEqual(
      said.filter((line) => line.startsWith("/")),
      ["/open-streams callback 2", "/open-streams timer 10 2", "/open-streams call 10 stream 2"],
    );
  },
);

envoyTest("safe: looking for trailers in a body callback makes none, and the hold holds", async (t) => {
  const ask = await startSafety(t);
  const started = Date.now();
  const { status, said } = await ask("/look-for-trailers", { method: "POST", body: "x" });
  assert.ok(Date.now() - started >= 20);
  assert.deepEqual(
    [status, said],
    [200, ["/look-for-trailers none", "/look-for-trailers 0 0", "/look-for-trailers resumed"]],
  );
});

envoyTest("safe: trailers made in a body callback cannot let a held message through", async (t) => {
  const ask = await startSafety(t);
  const made = await ask("/make-trailers", { method: "POST", body: "x" });
  assert.deepEqual([made.status, made.said], [200, ["/make-trailers made 0 1"]]);
  const held = await ask("/make-trailers-and-hold", { method: "POST", body: "x" });
  assert.equal(held.complete, false);
  assert.match(held.said[1]!, /must answer Continue; resetting the stream/);
});

/** The port of an upstream that answers before the whole request has come, without the `length` bytes that it announces. */
async function startEarly(t: TestContext, length = 0): Promise<number> {
  const early = createTcpServer((socket) => {
    socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`));
    socket.on("error", () => undefined);
  });
  return listen(t, early);
}

envoyTest("safe: a stream that is resumed both ways may end before the second", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/safety.ts");
  const filters = ["holds", "resets"].map((name) => ({ wasm, name }));
  const ask = await startSafety(t, { filters, upstream: await startEarly(t, 1) });
  for (let i = 0; i < 5; i++) {
    const { status, said } = await ask("/resume-both", { method: "POST", body: "x" });
    assert.deepEqual([status, said], [0, ["/resume-both resume 0 0"]]);
  }
});

envoyTest(
  "safe: trailers of a response are not made, as one that waits for its end would not get them",
  async (t) => {
    const wasm = await compileFilter("tests/envoy/filters/safety.ts");
    const ask = await startSafety(t, { filters: ["waits", "makes"].map((name) => ({ wasm, name })) });
    const { status, complete, said } = await ask("/make-response-trailers");
    assert.deepEqual([status, complete, said], [200, true, ["/make-response-trailers made 2"]]);
  },
);

envoyTest("safe: trailers of a request are not made or read where they would dangle", async (t) => {
  // Having seen the response's end, Envoy makes trailers for who touches them.
  const ask = await startSafety(t, { upstream: await startEarly(t) });
  const trailers = { method: "POST", body: "x", trailers: [["x-a", "2"]] } as const;
  for (let i = 0; i < 10; i++) {
    const { status, said } = await ask("/touch-trailers", trailers, { trailers: " timer ", end: " delete " });
    const where = ["response", "timer", "late", "delete"];
    assert.deepEqual([status, said], [200, where.map((at) => `/touch-trailers ${at} 2 2 2 2`)]);
  }
});

envoyTest("safe: a plugin's first timer can begin in a tick of another one of the same VM", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/safety.ts");
  // The first filter's tick resumes the request, whose headers come to the second within it, and so on.
  const filters = Array.from({ length: 9 }, (_, i) => ({ wasm, vmId: "one", name: `filter-${i}` }));
  const ask = await startSafety(t, { filters });
  for (let i = 0; i < 3; i++) assert.equal((await ask("/first-timers")).status, 200);
});

envoyTest("safe: a timer begins for the plugin of its stream, wherever it is started", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/safety.ts");
  const filters = ["a", "b"].map((name) => ({ wasm, vmId: "one", name }));
  const ask = await startSafety(t, { filters });
  const { status, said } = await ask("/timer-of-another");
  assert.deepEqual([status, said], [200, ["fired"]]);
});

envoyTest("safe: a held request cannot be resumed in a callback of the response", async (t) => {
  // By HTTP/2, the upstream resets the stream while Envoy waits for the rest of the request: Envoy answers 503 itself.
  const upstream = createServer().on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.close(8);
  });
  const port = await listen(t, upstream);
  const ask = await startSafety(t, {
    clusters: { "grpc-upstream": port },
    edit: (config) => {
      const [manager] = config.static_resources.listeners[0].filter_chains[0].filters;
      manager.typed_config.route_config.virtual_hosts[0].routes[0].route.cluster = "grpc-upstream";
    },
  });
  for (let i = 0; i < 3; i++) {
    const { status, said } = await ask("/resume-in-response", { method: "POST", body: "x" });
    assert.deepEqual([status, said], [503, ["/resume-in-response resume 2"]]);
  }
});

envoyTest(
  "safe: a trap in the callback of a reset, or in a timer or answer, leaves Envoy alive",
  async (t) => {
    const resets = ["", "-in-body", "-in-response", "-later", "-in-answer"].map(
      (at) => `/reset-then-trap${at}`,
    );
    for (const where of [...resets, "/respond-then-trap-in-response"]) {
      const ask = await startSafety(t, { connectionManager: { stream_idle_timeout: "0.5s" } }, [
        ...["--use", "PROXY_WASM_TRAPS=1"],
      ]);
      const { status, complete, said } = await ask(where, { method: "POST", body: "x" });
      assert.match(said[0]!, /unreachable/, where);
      // Cut, or, where the reset never left the filter, answered by Envoy for the filter that failed.
      assert.ok(!complete || status === 503, `${where} ${status}`);
      assert.equal((await ask("/")).status, 503, where);
    }
  },
);

envoyTest(
  "timers of two contexts of one stream, which cannot both fire in one tick, take turns",
  async (t) => {
    const wasm = await compileFilterText(`
    import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

    const counts: i32[] = [];

    class Counts extends HttpContext {
      private place: i32 = 0;

      onRequestHeaders(): FilterHeadersStatus {
        this.place = counts.length;
        counts.push(0);
        this.every(1, () => this.count());
        return this.place == 0 ? FilterHeadersStatus.Continue : FilterHeadersStatus.StopIteration;
      }

      private count(): void {
        if (++counts[this.place] == 30) log.info(counts.join());
        if (this.place == 1 && max(counts[0], counts[1]) >= 30) this.resumeRequest();
      }
    }

    class Timers extends PluginContext {
      onConfigure(configuration: string): bool {
        for (let i = 0; i < 10; i++) this.every(1, () => {});
        return true;
      }

      createHttpContext(): HttpContext {
        return new Counts();
      }
    }
    registerPlugin<Timers>();
  `);
    const filter = { wasm, name: "twice" };
    const upstream = await startUpstream(t);
    const envoy = await startEnvoy(t, { filters: [filter, filter], upstream: upstream.port, concurrency: 1 });
    await request(envoy.port);
    const [first, second] = envoy.wasmLogs[0]!.message.split(",").map(Number);
    assert.ok(Math.min(first!, second!) >= 25, `${first} and ${second} turns`);
  },
);

envoyTest("safe: two contexts of one stream cannot both end it in one timer", async (t) => {
  const upstream = await startUpstream(t, (_, response) => void setTimeout(() => response.end("late"), 10));
  const filter = { wasm: await compileFilter("tests/envoy/filters/pair.ts"), name: "twice" };
  const envoy = await startEnvoy(t, {
    filters: [filter, filter],
    upstream: upstream.port,
    concurrency: 1,
    connectionManager: { stream_idle_timeout: "0.3s" },
  });
  const refused = async (path: string, answers: string[]): Promise<void> => {
    const before = envoy.wasmLogs.length;
    await request(envoy.port, { path });
    assert.ok(envoy.isAlive, `Envoy died of ${path}`);
    const said = envoy.wasmLogs.slice(before).map(({ message }) => message);
    assert.deepEqual(said, answers, path);
  };
  for (const order of ["", "r"]) {
    await refused(`/-q/xx/${order}`, ["x 0", "x 2"]);
    await refused(`/s-/pp/${order}`, ["p 0", "p 2"]);
    await refused(`/-s/pp/${order}`, ["p 0", "p 2"]);
    await refused(`/s-/xx/${order}`, ["x 0", "x 2"]);
    await refused(`/-s/xx/${order}`, ["x 0", "x 2"]);
    // A reset may be the end of what a resumption has ended already.
    await refused(`/s-/sx/${order}`, order === "r" ? ["x 0", "s 2"] : ["s 0", "x 2"]);
    await refused(`/-s/px/${order}`, order === "r" ? ["x 0", "p 2"] : ["p 0", "x 2"]);
  }
  // Two that let it go on are told so one after the other, by timers of their own.
  await refused("/ss/ss/t", ["s 0", "s 0"]);
  await refused("/sq/sq/t", ["s 0", "q 0"]);
  await refused("/-q/qp/t", ["q 0", "p 0"]);
  await refused("/-q/qx/t", ["q 0", "x 0"]);
});
