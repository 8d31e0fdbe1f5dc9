/** A call carries no header that says where its message ends, or that would be a second one: neither as a header, nor as metadata or a trailer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const filter = `import { FilterHeadersStatus, HttpContext, Status, registerHttpFilter } from "proxy-wasm-as";
class Caller extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const way = headers.get("x-way")!;
    const pairs: string[][] = [[headers.get("x-name")!, headers.get("x-value")!]];
    let status = Status.Ok;
    if (way == "header") status = this.fetch("side", { headers: pairs }, () => {});
    if (way == "trailer") status = this.fetch("side", { trailers: pairs }, () => {});
    if (way == "metadata") status = this.grpcCall("side", "acme.Auth", "Check", new Uint8Array(0), { metadata: pairs }, () => {});
    return this.respond(200, status == Status.Ok ? "sent" : status == Status.BadArgument ? "refused" : "failed");
  }
}
registerHttpFilter<Caller>();
`;

/** Names and values, and the ways in which they may be sent. */
const cases: readonly (readonly [name: string, value: string, allowed: string])[] = [
  ["x-user", "7", "header metadata trailer"],
  ["x-user", "", "header metadata trailer"],
  ["te", "trailers", "header"],
  ["te", "gzip", ""],
  ["Content-Type", "text/plain", "header trailer"],
  ["grpc-timeout", "1n", "header trailer"],
  ["GRPC-Encoding", "gzip", "header trailer"],
  ["grpcs", "1", "header metadata trailer"],
  ["grpc", "1", "header metadata trailer"],
  ["grpc-trace-bin", "a", "header metadata trailer"],
  ["x-user", "a\tb", "header metadata trailer"],
  ["x user", "7", ""],
  ["x-user:", "7", ""],
  [":x", "7", ""],
  [":status", "200", ""],
  [":protocol", "websocket", ""],
  ["content-length", "3", ""],
  ["transfer-encoding", "chunked", ""],
  ["connection", "close", ""],
  ["upgrade", "websocket", ""],
  ["Host", "evil", "trailer"],
];

test("calls: headers, metadata and trailers that would end or split the message are refused", async () => {
  const host = await createHost({
    wasm: await compileFilterText(filter),
    clusters: { side: { status: 200 } },
  });
  for (const [name, value, allowed] of cases)
    for (const way of ["header", "metadata", "trailer"]) {
      const { body } = await host.request({ headers: { "x-way": way, "x-name": name, "x-value": value } });
      assert.equal(String(body), allowed.includes(way) ? "sent" : "refused", `${way} "${name}: ${value}"`);
    }
});
