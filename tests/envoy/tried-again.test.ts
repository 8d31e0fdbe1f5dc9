/**
 * The first of a request's body is held when its headers have gone on, and the upstream fails before it has a body. On a route that tries
 * again, Envoy gives what is held to the next attempt, and once more when the filter lets it go: the surplus would be the next request.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { exchangeParts } from "../support/http.js";
import { listen } from "../support/ports.js";

const classes = (
  answer: string,
): string => `import { FilterDataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Holder extends HttpContext {
  private parts: i32 = 0;
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.parts++ > 0) return FilterDataStatus.Continue;
    this.after(400, () => { this.resumeRequest(); });
    return FilterDataStatus.${answer};
  }
}
registerHttpFilter<Holder>();
`;

/** The second part lets go of the first. */
const callbacks = classes("StopIterationAndBuffer").replace(/this\.after.*\n/, "\n");

const flow = `import { registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x) => {
  while (x.request.chunk() !== null) sleep(400);
  x.next();
});
`;

/** Fails the first attempt as soon as it has headers; `got` has the bodies. */
function startFailing(t: TestContext, got: string[]): Promise<number> {
  const server = createServer((socket) => {
    const index = got.push("") - 1;
    let all = "";
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      all += String(data);
      got[index] = all.slice(all.indexOf("\r\n\r\n") + 4);
      if (index === 0) socket.end("HTTP/1.1 503 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      // A moment, for what is over.
      else if (got[index].length >= 8)
        setTimeout(
          () => socket.end("HTTP/1.1 200 Fine\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"),
          200,
        );
    });
  });
  return listen(t, server);
}

envoyTest("what is held of a request that is tried again meanwhile goes on once or not at all", async (t) => {
  const run = async (name: string, text: string): Promise<void> => {
    const got: string[] = [];
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(text), name: "holder" }],
      upstream: await startFailing(t, got),
      edit: (config) => {
        const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
        manager.route_config.virtual_hosts[0].routes[0].route.retry_policy = {
          retry_on: "5xx",
          num_retries: 2,
        };
      },
    });
    const response = await exchangeParts(envoy.port, [
      [0, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 8\r\n\r\n"],
      [20, "ABCD"],
      [600, "EFGH"],
    ]);
    const which = `${name}: ${response.slice(0, 20)} ${JSON.stringify(got)}`;
    assert.match(response, /^HTTP\/1.1 (200|500) /, which);
    for (const body of got) assert.ok("ABCDEFGH".startsWith(body), which);
    if (response.includes(" 200 ")) assert.equal(got.at(-1), "ABCDEFGH", which);
  };
  await Promise.all([
    ...["StopIterationAndBuffer", "StopIterationAndWatermark"].map((answer) => run(answer, classes(answer))),
    run("in callbacks", callbacks),
    run("flow", flow),
  ]);
});
