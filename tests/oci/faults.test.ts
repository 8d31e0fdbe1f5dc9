import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ClientOptions, Image, Layout, Reference } from "../../src/oci/index.js";
import {
  OciError,
  inspectImage,
  packImage,
  parseReference,
  pullImage,
  pushImage,
} from "../../src/oci/index.js";
import { chooseLayer } from "../../src/oci/pull.js";
import { parseChallenge } from "../../src/oci/challenge.js";
import type { Front, Intercept } from "./support/front.js";
import { startFront } from "./support/front.js";
import { asDocker, moduleOf } from "./support/module.js";
import type { Registry } from "./support/registry.js";
import { freePort } from "../support/ports.js";
import { registryTest, startRegistry } from "./support/registry.js";

interface Stage {
  readonly registry: Registry;
  readonly front: Front;
  readonly image: Image;
  /** The image's name by way of the front. */
  readonly reference: Reference;
  readonly push: (options?: ClientOptions) => ReturnType<typeof pushImage>;
  readonly pull: (options?: ClientOptions) => ReturnType<typeof pullImage>;
  /** Whether the registry has the tag. */
  readonly tagged: () => Promise<boolean>;
}

async function stage(
  t: TestContext,
  intercept: Intercept,
  module = moduleOf(5000),
  layout: Layout = "compat",
): Promise<Stage> {
  const registry = await startRegistry(t);
  const front = await startFront(t, registry.port, intercept);
  const image = await packImage(module, { layout });
  const reference = parseReference(`${front.host}/filter:1`);
  const patience = { retryDelay: 5 };
  return {
    registry,
    front,
    image,
    reference,
    push: (options) => pushImage(image, reference, ["1"], { ...patience, ...options }),
    pull: (options) => pullImage(reference, { ...patience, ...options }),
    tagged: async () => {
      const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
      return (await fetch(`http://${registry.host}/v2/filter/manifests/1`, { headers })).status === 200;
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body = "",
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, headers).end(body);
  return true;
}

const isUpload = (method: string | undefined, url: string): boolean =>
  method === "PUT" && url.includes("/uploads/");

registryTest("503 five times and then success is a success, also with Retry-After", async (t) => {
  let left = 5;
  const s = await stage(t, (message, response) =>
    isUpload(message.method, message.url!) && left-- > 0
      ? answer(response, 503, "", { "retry-after": "0" })
      : false,
  );
  const told: string[] = [];
  const { digest } = await s.push({ onNotice: (line) => told.push(line) });
  assert.equal(digest, s.image.digest);
  assert.equal(told.filter((line) => /answered 503\. Trying again/.test(line)).length, 5);
  assert.ok(await s.tagged());
});

registryTest(
  "a registry that goes on failing leaves no tag, and the error says what it answered",
  async (t) => {
    const s = await stage(t, (message, response) =>
      isUpload(message.method, message.url!)
        ? answer(response, 500, '{"errors":[{"code":"UNKNOWN","message":"unknown error"}]}')
        : false,
    );
    await assert.rejects(s.push(), { code: "registry", message: /answered 500, UNKNOWN: unknown error\.$/ });
    assert.equal(await s.tagged(), false);
    assert.ok(!s.front.seen.some((line) => line.startsWith("PUT /v2/filter/manifests")));
  },
);

registryTest("a connection that breaks in the middle of a blob is begun again", async (t) => {
  let broken = 0;
  const s = await stage(
    t,
    (message) => {
      if (!isUpload(message.method, message.url!) || broken >= 2) return false;
      broken++;
      message.once("data", () => message.destroy());
      return true;
    },
    new Uint8Array([...moduleOf(0).subarray(0, 8)]),
  );
  await s.push();
  assert.equal(broken, 2);
  assert.ok(await s.tagged());
  assert.deepEqual((await s.pull()).module.length, 8);
});

registryTest("a registry that is killed in the middle of a push leaves nothing that is tagged", async (t) => {
  const s = await stage(t, (message) => {
    if (isUpload(message.method, message.url!)) s.registry.kill();
    return false;
  });
  await assert.rejects(s.push({ retries: 2 }), { code: "network", message: /cannot be reached/ });
  const { existsSync } = await import("node:fs");
  assert.equal(
    existsSync(`${s.registry.folder}/data/docker/registry/v2/repositories/filter/_manifests/tags/1`),
    false,
  );
});

registryTest("a full disk of the registry is told", async (t) => {
  const s = await stage(t, (message, response) =>
    isUpload(message.method, message.url!)
      ? answer(response, 507, '{"errors":[{"code":"UNKNOWN","message":"no space left on device"}]}')
      : false,
  );
  await assert.rejects(s.push({ retries: 1 }), { message: /^The disk of .* is full \(507/ });
  assert.equal(await s.tagged(), false);
});

registryTest("a blob that arrives changed is refused by the registry, and not tagged", async (t) => {
  const s = await stage(t, (message, response) => {
    if (!isUpload(message.method, message.url!)) return false;
    return answer(response, 400, '{"errors":[{"code":"DIGEST_INVALID","message":"digest did not match"}]}');
  });
  await assert.rejects(s.push(), { message: /400, DIGEST_INVALID/ });
  assert.equal(await s.tagged(), false);
});

registryTest("a wrong digest on pull is an error: of the manifest, and of the layer", async (t) => {
  let change: RegExp | undefined;
  const s = await stage(t, (message, response) =>
    message.method === "GET" && change?.test(message.url!) === true
      ? answer(response, 200, JSON.stringify({ schemaVersion: 2, layers: [] }).padEnd(layerSize))
      : false,
  );
  const { layer } = chooseLayer(s.image.manifest);
  const layerSize = layer.size;
  await s.push();
  change = /blobs/;
  await assert.rejects(s.pull(), {
    code: "digest",
    message: /The layer has the digest sha256:\w+, not sha256:\w+/,
  });
  change = /manifests/;
  const byDigest = { ...s.reference, tag: undefined, digest: s.image.digest };
  await assert.rejects(pullImage(byDigest), { code: "digest", message: /The manifest has the digest/ });
});

registryTest("a layer that ends early is fetched again, and a short one is never taken", async (t) => {
  let left = 2;
  const s = await stage(t, (message, response) => {
    if (message.method !== "GET" || !message.url!.includes("/blobs/") || left-- <= 0) return false;
    response.writeHead(200, { "content-length": "99999" });
    response.write("half");
    setTimeout(() => response.destroy(), 10);
    return true;
  });
  await s.push();
  assert.equal((await s.pull()).module.length, moduleOf(5000).length);
  left = 99;
  await assert.rejects(s.pull({ retries: 1 }), {
    code: "network",
    message: /The connection ended after 4 of/,
  });
});

registryTest("a blob store elsewhere is followed, and gets no password", async (t) => {
  let seen: string | undefined = "nothing";
  const store = await startFront(t, 0, (message, response) => {
    seen = message.headers.authorization;
    return answer(
      response,
      200,
      Buffer.from(s.image.blobs.get(chooseLayer(s.image.manifest).layer.digest)!) as never,
    );
  });
  const s = await stage(t, (message, response) => {
    if (message.headers.authorization === undefined)
      return answer(response, 401, "", { "www-authenticate": 'Basic realm="r"' });
    if (message.method === "GET" && message.url!.includes("/blobs/"))
      return answer(response, 307, "", { location: `http://${store.host}/blob` });
    return false;
  });
  const credentials = { username: "user", password: "secret" };
  await s.push({ credentials });
  assert.equal((await s.pull({ credentials })).digest, s.image.digest);
  assert.equal(seen, undefined);
});

registryTest("a token that runs out in the middle is asked for anew", async (t) => {
  let tokens = 0;
  let uses = 0;
  const s = await stage(t, (message, response) => {
    const { url, headers } = message;
    if (url!.startsWith("/token")) {
      const basic = `Basic ${Buffer.from("user:secret").toString("base64")}`;
      if (headers.authorization !== basic) return answer(response, 401, "{}");
      assert.match(url!, /scope=repository%3Afilter%3Apull%2Cpush&?/);
      uses = 0;
      return answer(response, 200, JSON.stringify({ token: `t${++tokens}` }));
    }
    if (headers.authorization !== `Bearer t${tokens}` || ++uses > 3) {
      const realm = `http://${headers.host}/token`;
      const challenge = `Bearer realm="${realm}",service="registry",scope="repository:filter:pull,push"`;
      return answer(response, 401, "", { "www-authenticate": challenge });
    }
    return false;
  });
  await s.push({ credentials: { username: "user", password: "secret" } });
  assert.ok(tokens > 2, `${tokens} tokens`);
  assert.ok(await s.tagged());
  await assert.rejects(s.pull({ credentials: { username: "user", password: "wrong" } }), {
    code: "credentials",
    message: /the user name or the password is wrong/,
  });
});

registryTest("a 401 that never ends is an error, not a loop", async (t) => {
  const s = await stage(t, (_, response) =>
    answer(response, 401, "", { "www-authenticate": 'Basic realm="r"' }),
  );
  await assert.rejects(s.push({ credentials: { username: "u", password: "p" } }), { code: "credentials" });
  assert.equal(s.front.seen.length, 2);
  await assert.rejects(s.push(), { message: /no credentials were found/ });
});

registryTest("a module of 200 MB goes there and back, each byte of it", async (t) => {
  const module = moduleOf(200_000_000);
  module.set(randomBytes(1_000_000), 1000);
  // The layout that is not compressed; tests/istio packs the other one, which takes longer.
  const s = await stage(t, () => false, module, "artifact");
  assert.ok((await s.push()).sent > 200_000_000);
  assert.ok(Buffer.from(module).equals((await s.pull()).module));
});

registryTest("an image that docker pushed is pulled, by docker's own manifest", async (t) => {
  const s = await stage(t, () => false);
  const image = asDocker(s.image);
  await pushImage(image, s.reference, ["1"]);
  const pulled = await s.pull();
  assert.deepEqual([pulled.layout, pulled.digest], ["docker", image.digest]);
  assert.deepEqual(Buffer.from(pulled.module), Buffer.from(moduleOf(5000)));
});

registryTest(
  "an identity token, as docker login leaves it, is exchanged for one of the registry",
  async (t) => {
    const forms: string[] = [];
    const s = await stage(t, (message, response) => {
      const { method, url, headers } = message;
      if (url!.startsWith("/token")) {
        assert.equal(method, "POST");
        assert.equal(headers.authorization, undefined);
        void text(message).then((form) => {
          forms.push(form);
          answer(response, 200, '{"access_token":"good"}');
        });
        return true;
      }
      if (headers.authorization === "Bearer good") return false;
      const realm = `http://${headers.host}/token`;
      return answer(response, 401, "", { "www-authenticate": `Bearer realm="${realm}",service="s"` });
    });
    await s.push({ credentials: { identityToken: "left by a login" } });
    assert.ok(await s.tagged());
    const form = new URLSearchParams(forms[0]);
    assert.deepEqual(
      [form.get("grant_type"), form.get("refresh_token"), form.get("service"), form.get("scope")],
      ["refresh_token", "left by a login", "s", "repository:filter:pull,push"],
    );
  },
);

registryTest("a transfer says how far it is, and when it is over", async (t) => {
  const module = moduleOf(300_000);
  module.set(randomBytes(200_000), 1000);
  const s = await stage(t, () => false, module);
  const told: (string | undefined)[] = [];
  const onProgress = (line: string | undefined): void => void told.push(line);
  await s.push({ onProgress });
  assert.ok(new Set(told).size > 3, told.join("\n"));
  assert.match(told[0]!, /^Sending 64 KiB of 196 KiB …$/);
  assert.equal(told.at(-1), undefined);
  told.length = 0;
  await s.pull({ onProgress });
  assert.match(told.at(-2)!, /^Fetching 196 KiB of 196 KiB …$/);
  assert.equal(told.at(-1), undefined);
});

test("what Istio refuses is refused on pull, with the reason", () => {
  const manifest = (types: string[], mediaType = "application/vnd.oci.image.manifest.v1+json"): never => {
    const layers = types.map((type) => ({ mediaType: type, digest: "", size: 1 }));
    return { schemaVersion: 2, mediaType, config: layers[0], layers } as never;
  };
  const wasm = "application/vnd.module.wasm.content.layer.v1+wasm";
  const tar = "application/vnd.oci.image.layer.v1.tar";
  for (const types of [
    [wasm],
    [wasm, "a", "b"],
    [tar],
    [`${tar}+zstd`],
    ["application/wasm"],
    [`${tar}+gzip`, "a"],
  ])
    assert.throws(
      () => chooseLayer(manifest(types)),
      (error) =>
        error instanceof OciError && error.code === "image" && /would refuse the image/.test(error.message),
    );
  assert.throws(() => chooseLayer(manifest([])), { message: "The image has no layers." });
  assert.throws(() =>
    chooseLayer(manifest([wasm, "a"], "application/vnd.docker.distribution.manifest.v2+json")),
  );
  assert.equal(chooseLayer(manifest(["a", wasm])).layout, "artifact");
  assert.equal(chooseLayer(manifest(["a", `${tar}+gzip`])).layout, "compat");
});

test("an index: the entry for linux/amd64 or without a platform is taken, others are not", async (t) => {
  let manifests: object[] = [];
  const front = await startFront(t, 0, (message, response) =>
    message.url!.endsWith("/1")
      ? answer(response, 200, JSON.stringify({ schemaVersion: 2, manifests }))
      : answer(response, 404, "{}"),
  );
  const reference = parseReference(`${front.host}/filter:1`);
  manifests = [{ digest: "sha256:1", platform: { os: "wasip1", architecture: "wasm" } }];
  await assert.rejects(inspectImage(reference), {
    code: "image",
    message: /without an entry for linux\/amd64.*wasip1\/wasm/,
  });
  manifests = [{ digest: "sha256:2", platform: { os: "linux", architecture: "amd64" } }];
  await assert.rejects(inspectImage(reference), { code: "not-found" });
});

test("nobody there, no such host, a page instead of a registry", async (t) => {
  const reference = parseReference(`127.0.0.1:${await freePort()}/filter:1`);
  await assert.rejects(inspectImage(reference, { retries: 1, retryDelay: 1 }), {
    code: "network",
    message: /cannot be reached \(ECONNREFUSED\)/,
  });
  const page = await startFront(t, 0, (_, response) => answer(response, 200, "<html>"));
  await assert.rejects(inspectImage(parseReference(`${page.host}/filter:1`)), {
    code: "image",
    message: "The registry's answer is not the manifest of an image.",
  });
});

test("challenges are read as registries write them", () => {
  const bearer = 'Bearer realm="https://a.example/t",service="s",scope="repository:x:pull,push"';
  assert.deepEqual(parseChallenge(bearer)?.parameters, {
    realm: "https://a.example/t",
    service: "s",
    scope: "repository:x:pull,push",
  });
  assert.equal(parseChallenge("Basic")?.scheme, "basic");
  assert.equal(parseChallenge('basic realm="Registry Realm"')?.parameters["realm"], "Registry Realm");
  assert.equal(parseChallenge(`Basic realm="r", ${bearer}`)?.scheme, "bearer");
  assert.equal(parseChallenge("Negotiate"), undefined);
  assert.equal(parseChallenge(""), undefined);
});
