/** What is left of a request that was answered before its end, and trailers behind a body with a length: the connection's next one counts. */
import assert from "node:assert/strict";
import { connect as connect2, createServer as createHttp2 } from "node:http2";
import { connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { listen } from "../support/ports.js";

/** Refuses in a timer, when the upload has come to a stop because the held body is full. */
const slow = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Slow extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(100, () => { this.respond(403, "denied\\n"); });
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}
registerHttpFilter<Slow>();
`;

/** Answers at once and reads nothing. */
async function rudeUpstream(t: TestContext): Promise<number> {
  const server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 403 Forbidden\r\ncontent-length: 7\r\n\r\ndenied\n");
      });
  });
  return listen(t, server);
}

const hello = (): Promise<string> => compileFilter("examples/hello/assembly/index.ts");

const refusals: readonly (readonly [
  by: string,
  path: string,
  module: () => Promise<string>,
  upstream?: (t: TestContext) => Promise<number>,
])[] = [
  ["at its headers", "/denied", hello],
  ["when it has come to a stop", "/", () => compileFilterText(slow)],
  ["by an upstream that does not read it", "/", hello, rudeUpstream],
];

for (const [when, path, module, upstream] of refusals)
  test(`server: the rest of an upload that is refused ${when} is read, so that a client which sends all of it first gets its answer`, async (t) => {
    const server = await serveHost({
      filters: [{ wasm: await module() }],
      ...(upstream !== undefined && { upstream: await upstream(t) }),
    });
    t.after(() => server.close());
    const size = 3_000_000;
    const socket = connect(server.port, "127.0.0.1").setEncoding("latin1").pause();
    let answer = "";
    const errors: string[] = [];
    socket.on("data", (data) => (answer += String(data)));
    socket.on("error", ({ message }) => errors.push(message)).on("end", () => errors.push("end"));
    const sent = new Promise<void>((resolve) => {
      // It looks like requests, which it is not.
      const body = "GET /evil HTTP/1.1\r\nhost: evil\r\n\r\n".padEnd(50_000, "z").repeat(size / 50_000);
      const head = `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${size}\r\n\r\n`;
      socket.write(head + body, "latin1", () => resolve());
    });
    await sent;
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve));
    assert.match(answer, /^HTTP\/1\.1 403 [\s\S]*\r\n\r\ndenied\n$/);
    assert.equal(answer.split("HTTP/1.1").length, 2);
    assert.deepEqual(errors, ["end"]);
  });

for (const [when, path, module, upstream] of refusals)
  test(`server: over HTTP/2, too, when an upload is refused ${when}`, async (t) => {
    const server = await serveHost({
      filters: [{ wasm: await module() }],
      ...(upstream !== undefined && { upstream: await upstream(t) }),
    });
    t.after(() => server.close());
    const session = connect2(`http://127.0.0.1:${server.port}`);
    t.after(() => session.destroy());
    // The rest of the first, unread, would take the window of all that follow.
    for (let i = 0; i < 2; i++) {
      const stream = session.request({ ":method": "POST", ":path": path });
      let status = "";
      let body = "";
      stream.on("response", (headers) => (status = String(headers[":status"])));
      stream.setEncoding("utf8").on("data", (data) => (body += String(data)));
      const ended = new Promise((resolve) => stream.on("close", resolve));
      stream.setTimeout(10_000, () => stream.close(8));
      stream.end(Buffer.alloc(3_000_000, "z"));
      await ended;
      assert.deepEqual([status, body, stream.rstCode], ["403", "denied\n", 0]);
    }
  });

test("server: trailers behind a body with a length end it where it says, both ways", async (t) => {
  // An HTTP/2 upstream that gives a length and trailers, and an HTTP/1 client.
  const upstream = createHttp2();
  upstream.on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-length": 4 }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-t": "1" }));
    stream.end("body");
  });
  const port = await listen(t, upstream);
  const wasm = await compileFilter("examples/hello/assembly/index.ts");
  const server = await serveHost({
    filters: [{ wasm }],
    upstream: { host: "127.0.0.1", port, http2: true },
  });
  t.after(() => server.close());
  const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
  let text = "";
  const two = "GET /one HTTP/1.1\r\nhost: a\r\n\r\nGET /two HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
  socket.write(two);
  socket.on("data", (data) => (text += String(data))).setTimeout(10_000, () => socket.destroy());
  await new Promise((resolve) => socket.on("close", resolve));
  assert.deepEqual(text.match(/\r\n\r\nbody(?=HTTP\/1\.1|$)/g)?.length, 2, text);

  // An HTTP/2 client that gives a length and trailers, and an HTTP/1 upstream.
  const seen: string[] = [];
  let connections = 0;
  const plain = createServer((peer) => {
    connections++;
    let all = "";
    peer.setEncoding("latin1").on("error", () => undefined);
    peer.on("data", (data) => {
      all += String(data);
      const whole = /\r\n\r\nbody/.exec(all);
      if (whole === null) return;
      // The trailers end the request before its answer comes; what is over comes at once.
      setTimeout(() => {
        seen.push(all.slice(whole.index + 8));
        all = "";
        peer.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      }, 50);
    });
  });
  const other = await serveHost({ filters: [{ wasm }], upstream: await listen(t, plain) });
  t.after(() => other.close());
  const session = connect2(`http://127.0.0.1:${other.port}`);
  t.after(() => session.destroy());
  for (let i = 0; i < 2; i++) {
    const stream = session.request(
      { ":method": "POST", ":path": "/", "content-length": "4" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-t": "1" }));
    stream.end("body");
    let body = "";
    stream.setEncoding("utf8").on("data", (data) => (body += String(data)));
    stream.setTimeout(10_000, () => stream.close());
    await new Promise((resolve) => stream.on("close", resolve));
    assert.equal(body, "ok");
  }
  assert.deepEqual(seen, ["", ""]);
  // The first request was over with its trailers, so that the second could have its connection.
  assert.equal(connections, 1);
});
