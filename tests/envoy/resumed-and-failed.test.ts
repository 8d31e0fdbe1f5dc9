/**
 * A callback of a request lets the response go on that its filter holds, and then the request cannot go on, so that the SDK answers 500. The
 * host would carry out both, the answer within a callback of another filter for the response, and Envoy 1.40 dies. Only the 500 is.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { exchangeParts } from "../support/http.js";
import { listen } from "../support/ports.js";

/** The second in the chain holds the response until the request's body comes. */
const filter = (
  act: string,
): string => `import { FailurePolicy, FilterDataStatus, FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";

let made: i32 = 0;

class Holder extends HttpContext {
  private readonly isSecond: bool = (made++ & 1) == 1;

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!this.isSecond || bodySize == 0) return FilterDataStatus.Continue;
    log.info("resumed " + this.resumeResponse().toString());
    ${act}
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.isSecond ? FilterHeadersStatus.StopAllIterationAndWatermark : FilterHeadersStatus.Continue;
  }

  POLICY
}
registerHttpFilter<Holder>();
`;

const closed = (act: string): string => filter(act).replace("POLICY", "");
const open = (act: string): string =>
  filter(act).replace("POLICY", "onError(error: Error): FailurePolicy { return FailurePolicy.FailOpen; }");

for (const [what, text, status] of [
  ["nothing else", closed(""), 200],
  ["a change of its body that is refused", closed('this.request.body.set("another body");'), 500],
  ["a bug", closed('throw new Error("a bug");'), 500],
  ["a bug that is to let all pass", open('throw new Error("a bug");'), 200],
] as const)
  envoyTest(`a response that a callback of the request lets go on, and ${what}: ${status}`, async (t) => {
    // It answers as soon as it has the headers, and ends its answer when it has the body.
    let all = "";
    const upstream = await listen(
      t,
      createServer((socket) => {
        socket.setEncoding("latin1").on("error", () => undefined);
        socket.on("data", (data) => {
          if (all === "") socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nok");
          all += String(data);
          if (all.endsWith("ABCDEF")) socket.write("ok");
        });
      }),
    );
    const wasm = await compileFilterText(text);
    const envoy = await startEnvoy(t, {
      filters: [
        { wasm, name: "first", vmId: "one" },
        { wasm, name: "second", vmId: "one" },
      ],
      upstream,
      wasmLogLevel: "trace",
    });
    const response = await exchangeParts(envoy.port, [
      [0, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 6\r\n\r\n"],
      [300, "ABCDEF"],
    ]);
    assert.ok(envoy.isAlive, response);
    assert.ok(response.startsWith(`HTTP/1.1 ${status} `), response);
    assert.equal(response.split("HTTP/1.1").length, 2, response);
    // What has failed has no upstream.
    assert.equal(all.endsWith("ABCDEF"), status === 200);
    // The host is told one of the two.
    const told = (call: string): number => envoy.log.split(`[vm->host] env.${call}(`).length - 1;
    assert.deepEqual(
      [told("proxy_continue_stream"), told("proxy_send_local_response")],
      status === 200 ? [1, 0] : [0, 1],
    );
  });
