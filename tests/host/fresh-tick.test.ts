/** A gRPC stream whose metadata matters opens first thing in a timer: after anything that Envoy puts off, it is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const text = `
import { CallResult, FilterHeadersStatus, GrpcResult, GrpcStream, Headers, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

class Watch extends GrpcStream {
  onInitialMetadata(metadata: Headers): void {}
}

class Opener extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const what = this.request.headers.get("x-what")!;
    this.after(1, () => {
      const bytes = new Uint8Array(0);
      if (what == "fetch") this.fetch("side", {}, (result: CallResult) => {});
      if (what == "gRPC call") this.grpcCall("side", "a.B", "C", bytes, {}, (result: GrpcResult) => {});
      if (what == "gRPC stream") this.grpcStream("side", "a.B", "C", new Watch());
      if (what == "respond") this.respond(200);
      if (what == "reset") this.reset();
      if (what == "resume") this.resumeRequest();
      log.info("stream " + this.grpcStream("side", "a.B", "C", new Watch()).toString());
      this.after(1, () => { this.resumeRequest(); });
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}

registerHttpFilter<Opener>();
`;

test("grpc: a stream whose metadata matters opens in a timer, but not after anything that is put off", async () => {
  const host = await createHost({
    wasm: await compileFilterText(text),
    upstream: "echo",
    clusters: { side: { status: 200 } },
    mayFail: true,
  });
  for (const what of ["nothing", "fetch", "gRPC call", "gRPC stream", "respond", "reset", "resume"]) {
    const before = host.logs.length;
    await host.request({ headers: { "x-what": what } });
    const said = host.logs.slice(before).map(({ message }) => message);
    assert.ok(said.includes(what === "nothing" ? "stream 0" : "stream 2"), `${what}: ${said.join("; ")}`);
  }
});
