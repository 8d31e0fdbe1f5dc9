import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";

const wasm = fileURLToPath(new URL("../build/service-queue.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

let blocked = "";
let lists, envoy;
before(async () => {
  if (skip !== false) return;
  lists = await startEcho((request, response) => response.end(blocked));
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    services: [{ wasm, vmId: "lists", rootId: "fetcher" }],
    filters: [{ wasm, vmId: "lists", rootId: "filter" }],
    clusters: { lists: lists.port },
  });
});
after(async () => {
  await envoy?.stop();
  await lists?.close();
});

/** The statuses of some requests, each on a connection of its own, so that both worker threads get some. */
async function statuses(client) {
  const headers = { "x-client": client, connection: "close" };
  const requests = Array.from({ length: 12 }, () => fetch(`http://127.0.0.1:${envoy.port}/`, { headers }));
  return new Set((await Promise.all(requests)).map(({ status }) => status));
}

/** Publishes a list and waits until all threads refuse or admit the client. */
async function publish(list, client, status) {
  blocked = list;
  for (let i = 0; i < 100; i++) {
    const seen = await statuses(client);
    if (seen.size === 1 && seen.has(status)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${client} does not get ${status} in all threads:\n${envoy.lastLog()}`);
}

test("each list reaches the filters of all threads", { skip }, async () => {
  assert.deepEqual([...(await statuses("bad"))], [200]);
  await publish("bad\nworse\n", "bad", 403);
  assert.deepEqual([...(await statuses("worse"))], [403]);
  assert.deepEqual([...(await statuses("good"))], [200]);
  await publish("worse\n", "bad", 200);
  assert.deepEqual([...(await statuses("worse"))], [403]);
});
