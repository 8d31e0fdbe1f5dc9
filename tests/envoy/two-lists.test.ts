/** Two copies of examples/service-queue in one VM id have a list each; subscribers that are gone are forgotten. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { startReplaceable } from "../support/replaceable.js";
import { becomes } from "../support/wait.js";

interface Copy {
  readonly wasm: string;
  readonly rootId: string;
  readonly configuration: string;
}

const lists = ["blocked", "others"];

/** The services and filters of two lists. */
async function twoLists(): Promise<{ services: Copy[]; filters: Copy[] }> {
  const wasm = await buildExample("service-queue");
  const all = (rootId: string): Copy[] =>
    lists.map((configuration) => ({ wasm, rootId, configuration, vmId: "lists" }));
  return { services: all("fetcher"), filters: all("filter") };
}

test("two copies of service-queue have a list each, in the embedded host", async () => {
  let bad: Record<string, string> = { "/blocked": "bad\n", "/others": "worse\n" };
  const host = await createHost({
    ...(await twoLists()),
    clusters: { lists: ({ path }) => ({ body: bad[path] ?? "" }) },
  });
  const statuses = async (): Promise<number[]> => {
    const all = ["bad", "worse", "good"].map((client) => host.request({ headers: { "x-client": client } }));
    return (await Promise.all(all)).map(({ status }) => status);
  };
  await host.tick(1000);
  assert.deepEqual(await statuses(), [403, 403, 200]);
  bad = { "/blocked": "bad\n", "/others": "good\n" };
  await host.tick(1000);
  assert.deepEqual(await statuses(), [403, 200, 403]);
});

envoyTest("two copies of service-queue have a list each, in Envoy", async (t) => {
  const upstream = await startUpstream(t, ({ path }, response) => {
    response.end(path === "/blocked" ? "bad\n" : path === "/others" ? "worse\n" : "?");
  });
  const envoy = await startEnvoy(t, { ...(await twoLists()), clusters: { lists: upstream.port } });
  const statuses = async (): Promise<string> => {
    const all = ["bad", "worse", "good"].map((client) =>
      request(envoy.port, { headers: [["x-client", client]] }),
    );
    return (await Promise.all(all)).map(({ status }) => status).join(" ");
  };
  await becomes(statuses, "403 403 200");
  await envoy.waitForLog(
    () => envoy.wasmLogs.filter(({ message }) => /^a new list/.test(message)).length >= 2,
  );
});

test("service-queue forgets filters that have ended without a word", async () => {
  const wasm = await buildExample("service-queue");
  let list = 0;
  const host = await createHost({
    services: [{ wasm, rootId: "fetcher", vmId: "lists" }],
    filters: [
      { wasm: await compileFilter("tests/envoy/filters/lost-subscribers.ts"), vmId: "lists" },
      { wasm, rootId: "filter", vmId: "lists" },
    ],
    clusters: { lists: () => ({ body: `bad\n${list++}\n` }) },
  });
  const counts = (): number[] =>
    host.messages.flatMap((message) => /^a new list for (\d+) filters/.exec(message)?.[1] ?? []).map(Number);
  await host.tick(5000);
  assert.equal(counts().at(-1), 2); // itself, and one that may still be there
  await host.tick(30_000);
  assert.equal(counts().at(-1), 1);
  assert.equal((await host.request({ headers: { "x-client": "bad" } })).status, 403);
});

envoyTest("service-queue forgets filters that updates have replaced", async (t) => {
  const wasm = await buildExample("service-queue");
  let list = 0;
  const upstream = await startUpstream(t, (_request, response) => response.end(`bad\n${list++}\n`));
  const filter = { wasm, rootId: "filter", vmId: "lists", name: "filter" };
  const { envoy, port, replace } = await startReplaceable(t, filter, {
    services: [{ wasm, rootId: "fetcher", vmId: "lists" }],
    clusters: { lists: upstream.port },
    concurrency: 2,
  });
  const counts = (): number[] =>
    envoy.wasmLogs
      .flatMap(({ message }) => /^a new list for (\d+) filters/.exec(message)?.[1] ?? [])
      .map(Number);
  const nextCount = async (): Promise<number> => {
    const before = counts().length;
    await envoy.waitForLog(() => counts().length >= before + 2);
    return counts().at(-1);
  };
  const first = await nextCount();
  assert.ok(first >= 2, `${first} filters`);
  for (let update = 1; update <= 3; update++) {
    replace({ ...filter, environment: { UPDATE: String(update) } });
    await nextCount();
  }
  assert.equal(await nextCount(), first);
  assert.equal((await request(port, { headers: [["x-client", "bad"]] })).status, 403);
});
