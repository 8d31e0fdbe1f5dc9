/** examples/oidc-login with a real OpenID provider, in Envoy and in the embedded host: people log in, and attackers do not. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { serveHost } from "../../src/host/server/index.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { Browser, CLIENT, SITE, startProvider } from "../support/oidc-provider.js";
import type { OidcProvider } from "../support/oidc-provider.js";

const CALLBACK = `${SITE}/oidc/callback`;

interface Site {
  readonly port: number;
  readonly provider: OidcProvider;
}

/** Starts a provider and the site; `serve` answers the site's port. */
async function startSite(
  t: TestContext,
  serve: (wasm: string, configuration: string, upstream: number, issuer: number) => Promise<number>,
): Promise<Site> {
  const wasm = await buildExample("oidc-login");
  const provider = await startProvider(t);
  const upstream = await startUpstream(t);
  const configuration = JSON.stringify({
    issuer: provider.issuer,
    cluster: "issuer",
    ...CLIENT,
    origin: SITE,
    secret: "a secret of 32 characters or more",
  });
  return { port: await serve(wasm, configuration, upstream.port, provider.port), provider };
}

const inEnvoy = (t: TestContext): Promise<Site> =>
  startSite(t, async (wasm, configuration, upstream, issuer) => {
    const filters = [{ wasm, configuration, vmId: "oidc" }];
    return (await startEnvoy(t, { concurrency: 2, filters, upstream, clusters: { issuer } })).port;
  });

const inHost = (t: TestContext): Promise<Site> =>
  startSite(t, async (wasm, configuration, upstream, issuer) => {
    const server = await serveHost({ filters: [{ wasm, configuration }], upstream, clusters: { issuer } });
    t.after(() => server.close());
    return server.port;
  });

const siteCookies = (browser: Browser): Map<string, string> => browser.cookies.get(SITE)!;

/** Goes to a page of the site and logs in; answers the way back, which the browser has not gone yet. */
async function toCallback(browser: Browser, user: string, path = "/page?a=1"): Promise<string> {
  const sent = await browser.request(SITE + path);
  assert.equal(sent.status, 303);
  return browser.follow(sent.location!, user, CALLBACK);
}

async function logIn({ port }: Site, user: string): Promise<Browser> {
  const browser = new Browser(port);
  const back = await browser.request(await toCallback(browser, user));
  assert.deepEqual([back.status, back.location], [303, `${SITE}/page?a=1`], back.text);
  return browser;
}

async function peopleLogIn(site: Site): Promise<void> {
  const ann = await logIn(site, "ann");
  const bob = await logIn(site, "bob");
  for (const [browser, user] of [
    [ann, "ann"],
    [bob, "bob"],
  ] as const) {
    const page = await browser.request(`${SITE}/page`, {
      headers: { "x-user": "root", connection: "close" },
    });
    assert.deepEqual(page.text.match(/^x-user: .*$/gm), [`x-user: ${user}`]);
    assert.doesNotMatch(page.text, /__Host-/);
  }
  const left = await ann.request(`${SITE}/oidc/logout`, { method: "POST", headers: { origin: SITE } });
  assert.equal(left.status, 303);
  assert.ok(!siteCookies(ann).has("__Host-session"));
  const asked = await ann.request(left.location!);
  assert.equal(asked.status, 200, "the provider asks whether to log out there, too");
  assert.equal((await ann.request(`${SITE}/page`)).status, 303);
  assert.equal((await bob.request(`${SITE}/page`)).status, 200);
}

async function attackersDoNot(site: Site): Promise<void> {
  const { port, provider } = site;
  const refused = async (browser: Browser, url: string): Promise<void> => {
    const page = await browser.request(url);
    assert.deepEqual([page.status, page.cookies], [403, []], url);
  };
  const change = (url: string, name: string, value: string): string => {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    return changed.href;
  };
  const victim = new Browser(port);
  const attacker = new Browser(port);
  const theirs = await toCallback(attacker, "eve");
  const mine = await toCallback(victim, "ann", "//evil.example/x");
  assert.equal(new URL(mine).searchParams.get("iss"), provider.issuer, "the provider names itself");
  const tokens = (): number => provider.paths.filter((path) => path === "/token").length;
  assert.equal(tokens(), 0);
  // Logged in as somebody else: the attacker's way back in the victim's browser.
  await refused(victim, theirs);
  await refused(new Browser(port), mine);
  await refused(victim, change(mine, "state", "A".repeat(43)));
  await refused(victim, change(mine, "state", ""));
  await refused(victim, change(mine, "iss", "https://evil.example"));
  await refused(victim, mine.replace(/&iss=[^&]*/, ""));
  assert.equal(tokens(), 0, "no code has left the filter");
  // The victim's code in the attacker's login: the provider finds that the verifier is another one.
  await refused(attacker, change(theirs, "code", new URL(mine).searchParams.get("code")!));
  assert.equal(tokens(), 1);
  // A good one, which ends where it began and not at the other site; then once more, with the cookie of before.
  const fresh = await toCallback(victim, "ann", "//evil.example/x");
  const login = siteCookies(victim).get("__Host-login")!;
  const planted = siteCookies(attacker).get("__Host-login")!;
  siteCookies(victim).set("__Host-session", planted);
  const back = await victim.request(fresh);
  assert.deepEqual([back.status, back.location], [303, `${SITE}//evil.example/x`]);
  const session = siteCookies(victim).get("__Host-session")!;
  assert.notEqual(session, planted);
  siteCookies(victim).set("__Host-login", login);
  await refused(victim, fresh);
  // Cookies that were changed, or are of another kind.
  const [text, end, signature] = session.split(".") as [string, string, string];
  const eve = Buffer.from(`${"A".repeat(43)}eve`).toString("base64url");
  for (const forged of [
    login,
    planted,
    `${eve}.${end}.${signature}`,
    `${text}.9999999999.${signature}`,
    text,
  ]) {
    siteCookies(attacker).set("__Host-session", forged);
    assert.equal((await attacker.request(`${SITE}/page`)).status, 303, forged);
  }
  // Another site's form.
  for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }]) {
    const left = await victim.request(`${SITE}/oidc/logout`, { method: "POST", headers });
    assert.deepEqual([left.status, left.cookies], [403, []]);
  }
  assert.equal((await victim.request(`${SITE}/oidc/logout`)).status, 403);
  assert.equal((await victim.request(`${SITE}/page`)).status, 200, "still logged in");
}

envoyTest("oidc-login in Envoy: people log in at a real provider, and out", async (t) =>
  peopleLogIn(await inEnvoy(t)),
);
envoyTest("oidc-login in Envoy: attackers do not", async (t) => attackersDoNot(await inEnvoy(t)));
test("oidc-login in the embedded host: people log in at a real provider, and out", async (t) =>
  peopleLogIn(await inHost(t)));
test("oidc-login in the embedded host: attackers do not", async (t) => attackersDoNot(await inHost(t)));
