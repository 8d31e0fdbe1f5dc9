// Tests in the embedded host: no Envoy is needed, and the random bytes are the same in each run.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/sessions.wasm", import.meta.url));
const secret = "a secret of 32 characters or more";
const time = 1_700_000_000_000;
const start = (more = {}) =>
  createHost({ wasm, pluginConfig: { secret, seconds: 60 }, upstream: {}, random: 1, time, ...more });

const sign = (use, text, key = secret) =>
  createHmac("sha256", key).update(`${use} ${text}`).digest("base64url");

/** What a browser keeps after a response. */
const jar = (response) =>
  Object.fromEntries(response.headers.getAll("set-cookie").map((cookie) => cookie.split(";")[0].split("=")));
const cookieOf = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

/** Says what the upstream got, or the status of a refusal. */
const post = async (host, cookie, token, more = {}) => {
  const headers = {
    ...(cookie !== undefined && { cookie }),
    ...(token !== undefined && { "x-csrf-token": token }),
  };
  const response = await host.request({ method: "POST", headers, ...more });
  return response.upstream?.headers.get("x-session") ?? response.status;
};

test("unit: a session is made once, with cookies that browsers keep to themselves", async () => {
  const host = await start();
  const first = await host.request({ headers: { "x-session": "root", "x-csrf-token": "mine" } });
  const [session, token] = first.headers.getAll("set-cookie");
  assert.match(
    session,
    /^__Host-session=[\w-]{22}\.1700000060\.[\w-]{43}; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  assert.match(token, /^__Host-csrf=[\w-]{43}; Max-Age=60; Path=\/; Secure; SameSite=Strict$/);
  assert.equal(first.headers.get("cache-control"), "no-store");
  const cookies = jar(first);
  const name = cookies["__Host-session"].split(".")[0];
  const { headers } = first.upstream;
  assert.deepEqual(
    [headers.getAll("x-session"), headers.getAll("x-csrf-token")],
    [[name], [cookies["__Host-csrf"]]],
  );
  const second = await host.request({ headers: { cookie: `a=b; ${cookieOf(cookies)}` } });
  assert.deepEqual(
    [second.headers.getAll("set-cookie"), second.upstream.headers.get("x-session")],
    [[], name],
  );
  const other = await host.request();
  assert.notEqual(other.upstream.headers.get("x-session"), name);
});

test("unit: the seed makes the same sessions again, and without one nobody knows them", async () => {
  const nameOf = async (random) =>
    (await (await start({ random })).request()).upstream.headers.get("x-session");
  assert.equal(await nameOf(1), await nameOf(1));
  const names = [await nameOf(1), await nameOf(2), await nameOf(undefined), await nameOf(undefined)];
  assert.equal(new Set(names).size, 4);
});

test("unit: only a page that knows the session's token may change something", async () => {
  const host = await start();
  const mine = jar(await host.request());
  const other = jar(await host.request());
  const cookie = cookieOf(mine);
  const token = mine["__Host-csrf"];
  assert.equal(await post(host, cookie, token), mine["__Host-session"].split(".")[0]);
  const wrong = [
    undefined,
    "",
    other["__Host-csrf"],
    token.slice(1),
    `${token}A`,
    token.toUpperCase(),
    "\xff",
  ];
  for (const text of wrong) assert.equal(await post(host, cookie, text), 403, text);
  assert.equal(await post(host, undefined, token), 403);
  for (const method of ["PUT", "PATCH", "DELETE", "get", "BREW"])
    assert.equal(await post(host, cookie, undefined, { method }), 403, method);
  // The cookie of the token is for scripts of our pages: what is in it counts only where they send it.
  assert.equal(await post(host, `${cookieOf(mine)}; x-csrf-token=${token}`), 403);
});

test("unit: no other sessions are taken: changed, signed for something else, of another key, over, two at once", async () => {
  const host = await start();
  const cookies = jar(await host.request());
  const session = cookies["__Host-session"];
  const [name, end, signature] = session.split(".");
  const token = cookies["__Host-csrf"];
  assert.equal(await post(host, `__Host-session=${session}`, token), name);
  const far = "99999999999";
  const forged = [
    "",
    ".",
    "..",
    "a.b.c",
    name,
    `${name}.${end}`,
    `${name}.${end}.`,
    `${name}.${far}.${signature}`,
    `${name}.${end}.${signature}.`,
    `${name}.${end}.${signature}A`,
    `${name}.${end}.${signature.slice(0, -1)}${signature.endsWith("A") ? "B" : "A"}`,
    `${"A".repeat(22)}.${end}.${signature}`,
    `${name}.${far}.${sign("csrf", `${name}.${far}`)}`,
    `${name}.${far}.${sign("session", `${name}.${far}`, "another secret of 32 characters!")}`,
    `${name}.${far}.${token}`,
    ".".repeat(10_000),
  ];
  for (const value of forged) {
    assert.equal(await post(host, `__Host-session=${value}`, token), 403, value.slice(0, 100));
    const read = await host.request({ headers: { cookie: `__Host-session=${value}` } });
    assert.notEqual(read.upstream.headers.get("x-session"), value.split(".")[0]);
  }
  assert.equal(await post(host, `__Host-session=${session}; __Host-session=${session}`, token), 403);
  await host.tick(60_000);
  assert.equal(await post(host, `__Host-session=${session}`, token), 403, "it is over");
});

test("unit: the upstream renews a session when somebody logs in, and ends it", async () => {
  const host = await start();
  const before = jar(await host.request());
  host.script("upstream", { headers: { "x-session": "renew" } });
  const renewed = await host.request({ headers: { cookie: cookieOf(before) } });
  const after = jar(renewed);
  assert.notEqual(after["__Host-session"], before["__Host-session"]);
  assert.equal(renewed.headers.get("x-session"), undefined);
  assert.equal(await post(host, cookieOf(after), before["__Host-csrf"]), 403, "its token has changed, too");
  host.script("upstream", { headers: { "x-session": "end" } });
  const ended = await host.request({ headers: { cookie: cookieOf(after) } });
  assert.deepEqual(
    ended.headers.getAll("set-cookie").map((cookie) => cookie.split("; ").slice(0, 2)),
    [
      ["__Host-session=", "Max-Age=0"],
      ["__Host-csrf=", "Max-Age=0"],
    ],
  );
});

test("unit: a secret that can be guessed is refused", async () => {
  for (const pluginConfig of [{}, { secret: "short" }, { secret, seconds: 0 }, "no json"])
    await assert.rejects(start({ pluginConfig }), /Failed to configure/);
});
