/**
 * Headers are held, and resumed when the body and its trailers have come already; then the body is held until it is whole. Envoy 1.40 lets the
 * trailers go on without the body, or, with its buffer filter behind, the body behind a `content-length` of 0: the next request.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { listen } from "../support/ports.js";

const imports = `import {
  FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, WholeBodyContext, registerHttpFilter
} from "proxy-wasm-as";
`;
const hold = `
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(25, () => { this.resumeRequest(); });
    return FilterHeadersStatus.StopAllIterationAndBuffer;
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(25, () => { this.resumeResponse(); });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }`;
const bodies = (status: string): string => `
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.${status};
  }
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.${status};
  }`;
const trailers = `
  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    return FilterTrailersStatus.Continue;
  }
  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.resumeResponse();
    return FilterTrailersStatus.Continue;
  }`;
const filterOf = (base: string, members: string): string =>
  `${imports}class Holder extends ${base} {${members}\n}\nregisterHttpFilter<Holder>();\n`;

const filters: Readonly<Record<string, string>> = {
  "a class that buffers": filterOf("HttpContext", hold + bodies("StopIterationAndBuffer") + trailers),
  "a class that stops reading": filterOf(
    "HttpContext",
    hold + bodies("StopIterationAndWatermark") + trailers,
  ),
  "a class without callbacks for trailers": filterOf("HttpContext", hold + bodies("StopIterationAndBuffer")),
  "a WholeBodyContext": filterOf(
    "WholeBodyContext",
    `${hold}
  onWholeRequestBody(size: u32): FilterDataStatus { return FilterDataStatus.Continue; }
  onWholeResponseBody(size: u32): FilterDataStatus { return FilterDataStatus.Continue; }`,
  ),
};

const SMUGGLED = "GET /evil HTTP/1.1\r\nhost: evil\r\n\r\n";
const size = SMUGGLED.length.toString(16);

/** Answers in chunks, with a trailer, when a request is complete; `got` is all that it has got. */
async function startPeer(t: TestContext, got: string[]): Promise<number> {
  const server = createServer((socket) => {
    const index = got.push("") - 1;
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      got[index] += String(data);
      // What is over comes at once.
      if (got[index]!.includes("\r\n\r\n"))
        setTimeout(
          () =>
            socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-r: 1\r\n\r\n"),
          100,
        );
    });
  });
  return listen(t, server);
}

for (const [name, text] of Object.entries(filters))
  for (const behind of ["nothing", "Envoy's buffer filter"])
    envoyTest(`${name}, and ${behind} behind: bodies whose trailers have come go on whole`, async (t) => {
      const got: string[] = [];
      const isBuffered = behind !== "nothing";
      const envoy = await startEnvoy(t, {
        filters: [{ wasm: await compileFilterText(text), allowOnHeadersStopIteration: true }],
        upstream: await startPeer(t, got),
        edit: (config) => {
          passTrailers(config);
          const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
          const type = "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer";
          const buffer = { name: "buffer", typed_config: { "@type": type, max_request_bytes: 10_000 } };
          if (isBuffered) manager.http_filters.splice(-1, 0, buffer);
        },
      });
      const head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
      const response = await exchange(
        envoy.port,
        `${head}${size}\r\n${SMUGGLED}\r\n0\r\nx-t: 1\r\n\r\n`,
        undefined,
        undefined,
        5000,
      );
      assert.match(response, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n2\r\nok\r\n0\r\nx-r: 1\r\n\r\n$/);
      assert.equal(got.length, 1);
      const end = got[0]!.indexOf("\r\n\r\n") + 4;
      if (isBuffered) assert.match(got[0]!, new RegExp(`\r\ncontent-length: ${SMUGGLED.length}\r\n`));
      assert.equal(
        got[0]!.slice(end),
        isBuffered ? SMUGGLED : `${size}\r\n${SMUGGLED}\r\n0\r\nx-t: 1\r\n\r\n`,
      );
    });
