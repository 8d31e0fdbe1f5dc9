import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/tcp-metrics.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let server, envoy;
before(async () => {
  if (skip !== false) return;
  server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  envoy = await Envoy.start({ envoy: found.path, tcpFilters: [{ wasm }], upstream: server.address().port });
});
after(async () => {
  await envoy?.stop();
  server?.close();
});

const stat = (name) => envoy.stat(`wasmcustom.example_tcp_${name}`);

/** Waits until a statistic has a value; answers what it is in the end. */
async function settled(name, value) {
  for (let i = 0; i < 200 && (await stat(name)) !== value; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return stat(name);
}

test("connections and bytes are counted", { skip }, async () => {
  const socket = connect(envoy.tcpPort, "127.0.0.1");
  const echoed = new Promise((resolve) => socket.once("data", resolve));
  socket.write("hello");
  assert.equal(String(await echoed), "hello");
  assert.equal(await stat("connections_active"), 1);
  socket.destroy();
  assert.equal(await settled("connections_active", 0), 0);
  assert.equal(await stat("connections_total"), 1);
  assert.equal(await stat("received_bytes_total"), 5);
  assert.equal(await stat("sent_bytes_total"), 5);
});
