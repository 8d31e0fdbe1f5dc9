/** What a registry's 401 makes us send, to which server, and how it is said that nothing helped. */
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Credentials } from "../../src/oci/credentials.js";
import { inspectImage, parseReference } from "../../src/oci/index.js";
import { serve } from "./support/serve.js";

const patience = { retries: 0, retryDelay: 1 };
const login: Credentials = { username: "ann", password: "s3cret:é" };
const basic = `Basic ${Buffer.from("ann:s3cret:é").toString("base64")}`;

interface Asked {
  readonly message: IncomingMessage;
  readonly body: string;
}

/** A registry with this challenge, whose token server gives `t`. Answers what both were asked. */
async function ask(
  t: TestContext,
  challenge: string,
  credentials?: Credentials,
): Promise<{ error: unknown; registry: Asked[]; tokens: Asked[] }> {
  const [registry, tokens]: Asked[][] = [[], []];
  const host = await serve(t, (message, response) => {
    let body = "";
    message.on("data", (piece) => (body += String(piece)));
    message.on("end", () => {
      const isToken = message.url!.startsWith("/token");
      (isToken ? tokens : registry)!.push({ message, body });
      if (isToken) return void response.end('{"token":"t"}');
      const headers = challenge === "" ? {} : { "www-authenticate": challenge.replaceAll("HOST", host) };
      response.writeHead(401, headers).end();
    });
  });
  const pull = inspectImage(parseReference(`${host}/team/filter:1`), {
    ...patience,
    ...(credentials !== undefined && { credentials }),
  });
  const error: unknown = await pull.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, registry: registry!, tokens: tokens! };
}

test("a token is asked for with the service and the scope, without a login or with it", async (t) => {
  for (const [challenge, query] of [
    ['Bearer realm="http://HOST/token"', { scope: "repository:team/filter:pull" }],
    [
      'Bearer realm="http://HOST/token?a=1",service="s t",scope="repository:x:pull"',
      { a: "1", service: "s t", scope: "repository:x:pull" },
    ],
  ] as const)
    for (const credentials of [undefined, login]) {
      const { registry, tokens } = await ask(t, challenge, credentials);
      const { message } = tokens[0]!;
      assert.equal(message.method, "GET");
      assert.deepEqual(Object.fromEntries(new URL(message.url!, "http://a").searchParams), query);
      assert.equal(message.headers.authorization, credentials === undefined ? undefined : basic);
      assert.equal(message.headers["user-agent"], "proxy-wasm-as");
      assert.equal(registry[0]!.message.headers.authorization, undefined);
      assert.equal(registry[1]!.message.headers.authorization, "Bearer t");
      // Once more, for a token that has run out; then it is a refusal.
      assert.deepEqual([registry.length, tokens.length], [3, 2]);
    }
});

test("an identity token goes to the token server in a form, and nowhere else", async (t) => {
  const challenge = 'Bearer realm="http://HOST/token",service="s"';
  const { registry, tokens } = await ask(t, challenge, { identityToken: "long&lived" });
  const { message, body } = tokens[0]!;
  assert.equal(message.method, "POST");
  assert.equal(message.headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(message.headers["user-agent"], "proxy-wasm-as");
  assert.equal(message.headers.authorization, undefined);
  assert.equal(message.url, "/token");
  assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
    ...{ service: "s", scope: "repository:team/filter:pull" },
    ...{ grant_type: "refresh_token", client_id: "proxy-wasm-as", refresh_token: "long&lived" },
  });
  for (const { message: asked } of registry) assert.doesNotMatch(JSON.stringify(asked.headers), /long/);
});

test("a password goes to a registry that asks for it, once", async (t) => {
  const { error, registry } = await ask(t, 'Basic realm="r"', login);
  assert.deepEqual(
    registry.map(({ message }) => message.headers.authorization),
    [undefined, basic],
  );
  assert.equal((error as { code: string }).code, "credentials");
});

test("a 401 that asks for nothing that is there is a refusal, and nothing is sent", async (t) => {
  for (const [challenge, credentials] of [
    ["", login],
    ["", undefined],
    ["Negotiate", login],
    ["Bearer", login],
    ['Bearer realm="no address"', login],
    ['Basic realm="r"', undefined],
    ['Basic realm="r"', { identityToken: "long" }],
  ] as const) {
    const { error, registry, tokens } = await ask(t, challenge, credentials);
    assert.equal((error as { code: string }).code, "credentials", challenge);
    assert.deepEqual([registry.length, tokens.length], [1, 0], challenge);
    assert.equal(registry[0]!.message.headers.authorization, undefined, challenge);
  }
});
