import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { EchoUpstream } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { pass } from "../support/wait.js";

async function start(t: TestContext, configuration = ""): Promise<{ envoy: Envoy; upstream: EchoUpstream }> {
  const upstream = await startUpstream(t, async ({ path, body }, response) => {
    const size = Number(/^\/(\d+)$/.exec(path)?.[1] ?? -1);
    if (path === "/trailers") {
      response.writeHead(200, { trailer: "x-trailer" });
      response.write("with ");
      response.addTrailers({ "x-trailer": "1" });
      response.end("trailers");
    } else if (path.startsWith("/events")) {
      response.writeHead(200, { "content-type": decodeURIComponent(path.slice(8)) });
      response.write("data: secret 1\n\n");
      await pass(1500, "the events come one by one");
      response.end("data: 2\n\n");
    } else response.end(size < 0 ? body : "r".repeat(size));
  });
  const wasm = await compileFilter("tests/envoy/filters/whole-body.ts");
  return {
    upstream,
    envoy: await startEnvoy(t, { filters: [{ wasm, configuration }], upstream: upstream.port }),
  };
}

envoyTest("whole bodies: changed both ways, with content-length and with chunks and trailers", async (t) => {
  const { envoy, upstream } = await start(t);
  const plain = await request(envoy.port, { method: "POST", body: "a secret" });
  assert.equal(upstream.requests[0]!.body, "a ***");
  assert.equal(plain.body, "a ***!");
  assert.ok(plain.complete);
  const trailers = await request(envoy.port, {
    method: "POST",
    path: "/trailers",
    body: "secret secrets",
    trailers: [["x-trailer", "1"]],
  });
  assert.equal(upstream.requests[1]!.body, "*** ***s");
  assert.equal(trailers.body, "with trailers!");
  const large = await request(envoy.port, { path: "/65536" });
  assert.equal(large.body.length, 65537);
  const waiting = await request(envoy.port, { method: "POST", body: "wait" });
  assert.equal(waiting.body, "waited!");
});

envoyTest("whole bodies: none is passed on unseen, an empty one is seen", async (t) => {
  const { envoy } = await start(t);
  const head = await request(envoy.port, { method: "HEAD", path: "/5" });
  assert.equal(head.status, 200);
  assert.equal(head.body, "");
  assert.deepEqual(envoy.wasmLogs, []);
  const empty = await request(envoy.port, { path: "/0" });
  assert.ok(empty.complete);
});

envoyTest(
  "whole bodies: beyond the limit they are answered with 413, or the response is broken off",
  async (t) => {
    const { envoy, upstream } = await start(t);
    const tooLarge = await request(envoy.port, { method: "POST", body: "x".repeat(1001) });
    assert.equal(tooLarge.status, 413);
    const refused = await request(envoy.port, { method: "POST", body: "bad" });
    assert.equal(refused.status, 400);
    assert.equal(upstream.requests.filter(({ body }) => body.length > 0).length, 0);
    const response = await request(envoy.port, { path: "/70001" });
    assert.equal(response.complete && response.status === 200, false);
    assert.equal((await request(envoy.port, { path: "/70000" })).body.length, 70001);
  },
);

envoyTest("whole bodies: a filter of responses leaves requests as they are", async (t) => {
  const upstream = await startUpstream(t, ({ body }, response) => {
    response.end(body.slice(0, 10));
  });
  const wasm = await compileFilter("tests/envoy/filters/whole-response.ts");
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
  const large = await request(envoy.port, { method: "POST", body: "x".repeat(1 << 21) });
  assert.equal(large.body, "xxxxxxxxxx!");
  const headers = new Map(upstream.requests[0]!.headers);
  assert.equal(headers.get("content-length"), String(1 << 21));
  assert.equal(headers.get("transfer-encoding"), undefined);
});

envoyTest("whole bodies: a limit alone is held to", async (t) => {
  const upstream = await startUpstream(t, ({ body }, response) => {
    response.end(body);
  });
  const wasm = await compileFilter("tests/envoy/filters/whole-limit.ts");
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
  assert.equal((await request(envoy.port, { method: "POST", body: "x".repeat(10) })).status, 200);
  assert.equal((await request(envoy.port, { method: "POST", body: "x".repeat(11) })).status, 413);
  assert.equal(upstream.requests.length, 1);
});

envoyTest("whole bodies: beyond the limit they pass as they are where the filter says so", async (t) => {
  const { envoy, upstream } = await start(t, "passes");
  const body = "secret ".repeat(100_000);
  const large = await request(envoy.port, { method: "POST", body });
  assert.equal(upstream.requests[0]!.body, body);
  assert.ok(large.complete);
  assert.equal(large.body, body);
  assert.equal((await request(envoy.port, { method: "POST", body: "a secret" })).body, "a ***!");
});

/** Its own limit is Envoy's, of which Envoy refuses more with 413 before the filter sees it. */
const passes = `import { FilterDataStatus, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";
class Passes extends WholeBodyContext {
  get passesLargeRequests(): bool { return true; }
  get passesLargeResponses(): bool { return true; }
  onWholeRequestBody(size: u32): FilterDataStatus { this.request.body.append("?"); return FilterDataStatus.Continue; }
  onWholeResponseBody(size: u32): FilterDataStatus { this.response.body.append("!"); return FilterDataStatus.Continue; }
}
registerHttpFilter<Passes>();
`;

envoyTest(
  "whole bodies: what is known to be beyond the limit is not held, and so not beyond Envoy's",
  async (t) => {
    const upstream = await startUpstream(t, ({ body }, response) => {
      response.setHeader("content-length", body.length);
      response.end(body);
    });
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(passes) }],
      upstream: upstream.port,
      // A busy client has time to read it all.
      connectionManager: { delayed_close_timeout: "10s" },
    });
    for (const size of [(1 << 20) + 1, 2 << 20]) {
      const body = "x".repeat(size);
      const large = await request(envoy.port, { method: "POST", body });
      assert.deepEqual([large.status, large.complete, large.body.length], [200, true, size]);
      const { headers } = upstream.requests.at(-1);
      assert.equal(new Map(headers).get("content-length"), String(size));
    }
    assert.equal((await request(envoy.port, { method: "POST", body: "x" })).body, "x?!");
  },
);

envoyTest("whole bodies: server-sent events pass as they come; what only begins so is held", async (t) => {
  const { envoy } = await start(t);
  for (const type of ["text/event-stream", "Text/Event-Stream; charset=utf-8"]) {
    const asked = performance.now();
    const answer = await fetch(`http://127.0.0.1:${envoy.port}/events/${encodeURIComponent(type)}`);
    const reader = answer.body!.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    assert.equal(first, "data: secret 1\n\n");
    assert.ok(performance.now() - asked < 1400, "the first event came before the second");
    await reader.cancel();
  }
  const other = await request(envoy.port, { path: "/events/text%2Fevent-streams" });
  assert.equal(other.body, "data: secret 1\n\ndata: 2\n\n!");
});
