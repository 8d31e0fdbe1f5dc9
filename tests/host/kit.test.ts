/** The test kit, with filters of this SDK. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LoadError,
  ResponseDiffers,
  StreamHangs,
  createHost,
  expectResponse,
  explain,
} from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { pass } from "../support/wait.js";

const filter = (name: string): Promise<string> => compileFilter(`tests/envoy/filters/${name}.ts`);

test("kit: a request that waits for a call goes on with its answer", async () => {
  const host = await createHost({
    wasm: await filter("calls"),
    upstream: "echo",
    clusters: { side: (call) => ({ body: `answer to ${call.path}`, headers: { "x-echo": call.body } }) },
  });
  const response = await host.request({ path: "/x", headers: { "x-call": "/check" } });
  assert.equal(response.status, 200);
  assert.equal(response.calls.length, 1);
  assert.equal(response.calls[0]!.method, "POST");
  assert.equal(response.calls[0]!.path, "/check");
  assert.equal(response.calls[0]!.body, "ask");
  assert.match(response.upstream!.headers.get("x-seen")!, /^first 200 0 answer to \/check /);
  assert.deepEqual(response.messages, ["deleted with 0 waiting"]);
});

test("kit: answers that a test holds come in the order that it says", async () => {
  const host = await createHost({ wasm: await filter("calls"), upstream: {}, clusters: { side: "hold" } });
  const pending = host.request({ headers: { "x-call": "/one", "x-second": "/two" } });
  await host.idle();
  const [one, two] = host.calls;
  assert.deepEqual([one!.path, two!.path], ["/one", "/two"]);
  two!.answer({ body: "2" });
  await host.idle();
  assert.equal(host.calls.length, 2, "the request has not gone on");
  one!.answer({ body: "1" });
  const { upstream } = await pending;
  assert.match(upstream!.headers.get("x-seen")!, /^second 2;first 200 0 1 /);
});

test("kit: a promise as an answer, refused connections and timeouts", async () => {
  const wasm = await filter("calls");
  const slow = async (): Promise<{ body: string }> => {
    await pass(5, "the upstream is slow");
    return { body: "late" };
  };
  const host = await createHost({
    wasm,
    upstream: {},
    clusters: { side: slow, dead: "refused", never: { delay: 10_000 } },
  });
  const headers = (cluster: string): Record<string, string> => {
    return { "x-call": "/", "x-cluster": cluster, "x-timeout": "1500" };
  };
  const seen = async (cluster: string): Promise<string> => {
    const { upstream } = await host.request({ headers: headers(cluster) });
    return upstream!.headers.get("x-seen")!;
  };
  assert.match(await seen("side"), /^first 200 0 late/);
  assert.match(await seen("dead"), /^first 503/);
  const before = host.loop.now();
  assert.match(await seen("never"), /^first 504/);
  assert.equal(host.loop.now() - before, 1500, "virtual time passed as far as the call's limit");
  const unknown = await host.request({ headers: headers("nobody") });
  assert.equal(unknown.body, "not sent: 2");
  assert.match(
    unknown.refusals[0]!.reason,
    /there is no cluster "nobody"; those that there are: side, dead, never/,
  );
});

test("kit: a request that hangs says so, with the last calls", async () => {
  const host = await createHost({ wasm: await filter("state"), upstream: {} });
  await assert.rejects(host.request({ headers: { "x-do": "wait|1000" }, wait: 500 }), (error: Error) => {
    assert.ok(error instanceof StreamHangs);
    assert.match(error.message, /^The request GET \/ hangs: .* within 500 ms .*\. Resume or answer it/);
    assert.match(error.message, /\[host->vm\] proxy_on_request_headers\(/);
    return true;
  });
  const response = await host.request({ headers: { "x-do": "wait|1000" }, wait: 500, mayHang: true });
  assert.equal(response.status, 0);
});

test("kit: timers run on the virtual clock", async () => {
  const host = await createHost({ wasm: await filter("state"), pluginConfig: "timers", upstream: {} });
  assert.equal(host.messages.length, 0);
  await host.tick(20);
  assert.deepEqual(host.messages, ["tick 1"]);
  await host.tick(80);
  assert.ok(host.messages.includes("one-shot timers: 11"));
  await host.tick(1000);
  assert.ok(!host.messages.includes("tick 6"), "the timer was stopped");
  const started = host.loop.now();
  const response = await host.request({ headers: { "x-do": "wait|150" } });
  assert.equal(response.upstream!.headers.get("x-waited"), "1");
  assert.ok(host.loop.now() - started >= 150);
});

test("kit: metrics, properties, shared data and queues", async () => {
  const wasm = await filter("state");
  const host = await createHost({
    filters: [
      { wasm, vmId: "producer", name: "p" },
      { wasm, vmId: "consumer", name: "c", configuration: "queue" },
    ],
    properties: { "node.id": "node-1" },
  });
  const run = async (command: string): Promise<string> =>
    (await host.request({ headers: { "x-do": command } })).body;
  assert.equal(await run("count"), "3 7 2 2 2");
  assert.equal(host.metrics()["requests"], 3);
  assert.equal(host.metrics()["level"], 7);
  assert.match(host.prometheus(), /^requests\{\} 3$/m);
  assert.equal(await run("text|node|id"), "[node-1] 0");
  assert.equal(await run("text|plugin_name"), "[p] 0");
  assert.equal(await run("set|k|value"), "0 0");
  assert.equal(await run("get|k"), "[value] versioned 0");
  assert.equal(await run("enqueue|consumer|1"), "0 0");
  assert.ok(host.messages.some((message) => message.startsWith("job 1-1 of queue")));
});

test("kit: whole bodies, in chunks and over HTTP/2", async () => {
  const wasm = await filter("whole-body");
  const host = await createHost({ wasm, upstream: (call) => ({ body: [call.body, "-", "end"] }) });
  for (const http2 of [false, true]) {
    const response = await host.request({ method: "POST", body: ["a sec", "ret b"], http2 });
    assert.equal(response.upstream!.body, "a *** b");
    assert.equal(response.body, "a *** b-end!");
  }
  const denied = await host.request({ method: "POST", body: "bad" });
  assert.equal(denied.status, 400);
  const waiting = await host.request({ method: "POST", body: "wait" });
  assert.equal(waiting.upstream!.body, "waited");
  const large = await host.request({ method: "POST", body: "x".repeat(1001) });
  assert.equal(large.status, 413);
});

test("kit: a stream in steps, whose client goes away", async () => {
  const host = await createHost({
    wasm: await filter("calls"),
    upstream: "hold",
    clusters: { side: "hold" },
  });
  const stream = host.open({ method: "POST", path: "/s", headers: { "x-call": "/c" } });
  stream.sendHeaders();
  stream.send("abc");
  assert.equal(stream.status, 0);
  host.calls[0]!.answer({ body: "go" });
  await host.idle();
  assert.equal(stream.upstream!.path, "/s");
  assert.equal(stream.upstream!.body, "abc");
  assert.equal(stream.upstream!.complete, false);
  stream.end();
  await host.idle();
  assert.equal(stream.upstream!.complete, true);
  stream.upstream!.respondHeaders(200, { "x-r": "1" });
  await host.idle();
  assert.equal(stream.status, 200);
  stream.abort();
  await host.idle();
  assert.equal(stream.upstream!.cancelled, true);
  assert.deepEqual(host.messages, ["deleted with 0 waiting"]);
});

test("kit: connections through a network filter", async () => {
  const host = await createHost({ tcpFilters: [{ wasm: await filter("tcp") }], upstream: "echo" });
  const connection = host.connect();
  connection.send("hello");
  assert.equal(connection.received, "<[HELLO]>");
  connection.end();
  assert.ok(connection.ended || connection.closed);
  assert.ok(host.messages.some((message) => message.includes("delete")));
});

test("kit: a configuration that the plugin refuses", async () => {
  await assert.rejects(
    createHost({ wasm: await filter("plugins"), pluginConfig: "refuse", rootId: "no such plugin" }),
    /Failed to (start|configure) base Wasm|plugin/,
  );
});

test("kit: what an expectation that fails shows", async () => {
  const host = await createHost({ wasm: await filter("calls"), upstream: {}, clusters: { side: {} } });
  const response = await host.request({ headers: { "x-call": "/", "x-cluster": "nobody" } });
  expectResponse(response, { status: 500, body: /^not sent/, headers: { "x-none": null, server: "envoy" } });
  const wrong = {
    status: 200,
    headers: { "x-a": "1" },
    body: "ok",
    details: /via/,
    upstreamHeaders: { "x-b": /./ },
  };
  assert.throws(
    () => expectResponse(response, wrong),
    (error: Error) => {
      assert.ok(error instanceof ResponseDiffers);
      assert.deepEqual(error.actual, {
        status: 500,
        "header x-a": null,
        "upstream's header x-b": null,
        body: "not sent: 2",
        details: "",
      });
      assert.match(error.message, /^status is 500, not 200\nheader x-a is absent, not "1"\n/);
      assert.match(error.message, /proxy_http_call: BadArgument, there is no cluster "nobody"/);
      assert.match(error.message, /\[vm->host\] env\.proxy_send_local_response\(/);
      return true;
    },
  );
  assert.match(explain(await host.request({ headers: { "x-call": "/side" } })), /POST \/side to side\n/);
});

test("kit: a plugin that does not start says why", async () => {
  await assert.rejects(
    createHost({ wasm: await filter("plugins"), rootId: "greeter", pluginConfig: "refuse me" }),
    (error: Error) => {
      assert.ok(error instanceof LoadError);
      assert.equal(error.reason, "Failed to configure base Wasm plugin");
      assert.match(error.message, /\. The plugin's own code refused .*\nThe log:\n[^]* on purpose$/);
      return true;
    },
  );
});
