/** std/jwks in Envoy: what issuers answer that nobody should, and strangers who name a thousand keys. */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { TestContext } from "node:test";
import type { EchoHandler } from "../../src/echo.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";

/** A key, and tokens that it signs under any name. */
function makeKey(kid: string): { jwk: object; token(name?: string): string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (object: object): string => Buffer.from(JSON.stringify(object)).toString("base64url");
  return {
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig" },
    token: (name = kid) => {
      const exp = Math.floor(Date.now() / 1000) + 600;
      const text = `${part({ alg: "RS256", kid: name })}.${part({ sub: "ann", exp })}`;
      return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
  };
}

const known = makeKey("known");
const published = makeKey("published");
const set = (...keys: readonly object[]): string => JSON.stringify({ keys });

interface Site {
  status(token: string): Promise<number>;
  /** How often the issuer was asked. */
  asked(): number;
}

/** Starts an Envoy with two threads; its filter knows one key beforehand and asks once a minute. */
async function startSite(t: TestContext, answer: EchoHandler): Promise<Site> {
  const issuer = await startUpstream(t, answer);
  const envoy = await startEnvoy(t, {
    concurrency: 2,
    filters: [
      {
        wasm: await compileFilter("tests/std/filters/flow-jwks.ts"),
        configuration: set(known.jwk),
        vmId: "keys",
      },
    ],
    clusters: { issuer: issuer.port },
  });
  return {
    asked: () => issuer.requests.length,
    status: async (token) => {
      const response = await fetch(`http://127.0.0.1:${envoy.port}/`, { headers: { "x-token": token } });
      await response.text();
      return response.status;
    },
  };
}

envoyTest("jwks: a slow issuer, and a thousand unknown keys that make it be asked no more", async (t) => {
  const site = await startSite(t, (_, response) => {
    setTimeout(() => response.end(set(known.jwk, published.jwk)), 300);
  });
  const first = await Promise.all([1, 2, 3, 4].map(() => site.status(published.token())));
  assert.deepEqual(first, [200, 200, 200, 200], "they have waited");
  const [head, ...rest] = published.token().split(".");
  const strangers = Array.from({ length: 1000 }, (_, i) => {
    const header = {
      ...JSON.parse(Buffer.from(head!, "base64url").toString()),
      kid: `stranger-${i}`,
    } as object;
    return [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".");
  });
  const statuses = new Set<number>();
  for (let i = 0; i < strangers.length; i += 100)
    for (const status of await Promise.all(strangers.slice(i, i + 100).map(site.status)))
      statuses.add(status);
  assert.deepEqual([...statuses], [401]);
  assert.equal(site.asked(), 1);
  assert.equal(await site.status(published.token()), 200);
});

const many = Array.from({ length: 10_000 }, (_, i) => ({ ...published.jwk, kid: `k${i}` }));
const wrong: Record<string, EchoHandler> = {
  "is down": (_, response) => void response.destroy(),
  "sends garbage": (_, response) => void response.end(Buffer.from([0xff, 0, 0x7b, 0x80])),
  "sends 10 MB": (_, response) => void response.end("x".repeat(10_000_000)),
  "has 10,000 keys": (_, response) => void response.end(set(...many, published.jwk)),
  "sends people elsewhere": (_, response) =>
    void response.writeHead(302, { location: "http://evil.example/" }).end(set(published.jwk)),
};
for (const [what, answer] of Object.entries(wrong))
  envoyTest(`jwks: an issuer that ${what} leaves the keys as they are, and Envoy alive`, async (t) => {
    const site = await startSite(t, answer);
    for (let i = 0; i < 4; i++) {
      assert.equal(await site.status(published.token()), 401);
      assert.equal(await site.status(known.token()), 200);
    }
    assert.equal(site.asked(), 1);
  });
