/**
 * A second response to one request. Envoy's router tries a request again after a while even when it has been answered in the meantime,
 * and a filter holds that answer: the client must not get both, as two messages of which the second answers its next request.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { exchangeParts } from "../support/http.js";
import { listen } from "../support/ports.js";

/**
 * Denies a request when its second part comes; holds answers for some seconds, by the headers or by their end, as `x-hold` says. Then it
 * lets them go on, has a bug, or answers anew.
 */
const classes = `import { FailurePolicy, FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Holder extends HttpContext {
  private hold: string = "";
  private parts: i32 = 0;
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.hold = this.request.headers.get("x-hold") ?? "";
    return FilterHeadersStatus.Continue;
  }
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return ++this.parts > 1 ? this.respond(403, "denied".repeat(700)) : FilterDataStatus.Continue;
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.hold == "end") return FilterHeadersStatus.Continue;
    if (this.hold == "parts") return FilterHeadersStatus.StopIteration;
    this.after(3500, () => {
      if (this.hold == "bug") throw new Error("a bug");
      if (this.hold == "answer") this.respond(500, "own");
      else this.resumeResponse();
    });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.hold == "parts" && !endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    if (!endOfStream || this.hold != "end") return FilterDataStatus.Continue;
    this.after(3500, () => { this.resumeResponse(); });
    return FilterDataStatus.StopIterationAndBuffer;
  }
  onError(error: Error): FailurePolicy {
    return FailurePolicy.FailOpen;
  }
}
registerHttpFilter<Holder>();
`;

const flow = `import { registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x) => {
  x.next();
  sleep(3500);
});
`;

/** Fails the first attempt at each request, with the wish to be asked again in two seconds; answers "late" to the next. */
function startFailing(t: TestContext): Promise<number> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      const isFirst = count++ % 2 === 0;
      socket.end(
        `HTTP/1.1 ${isFirst ? "503 No\r\nx-retry: 2" : "200 Fine"}\r\nconnection: close\r\ncontent-length: 4\r\n\r\nlate`,
      );
    });
  });
  return listen(t, server);
}

const filters = "type.googleapis.com/envoy.extensions.filters.http";
const json = {
  name: "json",
  typed_config: {
    "@type": `${filters}.json_to_metadata.v3.JsonToMetadata`,
    response_rules: {
      allow_empty_content_type: true,
      allow_content_types: ["text/plain", "application/json"],
      rules: [{ selectors: [{ key: "a" }], on_missing: { key: "b", value: "none" } }],
    },
  },
};
const lua = {
  name: "lua",
  typed_config: {
    "@type": `${filters}.lua.v3.Lua`,
    default_source_code: { inline_string: "function envoy_on_response(handle) handle:body() end" },
  },
};
const limit = {
  name: "limit",
  typed_config: {
    "@type": `${filters}.bandwidth_limit.v3.BandwidthLimit`,
    ...{ stat_prefix: "limit", enable_mode: "RESPONSE", limit_kbps: 1, fill_interval: "0.5s" },
  },
};
/** Envoy's own filters that keep a response's headers back until its body has come; with one that passes a body on slowly. */
const behind: Readonly<Record<string, readonly object[]>> = {
  "json to metadata": [json],
  lua: [lua],
  "bandwidth limit and json to metadata": [limit, json],
};

const head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\nconnection: close\r\n";

/** Sends the parts through a filter that holds answers, and looks for anything of the upstream's late one. */
async function expectOne(
  t: TestContext,
  [name, wasm]: readonly [name: string, wasm: string],
  hold: string,
  parts: readonly string[],
  other?: string,
): Promise<void> {
  const upstream = await startFailing(t);
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, name, allowOnHeadersStopIteration: true }],
    upstream,
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      if (other !== undefined) manager.http_filters.splice(-1, 0, ...behind[other]!);
      // Where the filter does not answer, Envoy does, while the router waits.
      if (parts.length === 1) manager.common_http_protocol_options = { max_stream_duration: "1.6s" };
      manager.route_config.virtual_hosts[0].routes[0].route.retry_policy = {
        retry_on: "5xx",
        num_retries: 1,
        rate_limited_retry_back_off: {
          reset_headers: [{ name: "x-retry", format: "SECONDS" }],
          max_interval: "5s",
        },
      };
    },
  });
  // Envoy has an upstream's answer to what has come before the next part comes.
  const sent = [`${head}x-hold: ${hold}\r\n\r\n`, ...parts].map((part, i) => [i * 300, part] as const);
  const text = await exchangeParts(envoy.port, sent);
  const logs = envoy.wasmLogs.map(({ message }) => message).join("\n");
  const which = `${name}, ${hold}, ${parts.join(" ")}, ${other}: ${text}\n${logs}`;
  assert.ok(envoy.isAlive, which);
  assert.ok((text.match(/HTTP\/1\.1 /g) ?? []).length <= 1, which);
  assert.doesNotMatch(text, /late|HTTP\/1\.1 200/, which);
  // An answer of the filter's own takes the place of both.
  if (hold === "answer" && text !== "") assert.match(text, /^HTTP\/1\.1 500 [^]*\r\n\r\nown$/, which);
  else assert.match(logs, /a second response of the upstream/, which);
}

const title = "a request that is tried again has one response, whoever has answered it meanwhile";

for (const other of [undefined, "json to metadata", "lua"])
  envoyTest(other === undefined ? title : `${title}, before Envoy's ${other}`, async (t) => {
    const ofClasses = ["classes", await compileFilterText(classes)] as const;
    const ofFlow = ["flow", await compileFilterText(flow)] as const;
    await Promise.all([
      ...["end", "headers", "bug"].map((hold) => expectOne(t, ofClasses, hold, ["abc", "def"], other)),
      ...["end", "headers", "bug", "answer"].map((hold) => expectOne(t, ofClasses, hold, ["abc"], other)),
      expectOne(t, ofFlow, "", ["abc"], other),
    ]);
  });

envoyTest(`${title}, where the answer comes in parts`, async (t) => {
  const ofClasses = ["classes", await compileFilterText(classes)] as const;
  await expectOne(t, ofClasses, "parts", ["abc", "def"], "bandwidth limit and json to metadata");
});
