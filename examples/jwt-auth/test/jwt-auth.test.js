import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/jwt-auth.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;
const settings = {
  cluster: "issuer",
  issuer: "https://issuer.example",
  audience: "api",
  claims: { "x-user": "sub", "x-mail": "email" },
};

/** A key of the issuer: what it publishes of it, and tokens that it signs with it. */
function makeKey(kid, kind) {
  const { publicKey, privateKey } =
    kind === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
  const token = (claims = {}, header = {}) => {
    const head = part({ alg: kind, kid, ...header });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const text = `${head}.${part({ iss: settings.issuer, aud: ["api"], sub: "ann", exp, ...claims })}`;
    const key = { key: privateKey, dsaEncoding: "ieee-p1363" };
    return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  };
  return { jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig" }, token };
}

const first = makeKey("a", "RS256");
const second = makeKey("b", "ES256");
const bearer = (token) => ({ authorization: `Bearer ${token}` });

let keys = [first];
let asked = 0;
let upstream, issuer, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  issuer = await startEcho(({ path }, response) => {
    asked++;
    response.statusCode = path === "/.well-known/jwks.json" ? 200 : 404;
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  envoy = await Envoy.start({
    envoy: found.path,
    concurrency: 2,
    filters: [{ wasm, configuration: JSON.stringify(settings), vmId: "jwt-auth" }],
    upstream: upstream.port,
    clusters: { issuer: issuer.port },
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
  await issuer?.close();
});

const ask = async (headers) => {
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`, {
    headers: { connection: "close", ...headers },
  });
  return { status: response.status, text: await response.text() };
};

test("the issuer's tokens pass, and what they say is in the headers", { skip }, async () => {
  const headers = { ...bearer(first.token()), "x-user": "root", "x-mail": "root@example.com" };
  const { status, text } = await ask(headers);
  assert.equal(status, 200);
  assert.deepEqual(text.match(/^x-(user|mail): .*$/gm), ["x-user: ann"]);
  assert.equal((await ask({ authorization: `bearer ${first.token()}` })).status, 200);
});

test("all others do not", { skip }, async () => {
  const [, body] = first.token().split(".");
  const none = Buffer.from('{"alg":"none","kid":"a"}').toString("base64url");
  const refused = [
    {},
    { authorization: first.token() },
    bearer(`${none}.${body}.`),
    bearer(first.token({}, { alg: "HS256" })),
    bearer(first.token({ aud: "other" })),
    bearer(first.token({ iss: "https://other.example" })),
    bearer(first.token({ exp: Math.floor(Date.now() / 1000) - 61 })),
    bearer(first.token({ nbf: Math.floor(Date.now() / 1000) + 120 })),
    bearer(second.token({}, { kid: "a", alg: "RS256" })),
    // A name that cannot be sent must not leave the client's own in its place.
    bearer(first.token({ sub: "ann\r\nx-user: root" })),
    { authorization: `Bearer ${first.token()}, Bearer ${first.token()}` },
  ];
  for (const headers of refused) assert.equal((await ask(headers)).status, 401, JSON.stringify(headers));
});

test("strangers who name unknown keys do not make it ask the issuer again and again", { skip }, async () => {
  keys = [second];
  // The first fetch was less than a minute ago: no other one is due.
  const before = asked;
  const tokens = Array.from({ length: 200 }, (_, i) => second.token({}, { kid: `stranger-${i}` }));
  const answers = await Promise.all(tokens.map((token) => ask(bearer(token))));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401]);
  assert.equal(asked, before);
  assert.equal((await ask(bearer(first.token()))).status, 200);
});

// In the embedded host, where a minute takes no time.
test("unit: keys that the issuer has changed are found once a fetch is due", async () => {
  let set = [first];
  const host = await createHost({
    wasm,
    pluginConfig: settings,
    clusters: { issuer: () => ({ body: JSON.stringify({ keys: set.map(({ jwk }) => jwk) }), delay: 20 }) },
    time: Date.now(),
  });
  const statusOf = async (token) => (await host.request({ headers: bearer(token) })).status;
  await host.tick(30);
  assert.equal(await statusOf(first.token()), 200);
  set = [second];
  const exp = Math.floor(Date.now() / 1000) + 1000;
  assert.equal(await statusOf(second.token({ exp })), 401, "too early");
  await host.tick(60_000);
  assert.equal(await statusOf(second.token({ exp })), 200);
  assert.equal(await statusOf(first.token({ exp })), 401, "the issuer does not have it any more");
});
