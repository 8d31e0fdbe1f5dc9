/** std/jwks in the embedded host, under issuers that are slow, down, rotate their keys, and answer what nobody should. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { JWK } from "jose";
import { SignJWT, exportJWK } from "jose";
import type { ClusterScript, TestHost } from "../../src/testing/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const START = 1_700_000_000_000;
const wasm = await compileFilter("examples/jwt-auth/assembly/index.ts");
const settings = {
  cluster: "issuer",
  host: "issuer.example",
  issuer: "https://issuer.example",
  audience: "api",
  claims: { "x-user": "sub", "x-level": "level" },
};

interface Key {
  readonly jwk: JWK;
  /** A token under a name; null for none. */
  token(claims?: object, kid?: string | null): Promise<string>;
}

async function makeKey(kid: string, alg: "RS256" | "ES256"): Promise<Key> {
  const { publicKey, privateKey } =
    alg === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const token = (claims: object = {}, name: string | null = kid): Promise<string> =>
    new SignJWT({
      sub: "ann",
      level: 3,
      iss: settings.issuer,
      aud: "api",
      exp: START / 1000 + 1e6,
      ...claims,
    })
      .setProtectedHeader({ alg, ...(name !== null && { kid: name }) })
      .sign(privateKey);
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" }, token };
}

const first = await makeKey("a", "RS256");
const second = await makeKey("b", "ES256");
const setOf = (...keys: readonly Key[]): string => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });

const start = (issuer: ClusterScript, more: object = {}): Promise<TestHost> =>
  createHost({ wasm, pluginConfig: { ...settings, ...more }, clusters: { issuer }, time: START });

const statusOf = async (host: TestHost, token: string, headers: object = {}): Promise<number> =>
  (await host.request({ headers: { authorization: `Bearer ${token}`, ...headers } })).status;

const fetches = (host: TestHost): number => host.calls.filter(({ cluster }) => cluster === "issuer").length;

test("tokens of RS256 and ES256 pass, and what they say replaces what the client says", async () => {
  const host = await start({ body: setOf(first, second) });
  await host.tick(10);
  for (const key of [first, second]) {
    const headers = { authorization: `Bearer ${await key.token()}`, "x-user": "root", "x-level": "9" };
    assert.equal((await host.request({ headers })).status, 200);
    const sent = host.calls.at(-1)!.headers;
    assert.deepEqual([sent.get("x-user"), sent.get("x-level")], ["ann", "3"]);
  }
  const without = { authorization: `Bearer ${await first.token({ level: undefined })}`, "x-level": "9" };
  await host.request({ headers: without });
  assert.equal(host.calls.at(-1)!.headers.get("x-level") ?? null, null);
});

test("what is wrong with a token is refused: signature, audience, issuer, times, algorithm, form", async () => {
  const host = await start({ body: setOf(first, second) });
  await host.tick(10);
  const good = await first.token();
  const [head, body, signature] = good.split(".");
  const none = Buffer.from('{"alg":"none","kid":"a"}').toString("base64url");
  const shared = await new SignJWT({ sub: "eve", iss: settings.issuer, aud: "api", exp: 2e9 })
    .setProtectedHeader({ alg: "HS256", kid: "a" })
    .sign(Buffer.from(JSON.stringify(first.jwk)));
  const bad = [
    `${head}.${body}.${signature!.slice(0, -8)}AAAAAAAA`,
    await second.token({}, "a"),
    await first.token({}, "b"),
    await first.token({ aud: "other" }),
    await first.token({ iss: "https://other.example" }),
    await first.token({ exp: START / 1000 - 61 }),
    await first.token({ nbf: START / 1000 + 120 }),
    await first.token({ exp: undefined }),
    `${none}.${body}.`,
    shared,
    "",
    "a.b.c",
    ".".repeat(5000),
    `${"A".repeat(20000)}.${body}.${signature}`,
  ];
  for (const token of bad) assert.equal(await statusOf(host, token), 401, token.slice(0, 200));
  assert.equal(await statusOf(host, await first.token({ exp: START / 1000 - 30 })), 200, "within the skew");
  assert.equal((await host.request()).status, 401);
  assert.equal(fetches(host), 1);
});

test("of keys with one name, and for a token without one, that of the token's algorithm is taken", async () => {
  const namesake = await makeKey("a", "ES256");
  const host = await start({ body: setOf(first, namesake) });
  await host.tick(10);
  for (const key of [first, namesake])
    for (const name of ["a", null]) assert.equal(await statusOf(host, await key.token({}, name)), 200);
  const stranger = await makeKey("a", "ES256");
  for (const name of ["a", null]) assert.equal(await statusOf(host, await stranger.token({}, name)), 401);
  const two = await start({ body: setOf(namesake, second) });
  await two.tick(10);
  assert.equal(await statusOf(two, await second.token({}, null)), 401, "it could be either");
});

test("a token of a new key waits for a fetch; a thousand unknown ones make one fetch a minute", async () => {
  let keys = setOf(first);
  const host = await start(() => ({ body: keys, delay: 20 }));
  await host.tick(30);
  assert.equal(await statusOf(host, await first.token()), 200);
  assert.equal(fetches(host), 1);
  await host.tick(60_000);
  keys = setOf(first, second);
  assert.equal(await statusOf(host, await second.token()), 200);
  assert.equal(fetches(host), 2);
  let most = 0;
  for (let minute = 0; minute < 3; minute++) {
    const before = fetches(host);
    const token = await first.token({}, `unknown-${minute}`);
    for (let i = 0; i < 340; i++) {
      assert.equal(await statusOf(host, token.replace(/^[^.]+/, header(`x${minute}-${i}`))), 401);
      if (i % 34 === 0) await host.tick(6000);
    }
    most = Math.max(most, fetches(host) - before);
  }
  assert.ok(most <= 1, `${most} fetches in a minute`);
  assert.equal(await statusOf(host, await second.token()), 200);
});

function header(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: "RS256", kid })).toString("base64url");
}

test("a slow issuer holds those that wait, and one that does not answer lets them go with 401", async () => {
  const host = await start(() => ({ body: setOf(first), delay: 3000 }));
  const token = await first.token();
  const waiting = Promise.all([1, 2, 3].map(() => statusOf(host, token)));
  await host.tick(3100);
  assert.deepEqual(await waiting, [200, 200, 200]);
  assert.equal(fetches(host), 1);
  const hanging = await start("hold");
  const refused = statusOf(hanging, token);
  await hanging.tick(5100);
  assert.equal(await refused, 401);
});

test("keys are renewed before they are too old, and the old ones hold while the issuer is down", async () => {
  let answer: { status?: number; body: string; headers?: Record<string, string> } = {
    body: setOf(first),
    headers: { "cache-control": "public, max-age=600" },
  };
  const host = await start(() => answer);
  await host.tick(400_000);
  assert.equal(fetches(host), 1);
  await host.tick(100_000);
  assert.equal(fetches(host), 2, "renewed after 480 of 600 seconds");
  answer = { status: 503, body: "down" };
  await host.tick(7_200_000);
  assert.equal(await statusOf(host, await first.token()), 200);
  const tries = fetches(host);
  await host.tick(600_000);
  assert.ok(fetches(host) - tries <= 10, "at most once a minute");
  await host.tick(86_400_000);
  assert.equal(await statusOf(host, await first.token()), 401, "not for ever");
  answer = { body: setOf(first) };
  await host.tick(20_000);
  assert.equal(await statusOf(host, await first.token()), 200);
});

test("answers that nobody should give leave the keys as they are", async () => {
  const many = JSON.stringify({
    keys: Array.from({ length: 10_000 }, (_, i) => ({ ...first.jwk, kid: `k${i}` })),
  });
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const answers: { status?: number; body: string; headers?: Record<string, string> }[] = [
    { body: "" },
    { body: "no json" },
    { body: "[]" },
    { body: '{"keys":[]}' },
    { body: '{"keys":{"a":1}}' },
    { body: `{"keys":${"[".repeat(10000)}` },
    {
      body: '{"keys":[null,1,"x",{},{"kty":"RSA"},{"kty":"RSA","n":"","e":""},{"kty":"oct","k":"AAAA","kid":"a"}]}',
    },
    { body: JSON.stringify({ keys: [{ ...first.jwk, use: "enc" }] }) },
    { body: JSON.stringify({ keys: [{ ...first.jwk, alg: "RS512" }] }) },
    { body: JSON.stringify({ keys: [{ ...(await exportJWK(small)), kid: "a" }] }) },
    { body: JSON.stringify({ keys: [{ ...second.jwk, x: "AAAA" }] }) },
    { body: many },
    { body: "x".repeat(10_000_000) },
    { status: 302, headers: { location: "https://evil.example/keys" }, body: setOf(second) },
    { status: 500, body: setOf(second) },
    { status: 404, body: "" },
  ];
  let answer = { body: setOf(first) } as (typeof answers)[0];
  const host = await start(() => answer);
  await host.tick(10);
  for (const wrong of answers) {
    answer = wrong;
    const before = fetches(host);
    await host.tick(300_000);
    assert.ok(fetches(host) > before, "it was asked");
    assert.equal(await statusOf(host, await first.token()), 200, wrong.body.slice(0, 80));
    assert.equal(await statusOf(host, await second.token()), 401, wrong.body.slice(0, 80));
  }
});

test("a discovery document says where the keys are; one of another issuer is not believed", async () => {
  const discovery = { issuer: settings.issuer, jwks_uri: "https://issuer.example/keys?v=1" };
  let document: object = discovery;
  const paths: string[] = [];
  const issuer: ClusterScript = ({ path }) => {
    paths.push(path);
    return { body: path === "/keys?v=1" ? setOf(first) : JSON.stringify(document) };
  };
  const more = { discovery: true, path: "/.well-known/openid-configuration" };
  const host = await start(issuer, more);
  await host.tick(10);
  assert.equal(await statusOf(host, await first.token()), 200);
  assert.deepEqual(paths, ["/.well-known/openid-configuration", "/keys?v=1"]);
  for (const wrong of [
    { ...discovery, issuer: "https://evil.example" },
    { issuer: settings.issuer },
    { ...discovery, jwks_uri: "/keys" },
    [],
  ]) {
    document = wrong;
    const other = await start(issuer, more);
    await other.tick(10);
    assert.equal(await statusOf(other, await first.token()), 401, JSON.stringify(wrong));
  }
});

test("a configuration that cannot work is refused", async () => {
  for (const wrong of [
    { cluster: "" },
    { algorithms: ["none"] },
    { algorithms: ["HS256"] },
    { path: "keys" },
    { issuer: "" },
  ])
    await assert.rejects(start({ body: setOf(first) }, wrong), /Failed to configure/, JSON.stringify(wrong));
});

test("flows wait for keys as well, and keys from the configuration are used until the issuer answers", async () => {
  const flow = await compileFilter("tests/std/filters/flow-jwks.ts");
  const host = await createHost({
    wasm: flow,
    pluginConfig: setOf(second),
    clusters: { issuer: () => ({ body: setOf(first, second), delay: 1000 }) },
    time: START,
  });
  const ask = async (key: Key): Promise<number> =>
    (await host.request({ headers: { "x-token": await key.token() } })).status;
  assert.equal(await ask(second), 200);
  const waiting = ask(first);
  await host.tick(1100);
  assert.equal(await waiting, 200);
  assert.equal(host.calls.length, 1);
});
