/** A stream that a bug has ended, and that can be told so only in the next tick, is no matter to the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const filter = compileFilterText(`
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Stream extends HttpContext {
  private isGuarded: bool = false;
  private numbers: i32[] = [1];

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.isGuarded = this.request.headers.has("x-guarded");
    return this.isGuarded ? this.respond(401) : FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return FilterDataStatus.StopIterationAndBuffer;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.StopIteration;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.isGuarded) return FilterHeadersStatus.Continue;
    this.fetch("side", { path: "/" }, () => {
      this.resumeRequest();
      if (this.numbers[headerCount] > 0) this.resumeResponse();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}
registerHttpFilter<Stream>();
`);

test("a guard refuses requests while another one waits for its end", async () => {
  const host = await createHost({
    wasm: await filter,
    upstream: "hold",
    clusters: { side: "hold" },
    mayFail: true,
  });
  const first = host.open({ method: "POST" });
  first.sendHeaders(false);
  first.send("part", false);
  await host.idle();
  first.upstream!.respondHeaders(200, {}, false);
  await host.idle();
  for (const call of host.calls) if (call.cluster === "side") call.answer({ body: "late" });
  await host.idle();
  assert.equal(host.errors.length, 1);
  assert.match(host.errors[0]!, /^abort: Index out of range at /);

  const second = host.open({ headers: { "x-guarded": "1" } });
  second.sendHeaders(true);
  await host.idle();
  const refused = second.response();
  assert.deepEqual([refused.status, refused.upstream], [401, undefined]);
  await host.tick(20);
  assert.equal(first.response().status, 500);
});
