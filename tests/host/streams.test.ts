/** The local proxy keeps no more than it may, and waits as long as it shall. */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { RealLoop } from "../../src/host/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compilePuppet } from "../parity/puppet.js";
import { pass, until } from "../support/wait.js";

const ENOUGH = 64 << 20;

async function listen(t: TestContext, onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Writes as long as the other side takes it; answers how much that was. */
async function pour(socket: Socket): Promise<number> {
  const chunk = Buffer.alloc(256 << 10);
  let sent = 0;
  for (;;) {
    while (sent < ENOUGH && socket.write(chunk)) sent += chunk.length;
    if (sent >= ENOUGH) return sent;
    const drained = await Promise.race([
      new Promise<boolean>((resolve) => socket.once("drain", () => resolve(true))),
      pass(1500, "the other side takes no more").then(() => false),
    ]);
    if (!drained) return sent;
  }
}

async function proxy(t: TestContext, upstream: number): Promise<number> {
  const filter = { wasm: await compilePuppet(), configuration: "script|" };
  const server = await serveHost({ filters: [], tcpFilters: [filter], upstream });
  t.after(() => server.close());
  return server.port;
}

test("server: a TCP client that reads nothing stops the upstream", async (t) => {
  let poured: Promise<number> | undefined;
  const port = await proxy(t, await listen(t, (socket) => (poured = pour(socket))));
  const client = connect(port, "127.0.0.1").pause();
  t.after(() => client.destroy());
  await until(() => poured !== undefined);
  assert.ok((await poured!) < ENOUGH, "nothing is held back");
});

test("server: a TCP upstream that reads nothing stops the client", async (t) => {
  const port = await proxy(t, await listen(t, (socket) => socket.pause()));
  const client = connect(port, "127.0.0.1");
  t.after(() => client.destroy());
  assert.ok((await pour(client)) < ENOUGH, "nothing is held back");
});

test("server: what was held back comes when it is read, all of it", async (t) => {
  const port = await proxy(t, await listen(t, (socket) => socket.pipe(socket)));
  const client = connect(port, "127.0.0.1");
  t.after(() => client.destroy());
  const size = 8 << 20;
  let received = 0;
  client.end(Buffer.alloc(size, "x"));
  await pass(300, "the buffers on the way fill");
  for await (const part of client) received += (part as Buffer).length;
  assert.equal(received, size);
});

test("loop: a timer of 2^31 milliseconds and more does not fire at once", async () => {
  const loop = new RealLoop(setImmediate);
  const fired: number[] = [];
  const timers = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 5].map((period) =>
    loop.after(period, () => fired.push(period)),
  );
  loop.after(1, () => fired.push(1));
  await pass(50, "no timer but the first may be due");
  for (const timer of timers) timer.cancel();
  assert.deepEqual(fired, [1]);
});
