import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { until } from "../support/wait.js";

/** An upstream that says everything back. */
async function start(t: TestContext): Promise<Envoy> {
  const wasm = await compileFilter("tests/envoy/filters/tcp.ts");
  const server = createServer({ allowHalfOpen: false }, (socket) =>
    socket.on("error", () => undefined).pipe(socket),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  return startEnvoy(t, { tcpFilters: [{ wasm }], upstream: (server.address() as AddressInfo).port });
}

interface Client {
  readonly socket: Socket;
  /** Waits until so many characters have come, or the connection is closed. */
  receive(count: number): Promise<string>;
}

async function client(port: number): Promise<Client> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let received = "";
  let closed = false;
  socket.on("data", (text) => (received += String(text)));
  socket.on("error", () => undefined).on("close", () => (closed = true));
  await new Promise((resolve) => socket.once("connect", resolve));
  return {
    socket,
    async receive(count) {
      await until(() => received.length >= count || closed);
      const text = received;
      received = "";
      return text;
    },
  };
}

envoyTest(
  "tcp: data is changed both ways, held and let go, and each callback comes in its place",
  async (t) => {
    const envoy = await start(t);
    const { socket, receive } = await client(envoy.tcpPort);
    socket.write("hello");
    assert.equal(await receive(9), "<[HELLO]>");
    socket.write("hold");
    await envoy.waitForLog((log) => log.includes("downstream 4 false"));
    socket.write(" on!");
    assert.equal(await receive(12), "<[HOLD ON!]>");
    socket.write("wait");
    assert.equal(await receive(6), "<wait>", "what was held goes on as it was");
    socket.end();
    await envoy.waitForLog((log) => log.includes("delete"));
    const logs = envoy.wasmLogs.map(({ message }) => message);
    assert.equal(logs[0], "new connection, data 0 2");
    assert.deepEqual(
      logs.filter((line) => line.startsWith("downstream ") && !line.includes("close")),
      [
        "downstream 5 false",
        "downstream 4 false",
        "downstream 8 false",
        "downstream 4 false",
        "downstream 0 true",
      ],
    );
    assert.ok(logs.includes("waited, data 0 2"), "data is usable in its own callback only");
    assert.ok(logs.includes("other side 0 2"));
    assert.deepEqual(logs.slice(-3), ["done, close 2 data 0", "log", "delete"]);
    assert.ok(logs.some((line) => /^downstream close [12]$/.test(line)));
  },
);

envoyTest("tcp: close ends the connection", async (t) => {
  const envoy = await start(t);
  const { socket, receive } = await client(envoy.tcpPort);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write("close");
  assert.equal(await receive(1), "");
  await closed;
  await envoy.waitForLog((log) => log.includes("delete"));
});

envoyTest("tcp: 200 connections, half of them broken off, leave Envoy and its VM whole", async (t) => {
  const envoy = await start(t);
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const { socket, receive } = await client(envoy.tcpPort);
      socket.write(["hello", "hold", "wait", "close"][index % 4]!);
      if (index % 2 === 0) socket.resetAndDestroy();
      else await receive(1000 * (index % 4 === 1 ? 0 : 1) && 1);
      socket.destroy();
    }),
  );
  const { socket, receive } = await client(envoy.tcpPort);
  socket.write("still there");
  assert.equal(await receive(15), "<[STILL THERE]>");
  socket.destroy();
  assert.doesNotMatch(envoy.log, /failed|critical/i);
});
