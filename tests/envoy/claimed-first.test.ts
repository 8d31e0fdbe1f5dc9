/**
 * A filter that is twice in a chain lets a request and its response go on in one timer. The request cannot go on, so that the SDK answers
 * 500. The other context of the stream must not touch it in that turn: Envoy 1.40 may have ended it when its turn comes, and dies.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { exchangeParts } from "../support/http.js";
import { listen } from "../support/ports.js";

/** The second in the chain holds a part of the request, the first one the response. */
const filter = (
  passes: number,
  changes: string,
): string => `import { FilterDataStatus, FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

let first: Holder | null = null;
let second: Holder | null = null;
let isHeld: bool = false;

class Holder extends HttpContext {
  private parts: i32 = 0;
  private isSecond: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.isSecond = first !== null;
    if (this.isSecond) second = this;
    else first = this;
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!this.isSecond || this.parts++ < ${passes}) return FilterDataStatus.Continue;
    isHeld = true;
    return FilterDataStatus.StopIterationAndBuffer;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.isSecond ? FilterHeadersStatus.Continue : FilterHeadersStatus.StopIteration;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.isSecond ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }
}

class Timers extends PluginContext {
  onConfigure(configuration: string): bool {
    this.every(300, () => {
      if (!isHeld) return;
      isHeld = false;
      ${changes}
      log.info("request " + second!.resumeRequest().toString());
      log.info("response " + first!.resumeResponse().toString());
    });
    return true;
  }

  createHttpContext(): HttpContext {
    return new Holder();
  }
}
registerPlugin<Timers>();
`;

const head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 6\r\n\r\n";

/** What is wrong with the request, the filter, what of it the upstream answers, and what the client sends when. */
const cases: readonly (readonly [why: string, text: string, sign: string, parts: [number, string][]])[] = [
  [
    "a part of its body would be sent twice",
    filter(1, ""),
    "AB",
    [
      [0, head],
      [20, "AB"],
      [200, "CD"],
      [600, "EF"],
    ],
  ],
  [
    "its body was to be changed under its length",
    filter(0, 'second!.request.body.set("another one");'),
    "POST",
    [
      [0, head],
      [20, "ABCDEF"],
    ],
  ],
];

for (const [why, text, sign, parts] of cases)
  envoyTest(
    `a request that is answered with 500, as ${why}, is the only context of its stream in that turn`,
    async (t) => {
      // It does not end its answer.
      const upstream = await listen(
        t,
        createServer((socket) => {
          socket
            .on("error", () => undefined)
            .setEncoding("latin1")
            .on("data", (data) => {
              if (String(data).includes(sign)) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nok");
            });
        }),
      );
      const plugin = { wasm: await compileFilterText(text), vmId: "one" };
      const envoy = await startEnvoy(t, {
        filters: [
          { ...plugin, name: "first" },
          { ...plugin, name: "second" },
        ],
        upstream,
        edit: (config) => {
          const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
          const [{ route }] = manager.route_config.virtual_hosts[0].routes;
          route.retry_policy = { retry_on: "5xx", num_retries: 2 };
        },
      });
      const response = await exchangeParts(envoy.port, parts);
      assert.ok(envoy.isAlive, response);
      assert.match(response, /^HTTP\/1\.1 500 /);
      const said = envoy.wasmLogs.map(({ message }) => message);
      assert.deepEqual(
        said.filter((line) => /^(request|response) /.test(line)),
        ["request 2", "response 2"],
      );
    },
  );
