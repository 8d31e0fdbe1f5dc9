/** Shared data and queues are a plugin's own, though the host gives them to everyone with the same `vm_id`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { startReplaceable } from "../support/replaceable.js";

interface Copy {
  readonly wasm: string;
  readonly name?: string;
  readonly rootId?: string;
  readonly configuration?: string;
}

/** A copy of the filter by each thing that tells plugins apart; `command` is the header that it obeys. */
async function copies(): Promise<readonly (Copy & { command: string })[]> {
  const wasm = await compileFilter("tests/envoy/filters/state.ts");
  const other = await compileFilter("tests/envoy/filters/state.ts", { options: ["-O1"] });
  const twin = await compileFilterText(
    readFileSync(join(root, "tests/envoy/filters/state.ts"), "utf8").replace(
      "this.command = configuration;",
      'this.command = "x-twin";',
    ),
  );
  const named = ["first", "second"].map((name) => ({ wasm, name, configuration: `x-${name}` }));
  return [
    ...named,
    { wasm: other, name: "third", configuration: "x-third" },
    { wasm, name: "first", rootId: "root", configuration: "x-root" },
    { wasm, configuration: "x-nameless" },
    { wasm: other, configuration: "x-nameless-too" },
    { wasm: twin, configuration: "x-nameless", command: "x-twin" },
  ].map((copy) => ({ command: copy.configuration, ...copy }));
}

/** Has each copy set its name under one key, add to one number, then read; and a queue of one name is each one's own. */
async function eachHasItsOwn(ask: (header: string, command: string) => Promise<string>): Promise<void> {
  const all = (await copies()).map(({ command }) => command);
  for (const header of all) {
    assert.equal(await ask(header, "get|k"), "null 1", header);
    assert.equal(await ask(header, `set|k|${header}`), "0 0");
    assert.equal(await ask(header, "add|n"), "1 0", header);
    assert.equal(await ask(header, "queue|own"), "no queue, then one 0", header);
  }
  for (const header of all) {
    assert.equal(await ask(header, "get|k"), `[${header}] versioned 0`);
    assert.equal(await ask(header, "add|n"), "2 0");
  }
  for (const [index, header] of all.entries())
    assert.equal(await ask(header, "add-shared|n"), `${index + 1} 0`);
}

envoyTest("plugins and modules in one VM id: each has its own data and queues, in Envoy", async (t) => {
  const envoy = await startEnvoy(t, { filters: (await copies()).map((copy) => ({ ...copy, vmId: "one" })) });
  await eachHasItsOwn(async (header, command) => {
    return (await request(envoy.port, { headers: [[header, command]] })).body;
  });
});

test("plugins and modules in one VM id: each has its own data and queues, in the embedded host", async () => {
  const host = await createHost({ filters: (await copies()).map((copy) => ({ ...copy, vmId: "one" })) });
  await eachHasItsOwn(
    async (header, command) => (await host.request({ headers: { [header]: command } })).body,
  );
});

envoyTest("a plugin's data outlast an update of its configuration when it has a name", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/state.ts");
  const plugin = { wasm, name: "limits", vmId: "one" };
  const { envoy, port, replace } = await startReplaceable(t, { ...plugin, configuration: "x-first" });
  const ask = async (header: string, command: string): Promise<string> =>
    (await request(port, { headers: [[header, command]] })).body;
  assert.equal(await ask("x-first", "set|k|kept"), "0 0");
  replace({ ...plugin, configuration: "x-next" });
  for (let i = 0; i < 100 && (await ask("x-next", "get|k")) !== "[kept] versioned 0"; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await ask("x-next", "get|k"), "[kept] versioned 0", envoy.lastLog());
});

const limits = [
  { name: "a", configuration: '{ "requests": 5, "seconds": 86400 }' },
  { name: "b", configuration: '{ "requests": 3, "seconds": 3600 }' },
];

envoyTest("two copies of rate-limit do not count together, in Envoy", async (t) => {
  const wasm = await buildExample("rate-limit");
  for (const hasNames of [true, false]) {
    const filters = limits.map(({ name, configuration }) => ({
      wasm,
      configuration,
      ...(hasNames && { name }),
    }));
    const envoy = await startEnvoy(t, { filters });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await request(envoy.port)).status);
    // The second one counts only what the first one passes.
    assert.deepEqual(statuses, [200, 200, 200, 429, 429, 429]);
  }
});

test("two copies of rate-limit do not count together, in the embedded host", async () => {
  const wasm = await buildExample("rate-limit");
  const host = await createHost({
    filters: [...limits].reverse().map(({ configuration }) => ({ wasm, configuration })),
  });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await host.request()).status);
  assert.deepEqual(statuses, [200, 200, 200, 429, 429, 429]);
});

/** Two budgets of one user in one chain; an answer costs 100 tokens. */
async function twoBudgets(): Promise<Copy[]> {
  const wasm = await buildExample("ai-tokens");
  const other = await compileFilter("examples/ai-tokens/assembly/index.ts", { options: ["-O1"] });
  return [250, 350].map((tokens, i) => ({
    wasm: i === 0 ? wasm : other,
    configuration: `{ "user": "x-user", "tokens": ${tokens}, "seconds": 86400 }`,
  }));
}
const usage = '{"usage":{"prompt_tokens":60,"completion_tokens":40}}';
const json = { "content-type": "application/json" };

/** What a user is answered who asks once more than the first budget allows, then what another one is. */
async function spends(ask: (user: string) => Promise<number>): Promise<void> {
  const statuses = [];
  for (const user of ["ann", "ann", "ann", "ann", "bob"]) statuses.push(await ask(user));
  // Counted together, two answers would cost 400.
  assert.deepEqual(statuses, [200, 200, 200, 429, 200]);
}

test("two copies of ai-tokens have a budget each, in the embedded host", async () => {
  const two = await twoBudgets();
  for (const filters of [two, two.map(({ configuration }) => ({ ...two[0]!, configuration }))]) {
    const copies = filters.map((filter) => ({ ...filter, vmId: "one" }));
    const host = await createHost({ filters: copies, upstream: { headers: json, body: usage } });
    await spends(async (user) => (await host.request({ headers: { "x-user": user } })).status);
  }
});

envoyTest("two copies of ai-tokens have a budget each, in Envoy", async (t) => {
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(200, json).end(usage);
  });
  const two = await twoBudgets();
  for (const filters of [two, two.map(({ configuration }) => ({ ...two[0]!, configuration }))]) {
    const copies = filters.map((filter) => ({ ...filter, vmId: "one" }));
    const envoy = await startEnvoy(t, { filters: copies, upstream: upstream.port });
    let counted = 0;
    await spends(async (user) => {
      const { status } = await request(envoy.port, { headers: [["x-user", user]] });
      // Tokens are counted in the access log's callback, after the answer: wait for both copies' words.
      if (status === 200) {
        counted += 2;
        await envoy.waitForLog(
          () => envoy.wasmLogs.filter(({ message }) => / used 100, /.test(message)).length >= counted,
        );
      }
      return status;
    });
  }
});

test("two copies of flow-token-cache have a token each", async () => {
  const wasm = await buildExample("flow-token-cache");
  for (const told of [{ name: "b" }, { configuration: "b" }]) {
    let made = 0;
    const tokens = () => ({ body: `t${++made}`, headers: { "x-expires-in": "5" } });
    const host = await createHost({ filters: [{ wasm }, { wasm, ...told }], clusters: { tokens } });
    await host.request();
    await host.request();
    assert.equal(made, 2);
  }
});

envoyTest("two copies of flow-token-cache have a token each, in Envoy", async (t) => {
  const wasm = await buildExample("flow-token-cache");
  let made = 0;
  const tokens = await startUpstream(t, (_request, response) => {
    response.setHeader("x-expires-in", "60");
    response.end(`t${++made}`);
  });
  const filters = ["a", "b"].map((configuration) => ({ wasm, configuration }));
  const envoy = await startEnvoy(t, { filters, clusters: { tokens: tokens.port } });
  for (let i = 0; i < 3; i++) assert.equal((await request(envoy.port)).status, 200);
  assert.equal(made, 2);
});

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
  for (let i = 0; i < 100 && (await statuses()) !== "403 403 200"; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await statuses(), "403 403 200");
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
    return counts().at(-1)!;
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
