import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createHttp2, connect as connectHttp2 } from "node:http2";
import { connect, createServer as createTcp } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { HostServer, ServeOptions } from "../../src/host/server/index.js";
import { Http2Cluster } from "../../src/host/server/http2-cluster.js";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter } from "../support/compile.js";
import { startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { becomes, pass, until } from "../support/wait.js";

const hello = (): Promise<string> => compileFilter("examples/hello/assembly/index.ts");
const body = (): Promise<string> => compileFilter("tests/envoy/filters/body.ts");

async function start(t: TestContext, options: ServeOptions): Promise<HostServer> {
  const server = await serveHost(options);
  t.after(() => server.close());
  return server;
}

/** Listens on a free port until the test ends. */
async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("server: a request passes the filter to the upstream and back", async (t) => {
  const upstream = await startUpstream(t);
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  const response = await request(server.port, { path: "/x", headers: [["x-user", "ann"]], body: "abc" });
  assert.equal(response.status, 200);
  assert.ok(response.complete);
  assert.deepEqual(response.all("x-served-by"), ["proxy-wasm-as"]);
  assert.match(response.body, /^POST \/x|^GET \/x/);
  assert.match(response.body, /x-hello: world/);
  assert.match(response.body, /abc$/);
  assert.equal((await request(server.port, { path: "/denied" })).status, 403);
  assert.equal(server.openStreams, 0);
});

test("server: without an upstream it answers itself; an upstream that is gone is a 503", async (t) => {
  const server = await start(t, { filters: [{ wasm: await hello() }] });
  assert.equal((await request(server.port)).body, "ok\n");
  const dead = await start(t, { filters: [{ wasm: await hello() }], upstream: 1 });
  const response = await request(dead.port);
  assert.equal(response.status, 503);
  assert.match(response.body, /remote connection failure$/);
});

test("server: HTTP/2 without TLS on the same port", async (t) => {
  const upstream = await startUpstream(t);
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  t.after(() => session.close());
  const stream = session.request({ ":method": "POST", ":path": "/two" });
  stream.end("abc");
  let status = 0;
  let served: unknown;
  stream.on("response", (headers) => {
    status = headers[":status"]!;
    served = headers["x-served-by"];
  });
  let text = "";
  for await (const chunk of stream.setEncoding("latin1")) text += String(chunk);
  assert.equal(status, 200);
  assert.equal(served, "proxy-wasm-as");
  assert.match(text, /^POST \/two/);
  assert.match(text, /abc$/);
});

test("server: bodies of a megabyte pass unchanged, many at once", async (t) => {
  const upstream = await startUpstream(t);
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  const large = "0123456789abcdef".repeat(1 << 16);
  const responses = await Promise.all(
    Array.from({ length: 8 }, () => request(server.port, { method: "POST", body: large })),
  );
  for (const response of responses) assert.ok(response.body.endsWith(large));
  assert.equal(server.openStreams, 0);
});

test("server: a client that goes away ends its stream, and the upstream's request", async (t) => {
  const upstream = await startUpstream(t, () => undefined); // never answers
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  await request(server.port, { cutAfter: 50 });
  await becomes(() => server.openStreams, 0);
});

test("server: a WebSocket-like upgrade passes both ways", async (t) => {
  const upstream = createServer();
  upstream.on("upgrade", (_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  const server = await start(t, {
    filters: [{ wasm: await hello() }],
    upstream: await listen(t, upstream),
  });
  const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
  socket.write("GET /ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
  let received = "";
  socket.on("data", (text) => (received += String(text)));
  await until(() => received.includes("\r\n\r\n"));
  assert.match(received, /^HTTP\/1\.1 101 /);
  assert.match(received, /x-served-by: proxy-wasm-as/);
  socket.write("ping");
  await until(() => received.endsWith("ping"));
  assert.match(received, /ping$/);
  socket.destroy();
});

test("server: a module that changes is taken into use, one that is broken is not", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-server-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wasm = join(folder, "plugin.wasm");
  copyFileSync(await body(), wasm);
  const reloads: (Error | undefined)[] = [];
  const server = await start(t, {
    filters: [{ wasm }],
    watch: true,
    onReload: (error) => reloads.push(error),
  });
  assert.deepEqual((await request(server.port)).all("x-served-by"), []);
  copyFileSync(await hello(), wasm);
  await until(() => reloads.length >= 1);
  assert.equal(reloads[0], undefined);
  assert.deepEqual((await request(server.port)).all("x-served-by"), ["proxy-wasm-as"]);
  copyFileSync(join(import.meta.dirname, "server.test.ts"), wasm);
  await until(() => reloads.length >= 2);
  assert.match(reloads[1]!.message, /Failed to parse corrupted Wasm module/);
  assert.deepEqual((await request(server.port)).all("x-served-by"), ["proxy-wasm-as"]);
});

test("server: modules are taken into use without dropping a request", async (t) => {
  const waiting: (() => void)[] = [];
  const upstream = await startUpstream(t, (asked, response) => {
    const answer = (): unknown => response.end(asked.path);
    if (asked.path === "/slow") waiting.push(answer);
    else answer();
  });
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-server-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wasm = join(folder, "plugin.wasm");
  copyFileSync(await hello(), wasm);
  const server = await start(t, { filters: [{ wasm }], upstream: upstream.port });
  const slow = request(server.port, { path: "/slow" });
  await until(() => waiting.length >= 1);
  copyFileSync(await body(), wasm);
  let reloads = 0;
  let isOver = false;
  const reloading = (async () => {
    while (!isOver) {
      await server.reload();
      reloads++;
    }
  })();
  const responses = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      await pass(i % 20, "the requests come one after the other");
      return request(server.port, { path: `/${i}` });
    }),
  );
  isOver = true;
  await reloading;
  assert.ok(reloads > 1);
  assert.deepEqual(
    responses.map(({ status, body }) => `${status} ${body}`),
    responses.map((_, i) => `200 /${i}`),
  );
  assert.deepEqual((await request(server.port)).all("x-served-by"), []);
  waiting[0]!();
  const last = await slow;
  assert.equal(last.body, "/slow");
  assert.deepEqual(last.all("x-served-by"), ["proxy-wasm-as"], "it ends with the module it began with");
});

/** More than the buffers of the machine's connections take. */
const MUCH = 64 << 20;

/**
 * Writes as much, piece by piece; answers how much has gone out when no more goes out. The stream is not ended: a client that closes
 * its side has gone away for a proxy, and its request with it.
 */
async function writeMuch(stream: Writable): Promise<number> {
  const piece = Buffer.alloc(1 << 16);
  let sent = 0;
  const next = (): void => {
    if (sent === MUCH) return;
    stream.write(piece, (error) => {
      if (error) return;
      sent += piece.length;
      next();
    });
  };
  next();
  for (let last = -1; sent !== last || last === 0; await pass(150, "nothing may be sent in it")) last = sent;
  return sent;
}

test("server: a request comes no faster than the upstream takes it", async (t) => {
  let take = (): void => undefined;
  let taken = 0;
  const upstream = createTcp((socket) => {
    socket.on("error", () => undefined).pause();
    take = () => socket.on("data", (bytes) => (taken += bytes.length)).resume();
  });
  const server = await start(t, {
    filters: [{ wasm: await hello() }],
    upstream: await listen(t, upstream),
  });
  const socket = connect(server.port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${MUCH}\r\n\r\n`);
  const sent = await writeMuch(socket);
  assert.ok(sent < MUCH, "all of it was taken from the client");
  take();
  await until(() => taken >= MUCH);
});

test("server: a response comes no faster than the client takes it", async (t) => {
  const upstream = createServer((_request, response) => {
    response.writeHead(200, { "content-length": MUCH });
    stuck = writeMuch(response);
  });
  let stuck: Promise<number> | undefined;
  const server = await start(t, {
    filters: [{ wasm: await hello() }],
    upstream: await listen(t, upstream),
  });
  const socket = connect(server.port, "127.0.0.1").pause();
  t.after(() => socket.destroy());
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await until(() => stuck !== undefined);
  assert.ok((await stuck!) < MUCH, "all of it was taken from the upstream");
  let received = 0;
  socket.on("data", (bytes) => (received += bytes.length)).resume();
  await until(() => received >= MUCH);
});

test("server: trailers reach an upstream that speaks HTTP/2", async (t) => {
  const upstream = createHttp2();
  const seen: string[] = [];
  upstream.on("stream", (stream) => {
    stream.on("data", (bytes: Buffer) => seen.push(bytes.toString()));
    stream.on("trailers", (trailers) => seen.push(`x-t: ${String(trailers["x-t"])}`));
    stream.on("end", () => stream.respond({ ":status": 204 }, { endStream: true }));
  });
  const cluster = new Http2Cluster({ host: "127.0.0.1", port: await listen(t, upstream) }, (event) =>
    event(),
  );
  t.after(() => cluster.close());
  const ask = (trailers: boolean): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const call = cluster.open({
        headers: (fields) => resolve(fields.find(([name]) => name === ":status")?.[1]),
        data: () => undefined,
        trailers: () => undefined,
        reset: reject,
      });
      call.headers(
        [
          [":method", "POST"],
          [":path", "/"],
          [":scheme", "http"],
          [":authority", "x"],
        ],
        false,
      );
      call.data(new TextEncoder().encode("abc"), !trailers);
      if (trailers) call.trailers([["x-t", "1"]]);
    });
  assert.equal(await ask(true), "204");
  assert.equal(await ask(false), "204");
  assert.deepEqual(seen, ["abc", "x-t: 1", "abc"]);
});
