/** Two copies of an example in one VM id: neither takes the other's shared data for its own. */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";

/** An issuer's keys, and a token of it; all but the key is the same in both. */
function issuer(): { keys: string; token: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "https://issuer.example", aud: "api", sub: "ann", exp: 4_000_000_000 };
  const text = `${encode({ alg: "RS256", kid: "a" })}.${encode(claims)}`;
  return {
    keys: JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "a", use: "sig" }] }),
    token: `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`,
  };
}

const issuers = { first: issuer(), second: issuer() };
type Name = keyof typeof issuers;
const names: readonly Name[] = ["first", "second"];

const copy = async (cluster: Name): Promise<{ wasm: string; vmId: string; configuration: string }> => ({
  wasm: await buildExample("jwt-auth"),
  vmId: "one",
  configuration: JSON.stringify({ cluster, issuer: "https://issuer.example", audience: "api" }),
});

/** Each copy alone passes its issuer's token and no other; both in a row pass neither, whichever was asked first. */
async function eachHasItsOwn(
  ask: (copies: readonly Name[], tokens: readonly Name[]) => Promise<number[]>,
): Promise<void> {
  for (const name of names) {
    const statuses = await ask([name], names);
    assert.deepEqual(
      statuses,
      names.map((token) => (token === name ? 200 : 401)),
      name,
    );
  }
  for (const row of [names, [...names].reverse()]) assert.deepEqual(await ask(row, names), [401, 401]);
}

test("two copies of jwt-auth have their own issuer's keys, in the embedded host", async () => {
  await eachHasItsOwn(async (copies, tokens) => {
    const host = await createHost({
      filters: await Promise.all(copies.map(copy)),
      time: Date.parse("2027-01-01"),
      clusters: Object.fromEntries(names.map((name) => [name, { body: issuers[name].keys }])),
    });
    await host.tick(2000);
    const statuses: number[] = [];
    for (const name of tokens) {
      const headers = { authorization: `Bearer ${issuers[name].token}` };
      statuses.push((await host.request({ headers })).status);
    }
    return statuses;
  });
});

envoyTest("two copies of jwt-auth have their own issuer's keys, in Envoy", async (t) => {
  const ports = new Map<Name, number>();
  for (const name of names)
    ports.set(name, (await startUpstream(t, (_, response) => response.end(issuers[name].keys))).port);
  await eachHasItsOwn(async (copies, tokens) => {
    const filters = await Promise.all(copies.map(copy));
    const envoy = await startEnvoy(t, { filters, clusters: Object.fromEntries(ports) });
    const statuses: number[] = [];
    for (const name of tokens) {
      const headers: [string, string][] = [["authorization", `Bearer ${issuers[name].token}`]];
      statuses.push((await request(envoy.port, { headers })).status);
    }
    return statuses;
  });
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
  const tried = ["ai-tokens", "flow-token-cache", "jwt-auth", "rate-limit", "response-cache"];
  // Its shared data are those of `Jwks`, as jwt-auth's are; sessions are in cookies.
  assert.deepEqual(sharing.sort(), [...tried, "service-queue", "oidc-login"].sort());
});
