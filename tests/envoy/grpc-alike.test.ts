/**
 * A client says that its request is gRPC, and the filter asks a service with the client's headers before it lets the request go on. Envoy
 * then tells of a service that is gone, slow or broken with status 200: that must not pass for the service's consent.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { createServer as createHttp } from "node:http";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { freePort, listen } from "../support/ports.js";

const filters = {
  "a class": `import { FilterHeadersStatus, HttpContext, Status, log, registerHttpFilter } from "proxy-wasm-as";
class Guard extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const sent = this.fetch(headers.get("x-service")!, { path: "/", headers: headers.pick(["content-type"]), timeout: 500 }, (result) => {
      log.critical("saw " + result.status.toString() + " " + result.failure.toString());
      if (result.status == 200) this.resumeRequest();
      else this.respond(403);
    });
    if (sent != Status.Ok) return this.respond(503);
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<Guard>();
`,
  "a flow": `import { log } from "proxy-wasm-as";
import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x: Exchange) => {
  const headers = x.request.headers;
  const result = fetch(headers.get("x-service")!, { path: "/", headers: headers.pick(["content-type"]), timeout: 500 });
  log.critical("saw " + result.status.toString() + " " + result.failure.toString());
  if (result.status == 200) x.next();
  else x.respond(403);
});
`,
  "a flow that reads headers": `import { log } from "proxy-wasm-as";
import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x: Exchange) => {
  const headers = x.request.headers;
  const result = fetch(headers.get("x-service")!, { path: "/", headers: headers.pick(["content-type"]), timeout: 500 });
  log.critical("saw " + result.status.toString() + " " + result.failure.toString());
  if (result.ok && result.header("x-user") !== null) x.next();
  else x.respond(403);
});
`,
};

/** By the name of the service's cluster: the status that the filter sees, and the failure (1 too slow, 2 not reached, 3 broken off). */
const seen = {
  gone: "503 2",
  silent: "504 1",
  breaks: "503 3",
  empty: "503 2",
  answers: "200 0",
  refuses: "503 0",
};

for (const [what, text] of Object.entries(filters))
  envoyTest(
    `${what}: a service that does not answer is no consent, whatever the client says it sends`,
    async (t) => {
      const upstream = await startUpstream(t);
      const answers = createHttp((_, response) => response.writeHead(200, { "x-user": "ann" }).end());
      const refuses = createHttp((_, response) => response.writeHead(200, { "grpc-status": "14" }).end());
      const envoy = await startEnvoy(t, {
        filters: [{ wasm: await compileFilterText(text) }],
        upstream: upstream.port,
        clusters: {
          gone: await freePort(),
          silent: await listen(
            t,
            createServer((socket) => void socket.on("error", () => undefined)),
          ),
          breaks: await listen(
            t,
            createServer((socket) => void socket.once("data", () => socket.destroy())),
          ),
          answers: await listen(t, answers),
          refuses: await listen(t, refuses),
        },
        edit: (config) => {
          config.static_resources.clusters.push({ name: "empty", type: "STATIC" });
        },
      });
      for (const type of ["text/plain", "application/grpc", "application/grpc+proto"])
        for (const [service, expected] of Object.entries(seen)) {
          const passed = upstream.requests.length;
          const from = envoy.log.length;
          await exchange(
            envoy.port,
            `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-service: ${service}\r\ncontent-type: ${type}\r\ncontent-length: 0\r\n\r\n`,
          );
          const said = /saw (.*)/.exec(envoy.log.slice(from))?.[1];
          // gRPC has no status of its own for 504.
          const wanted = type === "text/plain" ? expected : expected.replace("504", "503");
          // A cluster without hosts takes no call.
          if (service === "empty") assert.notEqual(said, "200 0", `${type} ${service}`);
          else assert.equal(said, wanted, `${type} ${service}`);
          assert.equal(
            upstream.requests.length - passed,
            service === "answers" ? 1 : 0,
            `${type} ${service}`,
          );
        }
    },
  );
