/**
 * Envoy's filters for compression and gRPC-Web add the last of a body in their callback for trailers. A filter that holds a part of the
 * body, and lets go in the callback of what is added, would have Envoy 1.40 send the trailers from within, then once more, and die.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const TYPE = "type.googleapis.com/envoy.extensions";

const classOf = (base: string, members: string): string =>
  `import { FilterDataStatus, HttpContext, WholeBodyContext, registerHttpFilter } from "proxy-wasm-as";
class Holder extends ${base} {
  ${members}
}
registerHttpFilter<Holder>();
`;

const holds = (status: string): string =>
  classOf(
    "HttpContext",
    `private pieces: i32 = 0;
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return endOfStream || this.pieces++ > 0 ? FilterDataStatus.Continue : FilterDataStatus.${status};
  }`,
  );

/** Of what the compressor makes, the first piece has 153 bytes and the last one 10. These filters hold the first, and let it go with the second. */
const filters: Readonly<Record<string, string>> = {
  "a class that buffers": holds("StopIterationAndBuffer"),
  "a class that stops reading": holds("StopIterationAndWatermark"),
  "a class without fields": classOf(
    "HttpContext",
    `onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return bodySize < 160 && !endOfStream ? FilterDataStatus.StopIterationAndBuffer : FilterDataStatus.Continue;
  }`,
  ),
  "a class that resumes in the callback": classOf(
    "HttpContext",
    `private pieces: i32 = 0;
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.pieces++ > 0) this.resumeResponse();
    return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }`,
  ),
  "a WholeBodyContext that passes what is large": classOf(
    "WholeBodyContext",
    `get passesLargeResponses(): bool { return true; }
  get responseBodyLimit(): u32 { return 160; }
  onWholeResponseBody(size: u32): FilterDataStatus { return FilterDataStatus.Continue; }`,
  ),
};

const compressor = {
  name: "compressor",
  typed_config: {
    "@type": `${TYPE}.filters.http.compressor.v3.Compressor`,
    compressor_library: {
      name: "gzip",
      typed_config: { "@type": `${TYPE}.compression.gzip.compressor.v3.Gzip` },
    },
  },
};

for (const [name, source] of Object.entries(filters))
  envoyTest(
    `${name}: what is held goes on once when a filter behind adds the last piece with the trailers`,
    async (t) => {
      const text = "some text ".repeat(2000);
      const upstream = await startUpstream(t, (_, response) => {
        response.writeHead(200, { trailer: "x-trailer", "content-type": "text/plain" });
        response.write(text);
        response.addTrailers({ "x-trailer": "1" });
        response.end();
      });
      const envoy = await startEnvoy(t, {
        filters: [{ wasm: await compileFilterText(source) }],
        upstream: upstream.port,
        edit: (config) => {
          passTrailers(config);
          const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
          manager.http_filters.splice(-1, 0, compressor);
        },
      });
      for (let i = 0; i < 5; i++) {
        const response = await request(envoy.port, {
          headers: [
            ["accept-encoding", "gzip"],
            ["te", "trailers"],
          ],
        });
        assert.ok(envoy.isAlive);
        assert.deepEqual(response.all("content-encoding"), ["gzip"]);
        assert.ok(response.complete, response.raw.slice(-200));
        assert.equal(gunzipSync(Buffer.from(response.body, "latin1")).toString(), text);
        assert.equal(response.raw.split("x-trailer: 1").length, 2);
      }
    },
  );
