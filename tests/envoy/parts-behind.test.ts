/** Parts of a body that come when a filter has let go of what it held: each goes on once, in Envoy and in the embedded host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchangeParts } from "../support/http.js";

/** A filter that holds the first part of a body for 50 ms, and then only looks. */
const filter = (side: string, headers: string): Promise<string> =>
  compileFilterText(`
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Holder extends HttpContext {
  private parts: i32 = 0;
  on${side}Headers(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.${headers};
  }
  on${side}Body(bodySize: u32, endOfStream: bool): FilterDataStatus {
    log.warn("saw " + this.${side.toLowerCase()}.body.text());
    if (this.parts++ > 0) return FilterDataStatus.Continue;
    this.after(50, () => this.resume${side}());
    return FilterDataStatus.StopIterationAndBuffer;
  }
  on${side}Trailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }
}
registerHttpFilter<Holder>();
`);

const PARTS = ["first", "second", "third"];
const SEEN = ["saw first", "saw second", "saw third"];

for (const side of ["Request", "Response"])
  for (const headers of ["Continue", "StopIteration"]) {
    const what = `${side}, headers: ${headers}`;

    test(`parts behind one that was held go on: ${what}`, async () => {
      const host = await createHost({
        filters: [{ wasm: await filter(side, headers), allowOnHeadersStopIteration: true }],
        upstream: "hold",
      });
      const stream = host.open({ method: "POST" });
      stream.sendHeaders(false);
      for (const part of PARTS) {
        stream.send(part, part === "third");
        await host.tick(100);
      }
      const upstream = stream.upstream!;
      assert.equal(upstream.body, PARTS.join(""));
      upstream.respondHeaders(200);
      for (const part of PARTS) {
        upstream.respondData(part, part === "third");
        await host.tick(100);
      }
      assert.deepEqual([stream.response().body, stream.response().complete], [PARTS.join(""), true]);
      assert.deepEqual(
        host.messages.filter((message) => message !== "saw "),
        SEEN,
      );
    });

    envoyTest(`Envoy: parts behind one that was held go on: ${what}`, async (t) => {
      const upstream = await startUpstream(t, (_, response) => {
        for (const [at, part] of PARTS.entries()) setTimeout(() => response.write(part), at * 300);
        setTimeout(() => response.end(), 900);
      });
      const envoy = await startEnvoy(t, {
        filters: [{ wasm: await filter(side, headers), allowOnHeadersStopIteration: true }],
        upstream: upstream.port,
      });
      const got = await exchangeParts(envoy.port, [
        [0, "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"],
        ...PARTS.map((part, at): [number, string] => [
          300 * (at + 1),
          `${part.length.toString(16)}\r\n${part}\r\n`,
        ]),
        [1200, "0\r\n\r\n"],
      ]);
      assert.equal(upstream.requests[0]!.body, PARTS.join(""));
      assert.ok(got.endsWith("5\r\nfirst\r\n6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n"), got);
      assert.deepEqual([...envoy.log.matchAll(/saw [a-z]+/g)].map(String), SEEN);
    });
  }
