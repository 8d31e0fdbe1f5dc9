/**
 * Changes of a request's headers once the request has been answered. Envoy chooses the route anew after each of them; when the response's
 * headers have gone to the client it cannot, and dies as soon as a filter, here its bandwidth limit, asks for the route.
 */
import assert from "node:assert/strict";
import type { Bootstrap } from "../../src/envoy/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchange } from "../support/http.js";

const limit = {
  name: "limit",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit",
    stat_prefix: "limit",
    enable_mode: "REQUEST_AND_RESPONSE",
    limit_kbps: 20_000,
    fill_interval: "0.02s",
  },
};

const chainOf = (config: Bootstrap): Bootstrap =>
  config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;

/** Answers in `onRequestHeaders`, or in a timer while it holds the request; writes in a callback of the response or in a timer. */
const answering = `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Answering extends HttpContext {
  private how: string = "";
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.how = this.request.headers.get("x-how") ?? "";
    if (this.how == "at once") return this.respond(200, "hello");
    this.after(5, () => {
      this.respond(200, "hello");
      if (this.how == "timer") this.write();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.how != "timer") this.write();
    return FilterHeadersStatus.Continue;
  }
  private write(): void {
    log.warn("set " + this.request.headers.set("x-b", "1").toString());
    log.warn("replace " + this.request.headers.replaceAll([["x-b", "1"]]).toString());
  }
}
registerHttpFilter<Answering>();
`;

/** The same in a class whose object serves all streams. */
const shared = `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Shared extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.respond(200, "hello");
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    log.warn("set " + this.request.headers.set("x-b", "1").toString());
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Shared>();
`;

envoyTest("the headers of a request that this filter has answered cannot be changed", async (t) => {
  const upstream = await startUpstream(t, (_, response) => void response.end("fine"));
  for (const [text, how, said] of [
    [answering, "at once", ["set 2", "replace 2"]],
    [answering, "held", ["set 2", "replace 2"]],
    [answering, "timer", ["set 2", "replace 2"]],
    [shared, "", ["set 2"]],
  ] as const) {
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(text), name: "filter" }],
      upstream: upstream.port,
      edit: (config) => chainOf(config).http_filters.splice(1, 0, limit),
    });
    const answer = await exchange(
      envoy.port,
      `GET / HTTP/1.1\r\nhost: a\r\nx-how: ${how}\r\nconnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1.1 200 [^]*\r\n\r\nhello$/, how);
    assert.deepEqual(
      envoy.wasmLogs.map(({ message }) => message),
      said,
      how,
    );
    assert.ok(envoy.isAlive, how);
  }
});

const before = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class HoldsResponse extends HttpContext {
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(600, () => { this.resumeResponse(); });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<HoldsResponse>();
`;

/** Writes once before Envoy's own answer, and once after it. */
const behind = `import { FilterHeadersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class HoldsRequest extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(300, () => { this.write(); });
    this.after(1300, () => { this.write(); });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
  private write(): void {
    log.warn("set " + this.request.headers.set("x-b", "1").toString());
  }
}
registerHttpFilter<HoldsRequest>();
`;

envoyTest("the headers of a request that Envoy has answered meanwhile cannot be changed", async (t) => {
  const envoy = await startEnvoy(t, {
    filters: [
      { wasm: await compileFilterText(before), name: "before" },
      { wasm: await compileFilterText(behind), name: "behind" },
    ],
    edit: (config) => {
      chainOf(config).stream_idle_timeout = "1s";
      chainOf(config).http_filters.splice(1, 0, limit);
    },
  });
  const answer = await exchange(envoy.port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  assert.match(answer, /^HTTP\/1.1 (408|504) /);
  assert.deepEqual(
    envoy.wasmLogs.map(({ message }) => message),
    ["set 0", "set 2"],
  );
  assert.ok(envoy.isAlive);
});
