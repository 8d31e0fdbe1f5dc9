import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostServer, ServeOptions } from "../../src/host/server/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter } from "../support/compile.js";
import { startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const hello = (): Promise<string> => compileFilter("examples/hello/assembly/index.ts");
const body = (): Promise<string> => compileFilter("tests/envoy/filters/body.ts");

async function start(t: TestContext, options: ServeOptions): Promise<HostServer> {
  const server = await serveHost(options);
  t.after(() => server.close());
  return server;
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

test("server: 600 requests with bodies, a fifth of them cut, leave no stream behind", async (t) => {
  const upstream = await startUpstream(t);
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  let answered = 0;
  const client = async (number: number): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      const body = "x".repeat((number * 7919 + i * 104729) % 100_000);
      const isCut = (number + i) % 5 === 0;
      const cut = isCut ? { cutAfter: i % 7 } : {};
      const response = await request(server.port, { method: "POST", path: `/${number}/${i}`, body, ...cut });
      if (isCut) continue;
      assert.equal(response.status, 200);
      assert.ok(response.body.startsWith(`POST /${number}/${i}\n`) && response.body.endsWith(`\n${body}`));
      answered++;
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, number) => client(number)));
  assert.equal(answered, 480);
  for (let i = 0; i < 100 && server.openStreams > 0; i++) await sleep(20);
  assert.equal(server.openStreams, 0);
});

test("server: a client that goes away ends its stream, and the upstream's request", async (t) => {
  const upstream = await startUpstream(t, () => undefined); // never answers
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: upstream.port });
  await request(server.port, { cutAfter: 50 });
  for (let i = 0; i < 50 && server.openStreams > 0; i++) await sleep(10);
  assert.equal(server.openStreams, 0);
});

test("server: a WebSocket-like upgrade passes both ways", async (t) => {
  const upstream = createServer();
  upstream.on("upgrade", (_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  t.after(() => void upstream.close());
  const { port } = upstream.address() as AddressInfo;
  const server = await start(t, { filters: [{ wasm: await hello() }], upstream: port });
  const socket = connect(server.port, "127.0.0.1").setEncoding("latin1");
  socket.write("GET /ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
  let received = "";
  socket.on("data", (text) => (received += String(text)));
  for (let i = 0; i < 100 && !received.includes("\r\n\r\n"); i++) await sleep(10);
  assert.match(received, /^HTTP\/1\.1 101 /);
  assert.match(received, /x-served-by: proxy-wasm-as/);
  socket.write("ping");
  for (let i = 0; i < 100 && !received.endsWith("ping"); i++) await sleep(10);
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
  for (let i = 0; i < 200 && reloads.length < 1; i++) await sleep(20);
  assert.equal(reloads[0], undefined);
  assert.deepEqual((await request(server.port)).all("x-served-by"), ["proxy-wasm-as"]);
  copyFileSync(join(import.meta.dirname, "server.test.ts"), wasm);
  for (let i = 0; i < 200 && reloads.length < 2; i++) await sleep(20);
  assert.match(reloads[1]!.message, /Missing or unknown Proxy-Wasm ABI version/);
  assert.deepEqual((await request(server.port)).all("x-served-by"), ["proxy-wasm-as"]);
});
