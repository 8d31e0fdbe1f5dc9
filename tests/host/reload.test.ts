/** What becomes of a host whose place another one takes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { serveHost } from "../../src/host/server/index.js";
import type { HostServer } from "../../src/host/server/index.js";
import { assemble } from "../support/assemble.js";
import { becomes, pass, until } from "../support/wait.js";

const base = `(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (memory (export "memory") 1)`;

/** Says when its plugin is made, and when that is deleted. */
const teller = `${base} (data (i32.const 0) "madegone") (global $plugin (mut i32) (i32.const 0))
  (func (export "proxy_on_context_create") (param $id i32) (param $parent i32)
    (if (i32.eqz (local.get $parent)) (then
      (global.set $plugin (local.get $id))
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 4))))))
  (func (export "proxy_on_delete") (param $id i32)
    (if (i32.eq (local.get $id) (global.get $plugin)) (then
      (drop (call $log (i32.const 2) (i32.const 4) (i32.const 4))))))`;

async function start(
  t: TestContext,
  text: string,
  upstream?: number,
): Promise<{ server: HostServer; said: string[] }> {
  const said: string[] = [];
  const server = await serveHost({
    filters: [{ wasm: "filter.wasm" }],
    readModule: () => Promise.resolve(assemble(text)),
    ...(upstream !== undefined && { upstream }),
    onLog: ({ message }) => said.push(message),
  });
  t.after(() => server.close());
  return { server, said };
}

async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("server: a host that another has replaced ends at once when nothing is on its way through it", async (t) => {
  const { server, said } = await start(t, teller);
  await server.reload();
  await until(() => said.includes("gone"));
  assert.deepEqual(said.sort(), ["gone", "made", "made"]);
  await server.reload();
  await becomes(() => said.filter((word) => word === "gone").length, 2);
});

test("server: a host that another has replaced ends with its last request, and not before", async (t) => {
  const waiting: (() => void)[] = [];
  const upstream = await listen(
    t,
    createServer((_, response) => void waiting.push(() => response.end("late"))),
  );
  const { server, said } = await start(t, teller, upstream);
  const answers = [1, 2].map(
    () =>
      new Promise<string>((resolve, reject) => {
        httpRequest({ port: server.port, host: "127.0.0.1", agent: false }, (response) => {
          response.setEncoding("utf8").once("data", resolve);
        })
          .on("error", reject)
          .end();
      }),
  );
  await until(() => waiting.length >= 2);
  await server.reload();
  await pass(20, "it may not end");
  assert.deepEqual(said, ["made", "made"]);
  waiting[0]!();
  await Promise.race(answers);
  await pass(20, "it may not end");
  assert.deepEqual(said, ["made", "made"]);
  waiting[1]!();
  assert.deepEqual(await Promise.all(answers), ["late", "late"]);
  await until(() => said.length >= 3);
  assert.deepEqual(said, ["made", "made", "gone"]);
});

test("server: a host that another has replaced ends with its last WebSocket, and not with the one before", async (t) => {
  const upstream = createServer();
  upstream.on("upgrade", (_, socket: Socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket
      .on("error", () => undefined)
      .on("data", (bytes) => {
        if (String(bytes) === "end") socket.end();
        else socket.write(bytes);
      });
  });
  const { server, said } = await start(t, teller, await listen(t, upstream));
  const sockets = await Promise.all(
    [1, 2].map(async () => {
      const socket = connect(server.port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
      const [head] = (await once(socket, "data")) as [Buffer];
      assert.match(String(head), /^HTTP\/1\.1 101 /);
      return socket;
    }),
  );
  await server.reload();
  sockets[0]!.write("end");
  await once(sockets[0]!, "close");
  sockets[1]!.write("still there");
  assert.equal(String((await once(sockets[1]!, "data"))[0]), "still there");
  assert.deepEqual(said, ["made", "made"]);
  sockets[1]!.end();
  await until(() => said.length >= 3);
  assert.deepEqual(said, ["made", "made", "gone"]);
});
