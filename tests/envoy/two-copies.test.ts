/** Two copies of an example that limits or caches, in one VM id: neither takes the other's shared data for its own. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";

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
async function twoBudgets(): Promise<{ wasm: string; configuration: string }[]> {
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

/** A filter between two copies of response-cache: it marks responses, and hides from the second what keeps a cache from answering. */
const between = compileFilterText(`
  import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

  class Between extends HttpContext {
    onRequestHeaders(): FilterHeadersStatus {
      this.request.headers.remove("cache-control");
      return FilterHeadersStatus.Continue;
    }

    onResponseHeaders(): FilterHeadersStatus {
      this.response.headers.add("x-passed", "between");
      return FilterHeadersStatus.Continue;
    }
  }
  registerHttpFilter<Between>();
`);

/** Three filters in a row. The first copy keeps marked responses, the second one those of the upstream. */
async function caches(): Promise<{ wasm: string; vmId: string; name: string }[]> {
  const wasm = await buildExample("response-cache");
  return [
    { wasm, vmId: "one", name: "first" },
    { wasm: await between, vmId: "one", name: "between" },
    { wasm, vmId: "one", name: "second" },
  ];
}

const kept = { "cache-control": "max-age=600" };
// The first copy does not answer the second request.
const asking: Record<string, string>[] = [{}, { "cache-control": "no-cache" }];

test("two copies of response-cache keep their own responses, in the embedded host", async () => {
  const host = await createHost({ filters: await caches(), upstream: { headers: kept, body: "page" } });
  for (const headers of asking) {
    const response = await host.request({ headers });
    assert.deepEqual([response.status, response.headers.getAll("x-passed")], [200, ["between"]]);
  }
  assert.equal(host.calls.length, 1, "the second copy answers");
});

envoyTest("two copies of response-cache keep their own responses, in Envoy", async (t) => {
  const upstream = await startUpstream(t, (_, response) =>
    response.setHeader("cache-control", kept["cache-control"]).end("page"),
  );
  const envoy = await startEnvoy(t, { filters: await caches(), upstream: upstream.port });
  for (const headers of asking) {
    const response = await request(envoy.port, { headers: Object.entries(headers) });
    assert.deepEqual([response.status, response.all("x-passed")], [200, ["between"]]);
  }
  assert.equal(upstream.requests.length, 1, "the second copy answers");
});

test("each example that shares state is one of those of which two copies are tried", () => {
  const folder = join(root, "tests", "golden");
  const sharing = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .filter((file) =>
      /proxy_set_shared_data|proxy_register_shared_queue/.test(readFileSync(join(folder, file), "utf8")),
    )
    .map((file) => file.replace(/\.json$/, ""));
  // The others are in two-issuers.test.ts and two-lists.test.ts.
  const tried = ["ai-tokens", "flow-token-cache", "rate-limit", "response-cache"];
  assert.deepEqual(sharing.sort(), [...tried, "jwt-auth", "oidc-login", "service-queue"].sort());
});
