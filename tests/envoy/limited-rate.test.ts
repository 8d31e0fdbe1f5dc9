/**
 * Filters that hold messages before and behind Envoy's bandwidth limit, fault and buffer filters: what comes whole, and what Envoy itself
 * cuts, with filters of its own. See "Envoy's own filters around one that holds" in docs/rationale.md.
 */
import assert from "node:assert/strict";
import { connect } from "node:http2";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import type { Bootstrap } from "../../src/envoy/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchange, exchangeParts } from "../support/http.js";
import { listen } from "../support/ports.js";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.";
const filter = (type: string, fields: object): object => ({
  name: type,
  typed_config: { "@type": TYPE + type, ...fields },
});
const limit = (kilobytes: number, trailers: boolean): object =>
  filter("bandwidth_limit.v3.BandwidthLimit", {
    stat_prefix: "limit",
    enable_mode: "REQUEST_AND_RESPONSE",
    limit_kbps: kilobytes,
    fill_interval: "0.02s",
    enable_response_trailers: trailers,
  });

const slowAnswers = filter("fault.v3.HTTPFault", {
  response_rate_limit: { fixed_limit: { limit_kbps: 200 }, percentage: { numerator: 100 } },
});

/** Holds what the request says, and lets go of it in a timer. */
const holder = `import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Holder extends HttpContext {
  private how: string = "";
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.how = this.request.headers.get("x-how") ?? "";
    return FilterHeadersStatus.Continue;
  }
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.how == "whole request") return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
    if (this.how != "parts of the request") return FilterDataStatus.Continue;
    this.after(10, () => { this.resumeRequest(); });
    return FilterDataStatus.StopIterationAndBuffer;
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.how != "headers") return FilterHeadersStatus.Continue;
    this.after(10, () => { this.resumeResponse(); });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.how == "whole") return endOfStream ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
    if (this.how != "parts") return FilterDataStatus.Continue;
    this.after(10, () => { this.resumeResponse(); });
    return FilterDataStatus.StopIterationAndBuffer;
  }
  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    if (this.how != "trailers") return FilterTrailersStatus.Continue;
    this.after(10, () => { this.resumeResponse(); });
    return FilterTrailersStatus.StopIteration;
  }
}
registerHttpFilter<Holder>();
`;

const SIZE = 20_000;
const BODY = "z".repeat(SIZE);
const chunked = (trailers: boolean): string =>
  `${SIZE.toString(16)}\r\n${BODY}\r\n0\r\n${trailers ? "x-t: 1\r\n" : ""}\r\n`;

/** Answers 20,000 bytes with a length, in chunks or with trailers, as `x-answer` asks; `got` has the sizes of the requests' bodies. */
async function startBig(t: TestContext, got: number[]): Promise<number> {
  const server = createServer((socket) => {
    let all = "";
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      all += String(data);
      const size = all.split("z").length - 1;
      if (!all.endsWith("\r\n\r\n") && size < SIZE) return;
      const kind = /x-answer: (\S+)/.exec(all)?.[1] ?? "length";
      got.push(size);
      const head = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
      const rest = kind === "length" ? `content-length: ${SIZE}\r\n\r\n${BODY}` : "";
      socket.end(
        head + (rest || `transfer-encoding: chunked\r\n\r\n${chunked(kind === "trailers")}`),
        "latin1",
      );
    });
  });
  return listen(t, server);
}

const plain = ["length", "chunked"];
const all = [...plain, "trailers"];
const requests = { "whole request": ["length"], "parts of the request": ["length"] };

/** What is around the filter, whether before it (0) or behind (1), and what comes whole then. */
const settings: readonly (readonly [
  object,
  at: 0 | 1,
  whole: Readonly<Record<string, readonly string[]>>,
])[] = [
  [limit(200, false), 0, { ...requests, headers: all, parts: all, whole: all, trailers: all }],
  [limit(200, false), 1, { "whole request": ["length"], headers: plain, whole: all, trailers: all }],
  [limit(200, true), 0, { headers: all, parts: all, whole: all, trailers: all }],
  [limit(200, true), 1, { whole: all, trailers: all }],
  [slowAnswers, 0, { ...requests, headers: all, parts: all, whole: all, trailers: all }],
  [slowAnswers, 1, { ...requests, headers: plain, parts: plain, whole: all, trailers: all }],
  [
    filter("buffer.v3.Buffer", { max_request_bytes: 100_000 }),
    0,
    { ...requests, headers: all, parts: all, whole: all, trailers: all },
  ],
  [
    filter("buffer.v3.Buffer", { max_request_bytes: 100_000 }),
    1,
    { "whole request": ["length"], headers: all, parts: all, whole: all, trailers: all },
  ],
];

envoyTest("what a filter holds comes whole before and behind limits of Envoy's", async (t) => {
  const got: number[] = [];
  const upstream = await startBig(t, got);
  const wasm = await compileFilterText(holder);
  for (const [other, at, whole] of settings) {
    const envoy = await startEnvoy(t, {
      filters: [{ wasm }],
      upstream,
      edit: (config) => {
        passTrailers(config);
        chainOf(config).splice(at, 0, other);
      },
    });
    const sent = Object.entries(whole).flatMap(([how, kinds]) => kinds.map((kind) => [how, kind] as const));
    await Promise.all(
      sent.map(async ([how, kind]) => {
        const isRequest = how.endsWith("request");
        const head = `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-how: ${how}\r\nx-answer: ${kind}\r\n`;
        const size = isRequest ? SIZE : 0;
        const response = await exchange(
          envoy.port,
          `${head}content-length: ${size}\r\n\r\n${isRequest ? BODY : ""}`,
        );
        const what = `${how}, ${kind}, ${JSON.stringify(other)} at ${at}`;
        assert.equal(response.split("z").length - 1, SIZE, what);
        const end = { length: /z$/, chunked: /\r\n0\r\n\r\n$/, trailers: /\r\n0\r\nx-t: 1\r\n\r\n$/ }[kind]!;
        assert.match(
          response,
          // The limit tells of its delay in trailers of its own.
          kind === "length" || response.endsWith("z") ? end : /\r\n0\r\n([\w-]+: \w+\r\n)*\r\n$/,
          what,
        );
      }),
    );
    assert.deepEqual(
      got.splice(0).filter((size) => size !== 0 && size !== SIZE),
      [],
    );
  }
});

const chainOf = (config: Bootstrap): object[] =>
  config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config.http_filters;

envoyTest("Envoy cuts a response itself that its own Lua holds, behind its own limit", async (t) => {
  const side = await startUpstream(t, (_, response) => void setTimeout(() => response.end("ok"), 60));
  const envoy = await startEnvoy(t, {
    upstream: await startBig(t, []),
    clusters: { side: side.port },
    edit: (config) => {
      passTrailers(config);
      const call = `h:httpCall("side", {[":method"]="GET", [":path"]="/", [":authority"]="a"}, "", 5000)`;
      const lua = filter("lua.v3.Lua", {
        default_source_code: { inline_string: `function envoy_on_response(h) ${call} end` },
      });
      chainOf(config).unshift(lua, limit(20, true));
    },
  });
  const head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-answer: trailers\r\n";
  const response = await exchange(envoy.port, `${head}content-length: 0\r\n\r\n`);
  assert.ok(response.split("z").length - 1 < SIZE);
  assert.match(response, /\r\n0\r\nx-t: 1\r\n[^z]*\r\n$/);
});

envoyTest(
  "Envoy sends a part twice itself that its own Lua lets go before a call, where the route retries",
  async (t) => {
    const side = await startUpstream(t, (_, response) => void setTimeout(() => response.end("ok"), 60));
    const got: string[] = [];
    const upstream = createServer((socket) => {
      socket.on("error", () => undefined).setEncoding("latin1");
      socket.on("data", (data) => {
        got.push(String(data));
        if (got.join("").includes("LATER"))
          // A moment, for what is over.
          setTimeout(() => socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"), 100);
      });
    });
    const envoy = await startEnvoy(t, {
      upstream: await listen(t, upstream),
      clusters: { side: side.port },
      edit: (config) => {
        const call = `if parts == 2 then h:httpCall("side", {[":method"]="GET", [":path"]="/", [":authority"]="a"}, "", 5000) end`;
        const code = `function envoy_on_request(h) local parts = 0 for chunk in h:bodyChunks() do parts = parts + 1 ${call} end end`;
        chainOf(config).unshift(filter("lua.v3.Lua", { default_source_code: { inline_string: code } }));
        const { route_config } =
          config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
        route_config.virtual_hosts[0].routes[0].route.retry_policy = { retry_on: "5xx" };
      },
    });
    await exchangeParts(envoy.port, [
      [0, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 10\r\n\r\n"],
      [20, "FIRST"],
      [150, "LATER"],
    ]);
    assert.match(got.join(""), /FIRST.*FIRST/s);
  },
);

envoyTest(
  "Envoy ends its own answer to a POST over HTTP/2 after 65,535 bytes, as it does a filter's",
  async (t) => {
    const text = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Answer extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.request.headers.has("x-own") ? this.respond(200, "z".repeat(100000)) : FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Answer>();`;
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(text) }],
      edit: (config) => {
        const { route_config } =
          config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
        route_config.max_direct_response_body_size_bytes = 100_000;
        route_config.virtual_hosts[0].routes[0].direct_response.body.inline_string = BODY.repeat(5);
      },
    });
    for (const own of [true, false])
      for (const method of ["GET", "POST"]) {
        const session = connect(`http://127.0.0.1:${envoy.port}`);
        session.on("error", () => undefined);
        const stream = session.request(
          { ":method": method, ":path": "/", ...(own && { "x-own": "1" }) },
          { endStream: method === "GET" },
        );
        if (method === "POST") stream.end("body");
        let size = 0;
        stream.on("data", (data: Buffer) => (size += data.length)).on("error", () => undefined);
        await new Promise<void>((resolve) => stream.on("close", resolve));
        session.destroy();
        assert.deepEqual(
          [size, stream.rstCode],
          method === "GET" ? [100_000, 0] : [65_535, 2],
          `${own} ${method}`,
        );
      }
  },
);
