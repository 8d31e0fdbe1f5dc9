/** What comes for a stream that is gone finds nobody; and of two contexts of one stream, each timer has its turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { FlowHost } from "../flow/support/host.js";
import { compileFilterText } from "../support/compile.js";

const filter = `import {
  CallResult, FilterHeadersStatus, HttpContext, Status, log, registerHttpFilter
} from "proxy-wasm-as";

let last: Caller | null = null;

class Caller extends HttpContext {
  private name: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path")!;
    if (path == "/act-later") {
      this.after(5, () => log.info("later " + last!.respond(418, "not yours").toString() + last!.resumeRequest().toString()));
      return FilterHeadersStatus.Continue;
    }
    if (path == "/act") {
      const other = last!;
      log.info("respond " + other.respond(418, "not yours").toString());
      other.resumeRequest();
      log.info("body " + other.request.body.text() + lastHeader(other));
      return FilterHeadersStatus.Continue;
    }
    last = this;
    this.name = path;
    this.fetch("side", { path }, (result) => log.info("answer for " + this.name));
    this.after(5, () => log.info("timer of " + this.name));
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}

function lastHeader(other: Caller): string {
  other.request.headers.set("x-evil", "1");
  const name = other.request.headers.get(":path");
  return name === null ? "none" : name;
}

registerHttpFilter<Caller>();
`;

test("gone: neither the answer nor the timer of a stream that is gone runs, and nothing acts upon it", async () => {
  const host = await createHost({ wasm: await compileFilterText(filter), clusters: { side: "hold" } });
  const stream = host.open({ path: "/one" });
  stream.sendHeaders(true);
  await host.idle();
  assert.equal(host.calls.length, 1);
  stream.abort();
  await host.idle();
  // The same, of a stream that is still there, is seen.
  const there = host.open({ path: "/two" });
  there.sendHeaders(true);
  await host.idle();
  for (const call of host.calls) call.answer({ body: "late" });
  await host.tick(20);
  assert.deepEqual(host.messages, ["answer for /two", "timer of /two"]);
  there.abort();
  await host.idle();
  const acted = await host.request({ path: "/act" });
  assert.deepEqual([acted.status, acted.upstream!.path], [200, "/act"]);
  assert.equal(acted.upstream!.headers.get("x-evil"), undefined);
  assert.deepEqual(host.messages.slice(2), ["respond 0", "body none"]);
});

test("gone: the host may still find a stream that has ended; nothing runs for it, and nothing acts upon it", async () => {
  const host = new FlowHost(await compileFilterText(filter));
  const gone = host.begin({ ":path": "/gone" });
  const [call] = host.calls;
  host.end(gone, false);
  host.settle(call!, "late");
  host.tick();
  assert.deepEqual(host.logs, []);
  host.begin({ ":path": "/act-later" });
  host.now += 5;
  host.tick();
  assert.deepEqual(host.logs, ["later 02"]);
  assert.equal(gone.reply, undefined);
  assert.equal(gone.passed, false);
});

const pair = `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

class Ticker extends HttpContext {
  private fired: i32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const id = this.contextId.toString();
    this.every(1, () => {
      log.info(id);
      if (++this.fired == 5) this.resumeRequest();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}

registerHttpFilter<Ticker>();
`;

test("timers: of two contexts of one stream, the one that had to wait is the next", async () => {
  const wasm = await compileFilterText(pair);
  const plugin = { wasm, name: "twice" };
  const host = await createHost({ filters: [plugin, plugin] });
  const stream = host.open({ path: "/" });
  stream.sendHeaders(true);
  await host.tick(60);
  assert.equal(stream.status, 200);
  const ids = [...new Set(host.messages)];
  assert.equal(ids.length, 2, host.messages.join());
  // Once the first has let the request go on to the second, they take turns.
  const both = host.messages.slice(6);
  assert.ok(both.length >= 8, host.messages.join());
  both.slice(1).forEach((id, index) => assert.notEqual(id, both[index], host.messages.join()));
});
