/** Each request of a push and of a pull, in its order, to a registry that only remembers. */
import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import type { Image } from "../../src/oci/index.js";
import {
  inspectImage,
  packImage,
  parseReference,
  pullImage,
  pushImage,
  sha256,
} from "../../src/oci/index.js";
import { mediaTypes } from "../../src/oci/media-types.js";
import { asDocker, moduleOf } from "./support/module.js";
import { serve } from "./support/serve.js";

interface Memory {
  readonly host: string;
  /** Method, path below the repository, and the headers that count, of each request. */
  readonly seen: string[];
  /** By path below the repository. */
  readonly content: Map<string, Uint8Array>;
  /** Headers of answers, by method and path. */
  readonly odd: Map<string, Record<string, string>>;
}

async function start(t: TestContext): Promise<Memory> {
  const [seen, content, odd]: [string[], Memory["content"], Memory["odd"]] = [[], new Map(), new Map()];
  const host = await serve(t, async (message, response) => {
    const { method, headers } = message;
    const body = await buffer(message);
    const path = message.url!.replace(/^\/v2\/team\/filter\//, "");
    const of = [headers["content-type"], headers.accept === "*/*" ? undefined : headers.accept];
    seen.push([method, path, ...of, method === "PUT" ? body.length : undefined].filter(Boolean).join(" "));
    const more = odd.get(`${method} ${path}`);
    if (method === "POST") response.writeHead(202, more ?? { location: `${message.url}u1?state=a` }).end();
    else if (method === "PUT") {
      const digest = /digest=(.*)/.exec(path)?.[1];
      content.set(digest === undefined ? path : `blobs/${decodeURIComponent(digest)}`, body);
      response.writeHead(201).end();
    } else {
      const there = content.get(path);
      if (there === undefined) return void response.writeHead(404).end();
      response.writeHead(200, { "content-length": there.length, ...more });
      response.end(method === "HEAD" ? undefined : there);
    }
  });
  return { host, seen, content, odd };
}

const patience = { retries: 0 };
const nameOf = ({ host }: Memory, end = ":1"): ReturnType<typeof parseReference> =>
  parseReference(`${host}/team/filter${end}`);
const accept = [mediaTypes.manifest, mediaTypes.dockerManifest, mediaTypes.index, mediaTypes.dockerList].join(
  ", ",
);

/** The requests that a push of one blob makes. */
const uploadOf = (digest: string, length: number): string[] => [
  `HEAD blobs/${digest}`,
  "POST blobs/uploads/",
  `PUT blobs/uploads/u1?state=a&digest=${encodeURIComponent(digest)} application/octet-stream ${length}`,
  `HEAD blobs/${digest}`,
];

/** The requests that a push makes once all blobs are there. */
const manifestsOf = (image: Image, tags: readonly string[]): string[] => [
  ...[image.digest, ...tags].map(
    (target) => `PUT manifests/${target} ${mediaTypes.manifest} ${image.manifestBytes.length}`,
  ),
  `GET manifests/${tags.at(-1) ?? image.digest} ${mediaTypes.manifest}`,
];

for (const layout of ["compat", "artifact"] as const)
  test(`${layout}: blobs, then the manifest by its digest, then the tags; a second push sends no blob`, async (t) => {
    const memory = await start(t);
    const image = await packImage(moduleOf(100), { layout });
    const blobs = [...image.blobs];
    const sent = blobs.reduce((sum, [, bytes]) => sum + bytes.length, 0);
    for (const [tags, uploads, bytes] of [
      [["1", "latest"], blobs.flatMap(([digest, { length }]) => uploadOf(digest, length)), sent],
      [["2"], blobs.map(([digest]) => `HEAD blobs/${digest}`), 0],
      [[], blobs.map(([digest]) => `HEAD blobs/${digest}`), 0],
    ] as const) {
      memory.seen.length = 0;
      const pushed = await pushImage(image, nameOf(memory), tags, patience);
      assert.deepEqual(pushed, { digest: image.digest, tags, sent: bytes });
      assert.deepEqual(memory.seen, [...uploads, ...manifestsOf(image, tags)]);
    }
    memory.seen.length = 0;
    const pulled = await pullImage(nameOf(memory, ":latest"), patience);
    assert.deepEqual([pulled.digest, pulled.layout], [image.digest, layout]);
    assert.deepEqual(pulled.manifest, image.manifest);
    assert.deepEqual(Buffer.from(pulled.module), Buffer.from(moduleOf(100)));
    const [layer] = image.manifest.layers;
    assert.deepEqual(pulled.layer, layer);
    assert.deepEqual(memory.seen, [`GET manifests/latest ${accept}`, `GET blobs/${layer!.digest}`]);
    memory.seen.length = 0;
    const looked = await inspectImage(nameOf(memory, `:2@${image.digest}`), patience);
    assert.deepEqual(looked, { ...looked, digest: image.digest, layout, layer });
    assert.deepEqual(memory.seen, [`GET manifests/${image.digest} ${accept}`]);
  });

test("a push ends where a registry has other bytes than it was sent, or gives no address for them", async (t) => {
  const memory = await start(t);
  const image = await packImage(moduleOf(100), { layout: "artifact" });
  const [[digest, bytes]] = [...image.blobs] as [[string, Uint8Array]];
  const push = (): Promise<unknown> => pushImage(image, nameOf(memory), ["1"], patience);
  memory.odd.set("POST blobs/uploads/", {});
  await assert.rejects(push(), {
    code: "registry",
    message: "The registry opened an upload without an address for it.",
  });
  memory.odd.clear();
  memory.odd.set(`HEAD blobs/${digest}`, { "content-length": "5" });
  await assert.rejects(push(), {
    code: "digest",
    message: `The registry has 5 bytes of ${digest}, not ${bytes.length}.`,
  });
  assert.ok(!memory.seen.some((line) => line.startsWith("PUT manifests")));
});

test("a push ends where a registry serves another manifest than it was given", async (t) => {
  const memory = await start(t);
  const image = await packImage(moduleOf(100));
  const other = { ...image, manifestBytes: Buffer.from(`${Buffer.from(image.manifestBytes).toString()} `) };
  await assert.rejects(pushImage(other, nameOf(memory), ["1"], patience), {
    code: "digest",
    message: `The registry serves ${sha256(other.manifestBytes)} as 1, not what was pushed, ${image.digest}.`,
  });
});

test("an index: its first entry for linux/amd64 or without a platform is pulled, by its digest", async (t) => {
  const memory = await start(t);
  const image = await packImage(moduleOf(100));
  await pushImage(image, nameOf(memory), [], patience);
  const entry = (digest: string, os?: string, architecture?: string): object => ({
    ...{ mediaType: mediaTypes.manifest, digest, size: 1 },
    ...(os !== undefined && { platform: { os, architecture } }),
  });
  const other = sha256(Buffer.from("other"));
  const put = (manifests: object[], mediaType?: string): void =>
    void memory.content.set(
      "manifests/1",
      Buffer.from(
        JSON.stringify({ schemaVersion: 2, ...(mediaType !== undefined && { mediaType }), manifests }),
      ),
    );
  const far = [
    entry(other, "linux", "arm64"),
    entry(other, "windows", "amd64"),
    entry(other, "wasip1", "wasm"),
  ];
  for (const mediaType of [undefined, mediaTypes.index, mediaTypes.dockerList])
    for (const near of [entry(image.digest, "linux", "amd64"), entry(image.digest)]) {
      put([...far, near, entry(other)], mediaType);
      memory.seen.length = 0;
      assert.equal((await pullImage(nameOf(memory), patience)).digest, image.digest);
      assert.deepEqual(memory.seen.slice(0, 2), [
        `GET manifests/1 ${accept}`,
        `GET manifests/${image.digest} ${accept}`,
      ]);
    }
  const none = (has: string): object => ({
    code: "image",
    message: `The image is an index without an entry for linux/amd64 (it has ${has}), which Istio refuses; push a plain manifest.`,
  });
  put(far);
  await assert.rejects(pullImage(nameOf(memory), patience), none("linux/arm64, windows/amd64, wasip1/wasm"));
  put([]);
  await assert.rejects(pullImage(nameOf(memory), patience), none("none"));
  put([entry(other)]);
  memory.content.set(`manifests/${other}`, image.manifestBytes);
  await assert.rejects(pullImage(nameOf(memory), patience), {
    code: "digest",
    message: `The manifest has the digest ${image.digest}, not ${other} as asked for.`,
  });
});

test("a layer: plugin.wasm in any folder of it, by its whole name, the first of several", async (t) => {
  const memory = await start(t);
  const module = Buffer.from(moduleOf(100));
  const wrong = Buffer.from("wrong");
  const pull = async (files: readonly (readonly [string, Uint8Array])[]): Promise<Uint8Array> => {
    const entries = files.map(([name, body]) => ({ header: { name, size: body.length }, body }));
    const layer = gzipSync(await packTar(entries));
    const digest = sha256(layer);
    memory.content.set(`blobs/${digest}`, layer);
    const layers = [{ mediaType: mediaTypes.layer, digest, size: layer.length }];
    memory.content.set("manifests/1", Buffer.from(JSON.stringify({ schemaVersion: 2, layers })));
    return Buffer.from((await pullImage(nameOf(memory), patience)).module);
  };
  assert.deepEqual(await pull([["plugin.wasm", module]]), module);
  assert.deepEqual(await pull([["a/b/plugin.wasm", module]]), module);
  assert.deepEqual(
    await pull([
      ["xplugin.wasm", wrong],
      ["plugin.wasm/x", wrong],
      ["plugin.wasm", module],
    ]),
    module,
  );
  assert.deepEqual(
    await pull([
      ["a/plugin.wasm", module],
      ["plugin.wasm", wrong],
    ]),
    module,
  );
  await assert.rejects(pull([["plugin.wasm", wrong]]), {
    code: "module",
    message: `The module of ${memory.host}/team/filter:1 is not a WebAssembly module: it does not begin with the magic number.`,
  });
});

test("a layer that is larger than Istio takes is not fetched", async (t) => {
  const memory = await start(t);
  const digest = sha256(Buffer.from("a"));
  for (const [size, code] of [
    [256 * 1024 * 1024, "not-found"],
    [256 * 1024 * 1024 + 1, "image"],
  ] as const) {
    const layers = [{ mediaType: mediaTypes.layer, digest, size }];
    memory.content.set("manifests/1", Buffer.from(JSON.stringify({ schemaVersion: 2, layers })));
    await assert.rejects(pullImage(nameOf(memory), patience), { code });
  }
});

test("docker's own manifest is pulled by docker's own layer, and by no other", async (t) => {
  const memory = await start(t);
  const image = asDocker(await packImage(moduleOf(100)));
  for (const [digest, bytes] of image.blobs) memory.content.set(`blobs/${digest}`, bytes);
  memory.content.set("manifests/1", image.manifestBytes);
  const pulled = await pullImage(nameOf(memory), patience);
  assert.deepEqual([pulled.layout, pulled.digest], ["docker", image.digest]);
  const text = Buffer.from(image.manifestBytes)
    .toString()
    .replaceAll(mediaTypes.dockerLayer, mediaTypes.layer);
  memory.content.set("manifests/1", Buffer.from(text));
  await assert.rejects(pullImage(nameOf(memory), patience), {
    code: "image",
    message: `Istio and Envoy Gateway would refuse the image: its last layer must be ${mediaTypes.layer}, or it must have exactly two layers, one of them ${mediaTypes.wasmContent}. It has ${mediaTypes.layer}.`,
  });
});

test("progress is told of what has come and gone, and its end once", async (t) => {
  const memory = await start(t);
  const image = await packImage(moduleOf(100_000), { layout: "artifact" });
  const told: (string | undefined)[] = [];
  const onProgress = (line: string | undefined): void => void told.push(line);
  await pushImage(image, nameOf(memory), ["1"], { ...patience, onProgress });
  assert.deepEqual(told, [
    "Sending 69 bytes of 69 bytes …",
    ...["Sending 64 KiB of 98 KiB …", "Sending 98 KiB of 98 KiB …", undefined],
  ]);
  told.length = 0;
  await pullImage(nameOf(memory), { ...patience, onProgress });
  assert.deepEqual(told.slice(-2), ["Fetching 98 KiB of 98 KiB …", undefined]);
});
