import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { ORIGIN, makeIssuer, settings } from "./issuer.js";

const wasm = fileURLToPath(new URL("../build/oidc-login.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

const issuer = makeIssuer();
let upstream, server, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  server = await startEcho((request, response) => {
    const headers = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
    const { status = 200, body } = issuer.answer({ ...request, headers });
    response.writeHead(status);
    response.end(body);
  });
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    filters: [{ wasm, configuration: JSON.stringify(settings), vmId: "oidc-login" }],
    upstream: upstream.port,
    clusters: { issuer: server.port },
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
  await server?.close();
});

// Each on a connection of its own, so that both threads get some.
const ask = (path, cookie, options = {}) =>
  fetch(`http://127.0.0.1:${envoy.port}${path}`, {
    redirect: "manual",
    ...options,
    headers: {
      accept: "text/html",
      connection: "close",
      ...(cookie && { cookie }),
      ...options.headers,
    },
  });
const cookieOf = (response, name) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .find((cookie) => cookie.startsWith(`${name}=`));

test("people log in, and are known to the upstream until they log out", { skip }, async () => {
  for (const user of ["ann", "bob", "Zoë"]) {
    issuer.claims = { sub: user };
    const sent = await ask("/page?a=1");
    assert.equal(sent.status, 303);
    const login = cookieOf(sent, "__Host-login");
    const path = issuer.login(sent.headers.get("location"));
    const back = await ask(path, login);
    assert.deepEqual([back.status, back.headers.get("location")], [303, `${ORIGIN}/page?a=1`]);
    const session = cookieOf(back, "__Host-session");
    const page = await ask("/page", `a=b; ${session}`, { headers: { "x-user": "root" } });
    const text = await page.text();
    assert.deepEqual(text.match(/^(x-user|cookie): .*$/gm), [`x-user: ${user}`, "cookie: a=b"]);
    assert.equal((await ask(path, login)).status, 403, "the code is used up");
    const left = await ask("/oidc/logout", session, { method: "POST", headers: { origin: ORIGIN } });
    assert.match(left.headers.get("set-cookie"), /^__Host-session=; Max-Age=0;/);
  }
});

test("others do not get in", { skip }, async () => {
  const mine = await ask("/");
  const other = await ask("/");
  const back = issuer.login(mine.headers.get("location"));
  assert.equal((await ask(back)).status, 403);
  assert.equal((await ask(back, cookieOf(other, "__Host-login"))).status, 403);
  assert.equal((await ask("/", cookieOf(mine, "__Host-login").replace("login", "session"))).status, 303);
  assert.equal((await ask("/", undefined, { method: "POST", body: "x" })).status, 401);
  assert.equal((await ask("/oidc/logout", undefined, { method: "POST" })).status, 403);
});
