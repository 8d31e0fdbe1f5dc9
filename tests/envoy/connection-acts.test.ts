/**
 * A callback of a connection that another callback has resumed comes while Envoy still does what that one has asked for: an action of it
 * upon an HTTP stream would come in the middle of what Envoy does there.
 */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { listen } from "../support/ports.js";

/** The first filter holds the first part of a response, the second, which sees it earlier, the last. */
const text = `import { FilterDataStatus, FilterHeadersStatus, FilterStatus, HttpContext, TcpContext, log, registerHttpFilter, registerTcpFilter } from "proxy-wasm-as";
let first: Holder | null = null;
let isHeld: bool = false;
let second: Holder | null = null;
class Holder extends HttpContext {
  private isFirst: bool = false;
  private parts: i32 = 0;
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.isFirst = first === null;
    if (this.isFirst) first = this;
    else second = this;
    return FilterHeadersStatus.Continue;
  }
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.parts++;
    if (this.isFirst) return FilterDataStatus.StopIterationAndBuffer;
    return this.parts == 1 ? FilterDataStatus.Continue : FilterDataStatus.StopIterationAndBuffer;
  }
}
class Connection extends TcpContext {
  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    if (isHeld) {
      log.critical("refused: " + first!.resumeResponse().toString());
      first!.after(50, () => { first!.resumeResponse(); });
      return FilterStatus.Continue;
    }
    isHeld = true;
    this.after(300, () => {
      this.resumeDownstream();
      second!.resumeResponse();
    });
    return FilterStatus.StopIteration;
  }
}
registerHttpFilter<Holder>("http");
registerTcpFilter<Connection>("tcp");
`;

envoyTest("a connection's callback cannot act upon an HTTP stream; a timer of it can", async (t) => {
  const upstream = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nFIRST");
        setTimeout(() => socket.end("LAST"), 100);
      });
  });
  const wasm = await compileFilterText(text);
  const plugin = { wasm, vmId: "one", rootId: "http", name: "holder" };
  const connection = { ...plugin, rootId: "tcp", name: "connection" };
  const envoy = await startEnvoy(t, {
    filters: [plugin, plugin],
    tcpFilters: [connection, connection],
    upstream: await listen(t, upstream),
    concurrency: 1,
  });
  const answer = exchange(envoy.port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  const socket = connect(envoy.tcpPort, "127.0.0.1").on("error", () => undefined);
  t.after(() => socket.destroy());
  setTimeout(() => socket.write("data"), 50);
  const response = await answer;
  assert.ok(envoy.isAlive, envoy.lastLog(30));
  assert.match(response, /^HTTP\/1.1 200 [^]*FIRST[^]*LAST/);
  assert.ok(envoy.wasmLogs.some(({ message }) => message.includes("refused: 2")));
});
