/**
 * A stream that a bug ends right behind a resumption of its request: Envoy would crash on an answer in the same callback, and
 * no callback of the stream may be left in which it could be given.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { criticalLines } from "../support/bugs.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const filter = `
  import { FailurePolicy, FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

  class Stream extends HttpContext {
    private how: string = "";
    private numbers: i32[] = [1, 2, 3];

    onRequestHeaders(): FilterHeadersStatus {
      this.how = this.request.headers.get("x-how") ?? "";
      if (this.how.includes("reply")) return this.respond(418, "tea");
      return FilterHeadersStatus.Continue;
    }

    onRequestBody(size: u32, endOfStream: bool): FilterDataStatus {
      return this.how == "" ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
    }

    onResponseHeaders(): FilterHeadersStatus {
      if (!this.how.includes("headers")) return FilterHeadersStatus.Continue;
      this.end();
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }

    onResponseBody(size: u32, endOfStream: bool): FilterDataStatus {
      if (!this.how.includes("body")) return FilterDataStatus.Continue;
      if (endOfStream) this.end();
      return FilterDataStatus.StopIterationAndBuffer;
    }

    onError(error: Error): FailurePolicy {
      return this.how.includes("open") ? FailurePolicy.FailOpen : FailurePolicy.FailClosed;
    }

    private end(): void {
      if (this.how.includes("call")) {
        this.fetch("side", { path: "/" }, () => this.fail());
        return;
      }
      this.after(1, () => this.fail());
    }

    private fail(): void {
      if (!this.how.includes("only")) this.resumeRequest();
      if (this.how.includes("resume")) this.resumeResponse();
      else this.numbers[this.how.length]++;
    }
  }
  registerHttpFilter<Stream>();
`;

envoyTest(
  "a stream ends whose request was resumed right before a bug, while its response was held",
  async (t) => {
    // It answers before it has the request's body.
    const server = createServer((socket) => {
      socket.on("error", () => undefined).on("data", () => undefined);
      socket.once("data", () =>
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbody"),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => void server.close());
    const side = await startUpstream(t);
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(filter), name: "mine" }],
      upstream: (server.address() as AddressInfo).port,
      clusters: { side: side.port },
    });
    const wrong: string[] = [];
    let bugs = 0;
    for (const by of ["timer", "call"])
      for (const [how, wanted] of [
        ["headers resume", "200 body"],
        ["body resume", "200 body"],
        ["headers open", "200 body"],
        ["body open", "200 body"],
        ["headers closed", "500 "],
        ["body closed", "cut"],
        ["reply headers", "418 tea"],
        ["reply body", "418 tea"],
        ["reply only headers", "418 tea"],
        ["reply only body", "418 tea"],
        ["reply only body open", "418 tea"],
      ] as const) {
        const response = await request(envoy.port, {
          method: "POST",
          headers: [["x-how", `${how} ${by}`]],
          body: "more",
        });
        const came = response.complete ? `${response.status} ${response.body}` : "cut";
        if (came !== wanted) wrong.push(`${how} ${by}: ${came} instead of ${wanted}`);
        if (!how.endsWith("resume")) bugs++;
      }
    assert.deepEqual(wrong, []);
    assert.equal(criticalLines(envoy).length, bugs);
    assert.equal((await request(envoy.port, { method: "POST", body: "more" })).body, "body");
  },
);
