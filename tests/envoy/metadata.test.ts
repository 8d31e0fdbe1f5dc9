/** HTTP/2 METADATA: the callbacks for it, both ways. */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import type { WasmPlugin } from "../../src/envoy/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { END_HEADERS, END_STREAM, FrameType, PREFACE } from "../support/http2-frames.js";
import { frame, headerBlock, readFrames } from "../support/http2-frames.js";
import { listen } from "../support/ports.js";

const ACK = 1;

/**
 * Envoy before an HTTP/2 upstream; sends a request with METADATA, whose response has this body, and answers what the filters
 * have said: at least `lines`. The log is a pipe of its own, so that its last lines may come after the response.
 */
async function exchange(
  t: TestContext,
  path: string,
  filters: readonly WasmPlugin[],
  lines: number,
  outcome = "answer",
): Promise<string[]> {
  // An upstream that answers with headers, METADATA and data.
  const upstream = createServer((socket) => {
    let rest: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      if (!isGreeted) {
        if (rest.length < PREFACE.length) return;
        rest = rest.subarray(PREFACE.length);
        isGreeted = true;
        socket.write(frame(FrameType.Settings, 0, 0));
      }
      rest = readFrames(rest, ({ type, flags, stream }) => {
        if (type === FrameType.Settings && flags === 0) socket.write(frame(FrameType.Settings, ACK, 0));
        if (type !== FrameType.Headers) return;
        socket.write(frame(FrameType.Headers, END_HEADERS, stream, headerBlock([[":status", "200"]])));
        socket.write(frame(FrameType.Metadata, END_HEADERS, stream, headerBlock([["from", "upstream"]])));
        socket.write(frame(FrameType.Data, END_STREAM, stream, Buffer.from("answer")));
      });
    });
  });

  const envoy = await startEnvoy(t, {
    filters,
    upstream: await listen(t, upstream),
    connectionManager: { codec_type: "HTTP2", http2_protocol_options: { allow_metadata: true } },
    edit: (config) => {
      for (const cluster of config.static_resources.clusters)
        cluster.typed_extension_protocol_options = {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            explicit_http_config: { http2_protocol_options: { allow_metadata: true } },
          },
        };
    },
  });

  const client = connect(envoy.port, "127.0.0.1");
  t.after(() => client.destroy());
  const body = new Promise<string>((resolve) => {
    let rest: Buffer = Buffer.alloc(0);
    client.on("data", (data) => {
      rest = readFrames(Buffer.concat([rest, data]), ({ type, flags, payload }) => {
        if (type === FrameType.Data) resolve(payload.toString());
        if (type === FrameType.Headers && (flags & END_STREAM) !== 0) resolve("no body");
      });
    });
  });
  const headers = headerBlock([
    [":method", "POST"],
    [":scheme", "http"],
    [":authority", "example.test"],
    [":path", path],
  ]);
  client.write(PREFACE);
  client.write(frame(FrameType.Settings, 0, 0));
  client.write(frame(FrameType.Headers, END_HEADERS, 1, headers));
  client.write(frame(FrameType.Metadata, END_HEADERS, 1, headerBlock([["from", "client"]])));
  client.write(frame(FrameType.Data, END_STREAM, 1, Buffer.from("x")));
  assert.equal(await body, outcome);
  await envoy.waitForLog(() => envoy.wasmLogs.length >= lines);
  return envoy.wasmLogs.map(({ message }) => message);
}

const wasm = await compileFilter("tests/envoy/filters/metadata.ts");

envoyTest("metadata: its callbacks come for requests and responses", async (t) => {
  assert.deepEqual(await exchange(t, "/", [{ wasm }], 3), [
    "request metadata 1 none 2",
    "response metadata 1 none 2",
    "respond 2 reset 2 resume 2",
  ]);
});

envoyTest("metadata: a request that waits cannot be resumed by METADATA that has waited", async (t) => {
  const filter = { wasm, allowOnHeadersStopIteration: true };
  const filters = [
    { ...filter, name: "first" },
    { ...filter, name: "second" },
  ];
  const said = await exchange(t, "/hold", filters, 1);
  assert.deepEqual(said, ["resume 2"]);
});

envoyTest("metadata: a bug in its callback costs the request", async (t) => {
  const buggy = await compileFilterText(`
    import { FilterMetadataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

    class Buggy extends HttpContext {
      onRequestMetadata(elementCount: u32): FilterMetadataStatus {
        throw new Error("metadata");
      }
    }
    registerHttpFilter<Buggy>();
  `);
  const said = await exchange(t, "/", [{ wasm: buggy }], 1, "no body");
  assert.match(said.join(), /^abort: metadata at .* in onRequestMetadata/);
});
