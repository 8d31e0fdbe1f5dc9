/** Two copies of an example that has an issuer, in one VM id: neither takes the other's keys or sessions for its own. */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
// @ts-expect-error It has no types.
import * as oidc from "../../examples/oidc-login/test/issuer.js";
import { buildExample } from "../../scripts/build-examples.js";
import { createHost } from "../../src/testing/index.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

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

/** A call to an issuer, and its answer. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: { get(name: string): string | undefined };
  readonly body: string;
}
interface Answer {
  readonly status?: number;
  readonly body: string;
}

/** An issuer for people: `login` logs one in at a location, and answers the way back. */
interface OidcIssuer {
  answer(call: Call): Answer;
  login(location: string): string;
  makeToken(claims: object): string;
}

/** Two issuers of the same name, with keys of their own, which know the site by different names. */
function oidcIssuers(): Record<Name, OidcIssuer> {
  const make = (name: Name): OidcIssuer => {
    const key = oidc.makeKey("a") as { jwk: object; token(claims: object): string };
    const issuer = oidc.makeIssuer() as OidcIssuer & { claims: object };
    issuer.claims = { aud: name };
    issuer.makeToken = (claims) => key.token(claims);
    const { answer } = issuer;
    const keys = JSON.stringify({ keys: [key.jwk] });
    issuer.answer = (call) => (call.path === "/keys" ? { body: keys } : answer(call));
    return issuer;
  };
  return { first: make("first"), second: make("second") };
}

/** A copy of oidc-login; all have the same secret. */
const login = async (cluster: Name): Promise<{ wasm: string; vmId: string; configuration: string }> => ({
  wasm: await buildExample("oidc-login"),
  vmId: "one",
  configuration: JSON.stringify({ ...oidc.settings, cluster, clientId: cluster }),
});

interface Got {
  readonly status: number;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
}
type Get = (path: string, cookie?: string) => Promise<Got>;

/** Whoever has logged in at one copy has to log in at the other one, whose issuer's key is of no use for the first one. */
async function eachHasItsOwnSessions(
  start: (copies: readonly Name[], all: Record<Name, OidcIssuer>) => Promise<Get>,
): Promise<void> {
  for (const row of [names, [...names].reverse()]) {
    const [first, second] = row as [Name, Name];
    const all = oidcIssuers();
    const get = await start(row, all);
    const clientOf = ({ status, location }: Got): string | null => {
      assert.equal(status, 303);
      return new URL(location!).searchParams.get("client_id");
    };
    const logIn = async (): Promise<Got> => {
      const begun = await get("/page");
      assert.equal(clientOf(begun), first);
      return get(all[first].login(begun.location!), cookieOf(begun.cookies, "__Host-login"));
    };
    const back = await logIn();
    assert.deepEqual([back.status, back.location], [303, `${oidc.ORIGIN}/page`]);
    const session = cookieOf(back.cookies, "__Host-session")!;
    assert.equal(
      clientOf(await get("/page", session)),
      second,
      "the first one passes it, the second does not",
    );
    const other = await start([second], all);
    assert.equal(clientOf(await other("/page", session)), second, "a session of the first one");
    all[first].makeToken = all[second].makeToken;
    assert.equal((await logIn()).status, 403, "a token with the second one's key");
  }
}

const cookieOf = (cookies: readonly string[], name: string): string | undefined =>
  cookies.map((cookie) => cookie.split(";")[0]!).find((cookie) => cookie.startsWith(`${name}=`));
const accept = "text/html";

test("two copies of oidc-login have their own sessions and issuer's keys, in the embedded host", async () => {
  await eachHasItsOwnSessions(async (copies, all) => {
    const host = await createHost({
      filters: await Promise.all(copies.map(login)),
      time: Date.now(),
      clusters: Object.fromEntries(names.map((name) => [name, (call: Call) => all[name].answer(call)])),
    });
    await host.tick(2000);
    return async (path, cookie) => {
      const headers = { accept, ...(cookie !== undefined && { cookie }) };
      const response = await host.request({ path, headers });
      const location = response.headers.get("location") ?? undefined;
      return { status: response.status, location, cookies: response.headers.getAll("set-cookie") };
    };
  });
});

envoyTest("two copies of oidc-login have their own sessions and issuer's keys, in Envoy", async (t) => {
  await eachHasItsOwnSessions(async (copies, all) => {
    const ports = new Map<Name, number>();
    for (const name of names) {
      const { port } = await startUpstream(t, (call, response) => {
        const headers = new Map(call.headers);
        const { status = 200, body } = all[name].answer({ ...call, headers, body: call.body.toString() });
        response.writeHead(status).end(body);
      });
      ports.set(name, port);
    }
    const filters = await Promise.all(copies.map(login));
    const envoy = await startEnvoy(t, { filters, clusters: Object.fromEntries(ports) });
    return async (path, cookie) => {
      const headers: [string, string][] = [["accept", accept]];
      if (cookie !== undefined) headers.push(["cookie", cookie]);
      const response = await request(envoy.port, { path, headers });
      const location = response.all("location")[0];
      return { status: response.status, location, cookies: response.all("set-cookie") };
    };
  });
});
