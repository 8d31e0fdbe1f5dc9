/** A diagnostic module says why the SDK refused an action on a stream, or a call: the reason that helps, and no other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DIAGNOSTICS_OPTION } from "../../src/diagnostic-module.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const text = `
import {
  CallResult, FilterDataStatus, FilterHeadersStatus, GrpcResult, GrpcStream, HttpContext, registerHttpFilter,
} from "proxy-wasm-as";

let last: Refused | null = null;

function many(): string[][] {
  const pairs: string[][] = [];
  for (let i = 0; i < 1025; i++) pairs.push(["x", "1"]);
  return pairs;
}

class Watch extends GrpcStream {}

class Refused extends HttpContext {
  private what: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const what = (this.what = this.request.headers.get("x-what")!);
    const nobody = (result: CallResult): void => {};
    const none = (result: GrpcResult): void => {};
    const bytes = new Uint8Array(0);
    if (what == "gone" || what == "held") last = this;
    if (what == "held") {
      this.after(50, () => { this.resumeRequest(); });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (what == "fetch: timeout") this.fetch("side", { timeout: 0x80000000 }, nobody);
    if (what == "fetch: cluster") this.fetch("none", {}, nobody);
    if (what == "fetch: own") this.fetch("side", { headers: [["host", "x"]] }, nobody);
    if (what == "fetch: path") this.fetch("side", { path: "no slash" }, nobody);
    if (what == "fetch: method") this.fetch("side", { method: "CONNECT" }, nobody);
    if (what == "fetch: authority") this.fetch("side", { authority: "a\\n" }, nobody);
    if (what == "fetch: many") this.fetch("side", { headers: many() }, nobody);
    if (what == "fetch: trailers") this.fetch("side", { trailers: many() }, nobody);
    if (what == "fetch: pair") this.fetch("side", { headers: [["a"]] }, nobody);
    if (what == "fetch: gone") last!.fetch("side", {}, nobody);
    if (what == "grpc: timeout") this.grpcCall("side", "a.B", "C", bytes, { timeout: 0x80000000 }, none);
    if (what == "grpc: gone") last!.grpcCall("side", "a.B", "C", bytes, {}, none);
    if (what == "grpc: cluster") this.grpcCall("none", "a.B", "C", bytes, {}, none);
    if (what == "grpc: own") this.grpcCall("side", "a.B", "C", bytes, { metadata: [["te", "x"]] }, none);
    if (what == "grpc: host") this.grpcCall("side", "a.B", "C", bytes, { metadata: [["host", "x"]] }, none);
    if (what == "grpc: reserved") this.grpcCall("side", "a.B", "C", bytes, { metadata: [["grpc-timeout", "1n"]] }, none);
    if (what == "grpc: many") this.grpcCall("side", "a.B", "C", bytes, { metadata: many() }, none);
    if (what == "grpc: service") this.grpcCall("side", "a.B", "C", bytes, { service: bytes }, none);
    if (what == "stream: cluster") this.grpcStream("none", "a.B", "C", new Watch());
    if (what == "stream: gone") last!.grpcStream("side", "a.B", "C", new Watch());
    if (what == "stream: own") this.grpcStream("side", "a.B", "C", new Watch(), { metadata: [["te", "x"]] });
    if (what == "stream: send") new Watch().send(bytes);
    if (what == "stream: cancel") new Watch().cancel();
    if (what == "stream: cancelled") {
      const watch = new Watch();
      this.grpcStream("side", "a.B", "C", watch);
      watch.cancel();
      watch.cancel();
    }
    if (what == "respond: other") last!.respond(200);
    if (what == "respond: gone" || what == "resume: gone") {
      this.after(1, () => {
        if (this.what == "respond: gone") last!.respond(200);
        else last!.resumeRequest();
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (what == "respond: many") return this.respond(200, "", { headers: many() });
    if (what == "respond: pair") return this.respond(200, "", { headers: [["a"]] });
    if (what == "respond: twice") {
      this.respond(200);
      return this.respond(201);
    }
    if (what == "reset: answered") {
      const answer = this.respond(200);
      this.reset();
      return answer;
    }
    const headers = this.request.headers;
    if (what == "headers: many") headers.replaceAll(many());
    if (what == "headers: second") headers.add(":path", "/x");
    if (what == "headers: none") headers.replaceAll([[":path", "/x"], [":path", "/y"]]);
    if (what == "headers: value") headers.set(":path", "no slash");
    if (what.startsWith("headers :")) headers.set(what.substring(8), "a b");
    if (what == "headers: trailers") this.request.trailers.set("a", "b");
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (bodySize == 0) return FilterDataStatus.Continue;
    if (this.what == "body: passed") this.request.headers.set("x-late", "1");
    if (this.what == "body: empty") this.request.body.replaceAll("", "x");
    if (this.what == "body: length") this.request.body.set("another length");
    if (this.what == "body: dropped") return FilterDataStatus.StopIterationNoBuffer;
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.what == "response: resume") this.resumeRequest();
    if (this.what == "response: none") this.response.headers.set(":status", "204");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.what == "response: none" && endOfStream) this.response.body.set("x");
    return FilterDataStatus.Continue;
  }
}

registerHttpFilter<Refused>();
`;

const gone = /the context is gone/;
const over = /answered or reset already, or is over/;
const reasons: Readonly<Record<string, RegExp>> = {
  "fetch: timeout": /fetch: the timeout is at most 2147483647 milliseconds/,
  "fetch: cluster": /fetch: the host has no cluster 'none'/,
  "fetch: own": /fetch: 'host' is set by an option or by the host; leave it out of headers/,
  "fetch: path": /'no slash' cannot be the value for ':path': a path begins with '\/'/,
  "fetch: method": /'CONNECT' cannot be the value for ':method': .*CONNECT makes a tunnel/,
  "fetch: authority": /cannot be the value for ':authority': a host has no control characters/,
  "fetch: many": /fetch: more than 1,024 headers or 1 MiB of them/,
  "fetch: trailers": /fetch: more than 1,024 trailers or 1 MiB of them/,
  "fetch: pair": /each header is a name and a value: \["x-user", "7"\]/,
  "fetch: gone": gone,
  "grpc: timeout": /grpcCall: the timeout is at most 2147483647 milliseconds/,
  "grpc: gone": /grpcCall: .* the context is there/,
  "grpc: cluster": /grpcCall: the host could not begin the call; has it the cluster 'none'\?/,
  "grpc: own": /'te' is the host's to set/,
  "grpc: host": /'host' is gRPC's own to set; leave it out of metadata/,
  "grpc: reserved": /'grpc-timeout' is gRPC's own to set; leave it out of metadata/,
  "grpc: many": /more than 1,024 pieces of metadata or 1 MiB of them/,
  "grpc: service": /service is no serialized GrpcService with envoy_grpc/,
  "stream: cluster": /grpcStream: the host could not open it; has it the cluster 'none'\?/,
  "stream: gone": /grpcStream: the stream is open already, or the context is gone/,
  "stream: own": /'te' is the host's to set/,
  "stream: send": /send: the gRPC stream is not open/,
  "stream: cancel": /cancel: the gRPC stream is not open/,
  "stream: cancelled": /cancel: the gRPC stream is not open/,
  "respond: other": /respond: not in a callback of another stream or connection; in a timer, say/,
  "respond: gone": /respond: the stream is gone/,
  "respond: many": /respond: more than 1,024 headers or 1 MiB of them/,
  "respond: pair": /each header is a name and a value/,
  "respond: twice": over,
  "reset: answered": over,
  "resume: gone": /resume: the stream is gone/,
  "headers: many": /more than 1,024 headers or 1 MiB of them: the host would take that for no headers at all/,
  "headers: second": /a message has one ':path': set it instead/,
  "headers: none": /a message has one ':path'/,
  "headers: value": /':path' cannot be 'no slash' here: a request has one, which begins with '\/'/,
  "headers :method": /':method' cannot be 'a b' here: a request has one, of token characters/,
  "headers :authority": /':authority' cannot be 'a b' here: a request has one: a host, and a port if need be/,
  "headers :scheme": /':scheme' cannot be 'a b' here: a request has one: http or https/,
  "headers :status": /':status' cannot be 'a b' here: a response has one of 200 to 599/,
  "headers :other": /':other' cannot be 'a b' here: neither message has such a pseudo-header/,
  "headers: trailers": /these trailers have not come, or have been passed on/,
  "body: passed": /these headers have been passed on and can no longer be changed/,
  "body: empty": /an empty text is everywhere: give `replaceAll` what shall be replaced/,
  "body: length": /the body's length may change only after `headers.remove\("content-length"\)`/,
  "body: dropped": /the data is kept, not dropped: remove "content-length" in the headers callback first/,
  "response: resume": /resume: no request in a callback of the response or of METADATA; in a timer, say/,
  "response: none": /a response with this status has no body/,
};

test("kit: a diagnostic module gives the reason for each action that the SDK refuses, and no other", async () => {
  const wasm = await compileFilterText(text, { options: ["--use", DIAGNOSTICS_OPTION] });
  const host = await createHost({
    wasm,
    upstream: { body: "from upstream" },
    clusters: { side: { status: 200 } },
    mayFail: true,
  });
  for (const [what, reason] of Object.entries(reasons)) {
    const before = what.endsWith(": other") ? "held" : "gone";
    const first = host.request({ headers: { "x-what": before } });
    if (before === "gone") await first;
    const { refusals } = await host.request({ method: "POST", body: "some", headers: { "x-what": what } });
    await host.tick(100);
    await first;
    const own = refusals.filter(({ by }) => by === "sdk").map((refusal) => refusal.reason);
    assert.equal(own.length, 1, `${what}: ${JSON.stringify(refusals)}`);
    assert.match(own[0]!, reason, what);
  }
});
