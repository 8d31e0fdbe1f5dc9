/** Registries that answer anything, of any length, or ask for a password to be sent elsewhere. */
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import {
  inspectImage,
  packImage,
  parseReference,
  pullImage,
  pushImage,
  sha256,
} from "../../src/oci/index.js";
import { mediaTypes } from "../../src/oci/media-types.js";
import { moduleOf } from "./support/module.js";
import { serve } from "./support/serve.js";

const patience = { retries: 0, retryDelay: 1, insecure: true };
const credentials = { username: "ann", password: "s3cret" };

async function pullOf(
  t: TestContext,
  manifest: unknown,
  blob?: (response: ServerResponse) => void,
): Promise<unknown> {
  const host = await serve(t, (message, response) => {
    if (message.url!.includes("/blobs/") && blob !== undefined) return blob(response);
    response.end(typeof manifest === "string" ? manifest : JSON.stringify(manifest));
  });
  return pullImage(parseReference(`${host}/filter:1`), patience);
}

test("odd manifests are refused with a sentence", async (t) => {
  const digest = sha256(Buffer.from("a"));
  const layer = { mediaType: mediaTypes.layer, digest, size: 1 };
  const odd: unknown[] = [
    ...[null, [], {}, "", 7, "true", { schemaVersion: 2, layers: null }],
    ...[{}, [null], ["a"], [{}], 5].map((layers) => ({ schemaVersion: 2, layers })),
    ...[null, {}, [null], [{}], [{ digest: "../../x" }]].map((manifests) => ({
      schemaVersion: 2,
      manifests,
    })),
    ...[-1, 1.5, "1", null, 1e300].map((size) => ({ schemaVersion: 2, layers: [{ ...layer, size }] })),
    { schemaVersion: 2, layers: [{ ...layer, digest: "../../secret" }] },
    { schemaVersion: 2, manifests: [{ ...layer, platform: null }] },
  ];
  for (const manifest of odd)
    await assert.rejects(pullOf(t, manifest), { name: "OciError", code: "image" }, JSON.stringify(manifest));
});

/** Writes without end, until nobody reads. */
function endless(response: ServerResponse): void {
  const piece = Buffer.alloc(65536, " ");
  const write = (): void => {
    while (!response.destroyed && response.write(piece)) continue;
    if (!response.destroyed) response.once("drain", write);
  };
  write();
}

test("a manifest, a blob and a refusal without end are given up", { timeout: 20_000 }, async (t) => {
  const host = await serve(t, (message, response) => {
    if (message.url!.includes("refused")) response.writeHead(400);
    endless(response);
  });
  await assert.rejects(pullImage(parseReference(`${host}/filter:1`), patience), /manifest is longer than/);
  await assert.rejects(pullImage(parseReference(`${host}/refused:1`), patience), { name: "OciError" });
  const layers = [{ mediaType: mediaTypes.layer, digest: sha256(Buffer.from("a")), size: 1000 }];
  await assert.rejects(pullOf(t, { schemaVersion: 2, layers }, endless), { code: "digest" });
});

test("an answer without end to a manifest that is pushed is given up", { timeout: 20_000 }, async (t) => {
  const host = await serve(t, (message, response) => {
    message.resume().on("end", () => {
      if (message.method === "PUT" && message.url!.includes("/manifests/")) {
        response.writeHead(201);
        endless(response);
      } else response.writeHead(200).end();
    });
  });
  const image = await packImage(moduleOf(100), { layout: "compat" });
  await assert.rejects(pushImage(image, parseReference(`${host}/filter:1`), ["1"], patience), {
    message: /The registry's answer is longer than/,
  });
});

test("a gzip bomb is not unpacked", async (t) => {
  const bomb = gzipSync(Buffer.alloc(400 * 1024 * 1024));
  const layers = [{ mediaType: mediaTypes.layer, digest: sha256(bomb), size: bomb.length }];
  await assert.rejects(
    pullOf(t, { schemaVersion: 2, layers }, (response) => void response.end(bomb)),
    { code: "image", message: /not gzip: .*larger than/ },
  );
});

test("a layer without a file plugin.wasm is refused with a sentence", async (t) => {
  const tar = await packTar([{ header: { name: "other.wasm", size: 1 }, body: "x" }]);
  for (const packed of [tar, Buffer.alloc(1024)]) {
    const blob = gzipSync(packed);
    const layers = [{ mediaType: mediaTypes.layer, digest: sha256(blob), size: blob.length }];
    await assert.rejects(
      pullOf(t, { schemaVersion: 2, layers }, (response) => void response.end(blob)),
      { code: "image", message: 'The layer has no file "plugin.wasm".' },
    );
  }
});

test("to look at an image, leave to pull is asked for and no more", async (t) => {
  const scopes: (string | null)[] = [];
  const host = await serve(t, (message, response) => {
    const url = new URL(message.url!, `http://${message.headers.host}`);
    if (url.pathname !== "/token") {
      const challenge = `Bearer realm="${url.origin}/token"`;
      return void response.writeHead(401, { "www-authenticate": challenge }).end();
    }
    scopes.push(url.searchParams.get("scope"));
    response.end('{"token":"t"}');
  });
  for (const look of [inspectImage, pullImage])
    await assert.rejects(look(parseReference(`${host}/team/filter:1`), patience), { code: "credentials" });
  assert.deepEqual([...new Set(scopes)], ["repository:team/filter:pull"]);
});

test("odd answers of a token server are no token", async (t) => {
  for (const answer of ["null", "[]", '"a"', '{"token":7}', '{"token":""}', '{"token":"a\\r\\nb: c"}', "{"]) {
    const host = await serve(t, (message, response) => {
      if (message.url!.startsWith("/token")) return void response.end(answer);
      const realm = `http://${message.headers.host}/token`;
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
    });
    const pull = pullImage(parseReference(`${host}/filter:1`), { ...patience, credentials });
    await assert.rejects(pull, { code: "credentials", message: /gave no token/ }, answer);
  }
});

test("a token server without TLS on another machine gets no password", async (t) => {
  const host = await serve(t, (_, response) =>
    response.writeHead(401, { "www-authenticate": 'Bearer realm="http://tokens.example/token"' }).end(),
  );
  for (const more of [patience, { ...patience, insecure: host }])
    await assert.rejects(pullImage(parseReference(`${host}/filter:1`), { ...more, credentials }), {
      code: "tls",
      message: /readable/,
    });
});

test("an upload's address elsewhere gets the blob and no password", async (t) => {
  const elsewhere: IncomingMessage[] = [];
  const other = await serve(t, (message, response) => {
    elsewhere.push(message);
    message.resume().on("end", () => response.writeHead(201).end());
  });
  const host = await serve(t, (message, response) => {
    message.resume();
    if (message.headers.authorization === undefined)
      return response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
    if (message.method === "POST") response.writeHead(202, { location: `http://${other}/up` }).end();
    else response.writeHead(message.method === "HEAD" ? 404 : 500).end();
  });
  const image = await packImage(moduleOf(100), { layout: "compat" });
  await assert.rejects(
    pushImage(image, parseReference(`${host}/filter:1`), ["1"], { ...patience, credentials }),
  );
  assert.ok(elsewhere.length > 0);
  for (const { headers } of elsewhere) assert.equal(headers.authorization, undefined);
});

test("a login's token does not follow a redirect", async (t) => {
  const stolen: string[] = [];
  const thief = await serve(t, (message, response) => {
    message.on("data", (piece) => stolen.push(String(piece))).on("end", () => response.end('{"token":"a"}'));
  });
  const host = await serve(t, (message, response) => {
    message.resume();
    if (message.url!.startsWith("/token"))
      return void response.writeHead(307, { location: `http://${thief}/` }).end();
    const realm = `http://${message.headers.host}/token`;
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
  });
  const login = { credentials: { identityToken: "long-lived" } };
  await assert.rejects(pullImage(parseReference(`${host}/filter:1`), { ...patience, ...login }));
  assert.deepEqual(stolen, []);
});
