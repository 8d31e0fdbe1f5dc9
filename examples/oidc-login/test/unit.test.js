// Tests in the embedded host: what attackers try. No Envoy is needed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { NAME, ORIGIN, key, makeKey } from "./issuer.js";
import { cookieOf, login, page, start, time } from "./site.js";

test("unit: somebody is sent to the issuer, comes back, and is known to the upstream", async () => {
  const site = await start();
  const first = await site.get("/page?a=1&b=%2F");
  const location = new URL(first.headers.get("location"));
  assert.equal(location.origin + location.pathname, `${NAME}/authorize`);
  const { state, nonce, code_challenge: challenge, ...query } = Object.fromEntries(location.searchParams);
  assert.deepEqual(query, {
    from: "document",
    response_type: "code",
    client_id: "site",
    redirect_uri: `${ORIGIN}/oidc/callback`,
    scope: "openid",
    code_challenge_method: "S256",
  });
  for (const secret of [state, nonce, challenge]) assert.match(secret, /^[\w-]{43}$/);
  assert.equal(new Set([state, nonce, challenge]).size, 3);
  assert.match(
    first.headers.get("set-cookie"),
    /^__Host-login=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const back = await site.get(site.issuer.login(location.href), cookieOf(first, "__Host-login"));
  assert.deepEqual([back.status, back.headers.get("location")], [303, `${ORIGIN}/page?a=1&b=%2F`]);
  assert.match(
    back.headers.getAll("set-cookie").join("\n"),
    /^__Host-session=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax\n__Host-login=; Max-Age=0;/,
  );
  const [call] = site.issuer.calls;
  assert.equal(call.authorization, `Basic ${Buffer.from("site:a%20b%3Ac").toString("base64")}`);
  const session = cookieOf(back, "__Host-session");
  const seen = await site.get("/page", `a=b; ${session}; c=d`, { "x-user": "root" });
  assert.deepEqual(seen.upstream.headers.getAll("x-user"), ["ann"]);
  assert.equal(seen.upstream.headers.get("cookie"), "a=b; c=d");
  await site.host.tick(600_000);
  assert.equal((await site.get("/page", session)).status, 303, "it is over");
});

test("unit: programs and forms are told, not sent elsewhere, and no client names itself", async () => {
  const { host } = await start();
  for (const request of [
    {},
    { method: "POST", headers: page },
    { headers: { accept: "application/json" } },
  ]) {
    const response = await host.request({ ...request, headers: { ...request.headers, "x-user": "root" } });
    assert.deepEqual([response.status, response.upstream], [401, undefined]);
  }
});

test("unit: a state that is missing, forged, doubled or another browser's leads nowhere", async () => {
  const site = await start();
  const mine = await site.begin();
  const other = await site.begin();
  const back = site.issuer.login(mine.location);
  const theirs = site.issuer.login(other.location);
  const stateOf = (path) => new URL(path, ORIGIN).searchParams.get("state");
  const wrong = [
    [back, undefined],
    [back, other.cookie],
    [theirs, mine.cookie],
    [back.replace(/&state=.*/, ""), mine.cookie],
    [back.replace(/state=.*/, "state="), mine.cookie],
    [back.replace(/state=.*/, `state=${"A".repeat(43)}`), mine.cookie],
    [back.replace(/state=.*/, `state=${stateOf(theirs)}`), mine.cookie],
    [`${back}&state=${stateOf(theirs)}`, mine.cookie],
    [back, `${mine.cookie}; ${other.cookie}`],
    ["/oidc/callback", mine.cookie],
    ["/oidc/callback?error=access_denied&state=" + stateOf(back), mine.cookie],
    [back.replace("code=", "code=&x="), mine.cookie],
    [`${back}&code=other`, mine.cookie],
  ];
  for (const [path, cookie] of wrong) {
    const response = await site.get(path, cookie);
    assert.deepEqual([response.status, response.headers.get("set-cookie")], [403, undefined], path);
  }
  assert.equal(site.issuer.calls.length, 0, "no code has left the filter");
  assert.equal(
    (await site.host.request({ method: "POST", path: back, headers: { cookie: mine.cookie } })).status,
    403,
  );
  assert.equal((await site.get(back, mine.cookie)).status, 303);
});

test("unit: a code is good once, and for the browser that began", async () => {
  const site = await start();
  const { location, cookie } = await site.begin();
  const back = site.issuer.login(location);
  assert.equal((await site.get(back, cookie)).status, 303);
  assert.equal((await site.get(back, cookie)).status, 403, "replayed");
  // Somebody else's code in the attacker's own login: the verifier does not fit.
  const victim = await site.begin();
  const attacker = await site.begin();
  const code = new URL(site.issuer.login(victim.location), ORIGIN).searchParams.get("code");
  const injected = site.issuer.login(attacker.location).replace(/code=[^&]+/, `code=${code}`);
  assert.equal((await site.get(injected, attacker.cookie)).status, 403, "injected");
  const late = await site.begin();
  const path = site.issuer.login(late.location);
  await site.host.tick(600_000);
  assert.equal((await site.get(path, late.cookie)).status, 403, "late");
});

test("unit: another issuer's answer is refused (mix-up)", async () => {
  for (const [names, iss, status] of [
    [false, undefined, 303],
    [false, NAME, 303],
    [false, "https://evil.example", 403],
    [true, undefined, 403],
    [true, NAME, 303],
    [true, `${NAME}/`, 403],
  ]) {
    const site = await start();
    site.issuer.document = { authorization_response_iss_parameter_supported: names };
    const { location, cookie } = await site.begin();
    const back = site.issuer.login(location) + (iss === undefined ? "" : `&iss=${encodeURIComponent(iss)}`);
    assert.equal((await site.get(back, cookie)).status, status, `${names} ${iss}`);
  }
});

test("unit: an ID token has to be signed by the issuer, for this site, this login and now", async () => {
  const site = await start();
  const second = time / 1000;
  const stranger = makeKey("a");
  const wrong = [
    { makeToken: key.unsigned },
    { makeToken: key.withPublicKey },
    { makeToken: stranger.token },
    { makeToken: () => "" },
    { makeToken: () => undefined },
    { claims: { aud: "other" } },
    { claims: { aud: ["site", "other"] } },
    { claims: { aud: ["site", "other"], azp: "other" } },
    { claims: { azp: "other" } },
    { claims: { iss: "https://evil.example" } },
    { claims: { exp: second - 61 } },
    { claims: { exp: undefined } },
    { claims: { nonce: "A".repeat(43) } },
    { claims: { nonce: undefined } },
    { claims: { sub: undefined } },
    { claims: { sub: "" } },
  ];
  const right = { makeToken: key.token, claims: {} };
  for (const change of wrong) {
    Object.assign(site.issuer, right, change);
    const response = await login(site);
    const told = [response.status, response.headers.get("set-cookie")];
    assert.deepEqual(told, [403, undefined], `${JSON.stringify(change)} ${change.makeToken}`);
  }
  Object.assign(site.issuer, right, { claims: { aud: ["site", "other"], azp: "site" } });
  assert.equal((await login(site)).status, 303);
  // A name that is no header: the request is refused, and the client's own name does not go on.
  Object.assign(site.issuer, right, { claims: { sub: "a\r\nx-user: root" } });
  const cookie = cookieOf(await login(site), "__Host-session");
  const odd = await site.get("/", cookie, { "x-user": "root" });
  assert.deepEqual([odd.status, odd.upstream], [403, undefined]);
});

test("unit: after the login nobody is sent to another site", async () => {
  const site = await start();
  const paths = [
    "//evil.example/",
    "/\\evil.example",
    "/@evil.example",
    "/.evil.example",
    "/%0d%0alocation:x",
    "/?//evil.example",
  ];
  for (const path of paths) {
    const location = (await login(site, path)).headers.get("location");
    assert.equal(location, ORIGIN + path);
    assert.equal(new URL(location).origin, ORIGIN, path);
  }
  assert.equal((await login(site, `/${"a".repeat(5000)}`)).headers.get("location"), `${ORIGIN}/`);
  // Behind the origin, a path of another form would name another host.
  for (const path of [".evil.example/", "@evil.example/", ":1@evil.example/", "evil.example", "*", ""])
    assert.equal((await login(site, path)).headers.get("location"), `${ORIGIN}/`, path);
});

test("unit: cookies that were changed, made for something else or planted are worth nothing", async () => {
  const site = await start();
  const session = cookieOf(await login(site), "__Host-session").split("=")[1];
  const { cookie } = await site.begin();
  const [text, end, signature] = session.split(".");
  const bob = Buffer.from(`${"A".repeat(43)}bob`).toString("base64url");
  const other = createHmac("sha256", "another secret of 32 characters!!").update(
    `__Host-session ${bob}.${end}`,
  );
  const forged = [
    "",
    "..",
    `${bob}.${end}.${signature}`,
    `${text}.9999999999.${signature}`,
    `${text}.${end}.`,
    `${text}.${end}.${signature.slice(1)}`,
    `${text}.${end}.${signature}.x`,
    `${bob}.${end}.${other.digest("base64url")}`,
    cookie.split("=")[1],
    ".".repeat(5000),
  ];
  for (const value of forged) {
    const response = await site.get("/", `__Host-session=${value}`);
    assert.deepEqual([response.status, response.upstream], [303, undefined], value.slice(0, 100));
  }
  const two = await site.get("/", `__Host-session=${session}; __Host-session=${session}`);
  assert.equal(two.status, 303, "one of them is planted");
  // Fixation: what a browser had before it logged in is not what it has afterwards, and each login has its own.
  const again = cookieOf(await login(site), "__Host-session").split("=")[1];
  assert.notEqual(again, session);
  const { location, cookie: own } = await site.begin();
  const planted = await site.get(site.issuer.login(location), `${own}; __Host-session=${forged[2]}`);
  assert.ok(!cookieOf(planted, "__Host-session").includes(forged[2]));
});

test("unit: only the site's own pages log somebody out", async () => {
  const site = await start();
  const cookie = cookieOf(await login(site), "__Host-session");
  const leave = (method, headers) =>
    site.host.request({ method, path: "/oidc/logout", headers: { cookie, ...headers } });
  for (const [method, headers] of [
    ["GET", {}],
    ["GET", { origin: ORIGIN }],
    ["POST", {}],
    ["POST", { origin: "null" }],
    ["POST", { origin: "https://evil.example" }],
    ["POST", { origin: `${ORIGIN}.evil.example` }],
  ])
    assert.equal((await leave(method, headers)).status, 403, `${method} ${JSON.stringify(headers)}`);
  const left = await leave("POST", { origin: ORIGIN });
  assert.match(
    left.headers.get("set-cookie"),
    /^__Host-session=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const next = new URL(left.headers.get("location"));
  assert.deepEqual(
    [next.origin + next.pathname, Object.fromEntries(next.searchParams)],
    [`${NAME}/end`, { client_id: "site", post_logout_redirect_uri: `${ORIGIN}/` }],
  );
});

test("unit: an issuer that is down or says nonsense lets nobody in, and is asked again", async () => {
  const site = await start();
  const answer = site.issuer.answer;
  const documents = [
    { issuer: "https://evil.example" },
    { authorization_endpoint: undefined },
    { authorization_endpoint: "javascript:alert(1)" },
    { authorization_endpoint: "http://issuer.example/authorize" },
    { token_endpoint: "token" },
  ];
  const session = cookieOf(await login(site), "__Host-session");
  for (const [i, document] of documents.entries()) {
    const other = await start();
    other.issuer.document = document;
    assert.equal((await other.get("/")).status, 503, JSON.stringify(document));
    other.issuer.document = {};
    if (i > 0) continue;
    assert.equal((await other.get("/")).status, 503, "not asked for each request");
    await other.host.tick(2000);
    assert.equal((await other.get("/")).status, 303);
  }
  site.issuer.answer = () => ({ status: 503, body: "down" });
  assert.equal((await site.get("/", session)).status, 200, "who is in stays in");
  const begun = await site.begin();
  assert.equal((await site.get(site.issuer.login(begun.location), begun.cookie)).status, 403);
  site.issuer.answer = answer;
  assert.equal((await login(site)).status, 303);
});

test("unit: a configuration that cannot work is refused", async () => {
  for (const more of [
    { secret: "short" },
    { issuer: "issuer" },
    { origin: `${ORIGIN}/path` },
    { clientId: "" },
    { x: 1 },
  ])
    await assert.rejects(start(more), /Failed to configure/, JSON.stringify(more));
});
