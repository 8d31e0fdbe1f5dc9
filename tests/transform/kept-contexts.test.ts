/** A class without fields may share one object among streams, unless its code can tell: the streams that it keeps are its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

for (const [how, keep] of [
  ["this", "keep(this);"],
  ["a function that has this", "const self = (): Keeping => this; keep(self());"],
  ["a list of this", "for (const one of [this]) keep(one);"],
] as const)
  test(`two streams that are kept are two: ${how}`, async () => {
    const host = await createHost({
      upstream: "hold",
      wasm: await compileFilterText(`
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
const kept: HttpContext[] = [];
function keep(one: HttpContext): void {
  kept.push(one);
}
class Keeping extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${keep}
    if (kept.length == 1) return FilterHeadersStatus.Continue;
    return this.respond(kept[0] === kept[1] ? 500 : 401);
  }
}
registerHttpFilter<Keeping>();
`),
    });
    const [first, second] = [host.open(), host.open()];
    for (const stream of [first, second]) stream.sendHeaders(true);
    await host.idle();
    assert.deepEqual(host.errors, []);
    assert.equal(second.response().status, 401);
  });

test("each of two streams that ask within a function gets its own answer", async () => {
  const host = await createHost({
    upstream: { body: "let in" },
    clusters: { auth: "hold" },
    wasm: await compileFilterText(`
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Asking extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const ask = (): void => {
      this.fetch("auth", { path: "/" }, (result) => {
        if (result.status == 200) this.resumeRequest();
        else this.respond(403);
      });
    };
    ask();
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}
registerHttpFilter<Asking>();
`),
  });
  const streams = [host.open(), host.open()];
  for (const stream of streams) stream.sendHeaders(true);
  await host.idle();
  for (const [at, status] of [403, 200].entries()) host.calls[at]!.answer({ status });
  await host.tick(10);
  assert.deepEqual(
    streams.map((stream) => stream.response().status),
    [403, 200],
  );
});

test("a function that is kept has the `this` of its own stream", async () => {
  const host = await createHost({
    upstream: "hold",
    wasm: await compileFilterText(`
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
const kept: (() => string | null)[] = [];
class Telling extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    kept.push((): string | null => this.request.headers.get("x-secret"));
    if (kept.length == 1) return FilterHeadersStatus.Continue;
    const first = kept[0]();
    return this.respond(200, first === null ? "nothing" : first);
  }
}
registerHttpFilter<Telling>();
`),
  });
  const [first, second] = ["one", "two"].map((secret) => host.open({ headers: { "x-secret": secret } }));
  for (const stream of [first!, second!]) stream.sendHeaders(true);
  await host.idle();
  assert.notEqual(second!.response().body, "two");
});
