import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import { packImage, sha256, writeLayout } from "../../src/oci/index.js";
import { chooseLayer } from "../../src/oci/pull.js";
import { buildExample } from "../../scripts/build-examples.js";
import { type Ended, runCommand } from "../support/commands.js";
import { root } from "../support/paths.js";
import { moduleOf } from "./support/module.js";

function cli(cwd: string, ...parameters: string[]): Ended {
  return runCommand(parameters, { cwd, env: { ...process.env, NODE_OPTIONS: "" } });
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "proxy-wasm-as-pack-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("the same module gives the same archive in another folder", async (t) => {
  const wasm = await buildExample("hello");
  const results = ["a", "b/c"].map((name) => {
    const path = join(folder(t), name);
    mkdirSync(path, { recursive: true });
    copyFileSync(wasm, join(path, "hello.wasm"));
    const { status, stdout, stderr } = cli(path, "pack", "hello.wasm", "--json");
    assert.equal(status, 0, stderr);
    const said = JSON.parse(stdout) as { digest: string; sizes: { module: number; manifest: number } };
    assert.equal(said.sizes.module, readFileSync(wasm).length);
    assert.ok(said.sizes.manifest > 100);
    return { archive: readFileSync(join(path, "image.tar")), ...said };
  });
  assert.equal(results[0]!.digest, results[1]!.digest);
  assert.deepEqual(results[0]!.archive, results[1]!.archive);
});

for (const layout of ["compat", "artifact"] as const) {
  test(`${layout}: a changed byte changes the digest, the same bytes never do`, async () => {
    const image = await packImage(moduleOf(1000), { layout });
    assert.equal((await packImage(moduleOf(1000), { layout })).digest, image.digest);
    assert.notEqual((await packImage(moduleOf(1000, 2), { layout })).digest, image.digest);
    assert.notEqual(
      (await packImage(moduleOf(1000), { layout, annotations: { a: "b" } })).digest,
      image.digest,
    );
  });
}

test("the digests are those of the day this test was written: no library or Node release changes them", async () => {
  const module = moduleOf(1000);
  assert.equal(
    (await packImage(module)).digest,
    "sha256:cfaf9ad1ae2343bed441215ccb3277e81800aa163055e4060bbb2bb3b580434d",
  );
  assert.equal(
    (await packImage(module, { layout: "artifact" })).digest,
    "sha256:3c42e39e63d6890761a4193f3583811ca80da30fde71b7f86eb4703e6a81af70",
  );
});

test("compat: the last layer is tar+gzip with plugin.wasm, and the configuration has its digest unpacked", async () => {
  const module = moduleOf(100);
  const image = await packImage(module, { rootIds: ["a"] });
  const { layout, layer } = chooseLayer(image.manifest);
  assert.equal(layout, "compat");
  const tar = gunzipSync(image.blobs.get(layer.digest)!);
  const entries = await unpackTar(tar);
  assert.deepEqual(
    entries.map(({ header }) => [header.name, header.mode, header.mtime?.getTime(), header.uid]),
    [
      ["plugin.wasm", 0o644, 0, 0],
      ["runtime-config.json", 0o644, 0, 0],
    ],
  );
  assert.deepEqual(Buffer.from(entries[0]!.data!), Buffer.from(module));
  assert.match(Buffer.from(entries[1]!.data!).toString(), /"root_ids":\["a"\]/);
  const config = JSON.parse(Buffer.from(image.blobs.get(image.manifest.config.digest)!).toString()) as {
    rootfs: { diff_ids: string[] };
  };
  assert.deepEqual(config.rootfs.diff_ids, [sha256(tar)]);
  assert.equal(image.manifest.annotations!["module.wasm.image/variant"], "compat");
});

test("artifact: exactly two layers, the module as it is and the configuration, which is a layer too", async () => {
  const module = moduleOf(100);
  const image = await packImage(module, { layout: "artifact" });
  assert.equal(image.manifest.layers.length, 2);
  const { layout, layer } = chooseLayer(image.manifest);
  assert.equal(layout, "artifact");
  assert.deepEqual(image.blobs.get(layer.digest), module);
  assert.equal(image.manifest.layers[1]!.digest, image.manifest.config.digest);
});

test("annotations come from the call, from package.json and from the module", async (t) => {
  const path = folder(t);
  writeFileSync(
    join(path, "package.json"),
    JSON.stringify({
      name: "filter",
      version: "1.2.3",
      license: "MIT",
      repository: { url: "https://git.example/f" },
    }),
  );
  copyFileSync(await buildExample("hello"), join(path, "hello.wasm"));
  const options = ["--from-package", "-a", "revision=abc", "-a", "my.name=x=y", "-o", "out"];
  const { status, stderr } = cli(path, "pack", "hello.wasm", ...options);
  assert.equal(status, 0, stderr);
  const index = JSON.parse(readFileSync(join(path, "out", "index.json"), "utf8")) as {
    manifests: { digest: string }[];
  };
  const file = join(path, "out", "blobs", index.manifests[0]!.digest.replace(":", "/"));
  const { annotations } = JSON.parse(readFileSync(file, "utf8")) as { annotations: Record<string, string> };
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  assert.deepEqual(annotations, {
    "module.wasm.image/variant": "compat",
    "my.name": "x=y",
    "org.opencontainers.image.licenses": "MIT",
    "org.opencontainers.image.revision": "abc",
    "org.opencontainers.image.source": "https://git.example/f",
    "org.opencontainers.image.title": "filter",
    "org.opencontainers.image.version": "1.2.3",
    "proxy-wasm-as.version": version,
    "proxy-wasm.abi-version": "0.2.1",
  });
});

test("what is no module, or larger than Istio takes, is refused and leaves no file", async (t) => {
  const path = folder(t);
  writeFileSync(join(path, "text.wasm"), "hello, this is text");
  writeFileSync(join(path, "short.wasm"), Buffer.from("\0asm", "latin1"));
  writeFileSync(join(path, "cut.wasm"), moduleOf(100).subarray(0, 50));
  const refusals: [string, RegExp][] = [
    ["text.wasm", /not a WebAssembly module: it does not begin with the magic number\.\n$/],
    ["short.wasm", /not a WebAssembly module/],
    ["cut.wasm", /not a valid WebAssembly module/],
    ["missing.wasm", /There is no file missing\.wasm; build it first/],
  ];
  for (const [file, message] of refusals) {
    const { status, stderr } = cli(path, "pack", file);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
  await assert.rejects(packImage(moduleOf(256 * 1024 * 1024)), {
    code: "module",
    message: /at most 268435456/,
  });
  assert.ok(!existsSync(join(path, "image.tar")));
  assert.equal(cli(path, "pack", "text.wasm", "--layout", "oras").status, 2);
  assert.equal(cli(path, "pack", "text.wasm", "-a", "nothing").status, 2);
});

test("the order in which annotations are given changes no digest", async () => {
  const module = moduleOf(100);
  const digestOf = async (annotations: Record<string, string>): Promise<string> =>
    (await packImage(module, { layout: "compat", annotations })).digest;
  const [one, other] = [
    await digestOf({ b: "1", a: "2", c: "3" }),
    await digestOf({ c: "3", a: "2", b: "1" }),
  ];
  assert.equal(one, other);
  const { manifest } = await packImage(module, { layout: "artifact", annotations: { b: "1", a: "2" } });
  assert.deepEqual(Object.keys(manifest.annotations!), ["a", "b"]);
});

test("a layout's index names the tag, if there is one", async (t) => {
  const image = await packImage(moduleOf(100), { layout: "compat" });
  const entryOf = async (tag?: string): Promise<unknown> => {
    const path = join(folder(t), "out");
    await writeLayout(image, path, tag);
    const index = JSON.parse(readFileSync(join(path, "index.json"), "utf8")) as Record<string, unknown>;
    const { manifests, ...rest } = index as { manifests: unknown[] };
    assert.deepEqual(rest, { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json" });
    assert.equal(manifests.length, 1);
    assert.equal(readFileSync(join(path, "oci-layout"), "utf8"), '{"imageLayoutVersion":"1.0.0"}');
    return manifests[0];
  };
  const entry = {
    ...{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: image.digest },
    size: image.manifestBytes.length,
  };
  assert.deepEqual(await entryOf(), entry);
  assert.deepEqual(await entryOf("1.0"), {
    ...entry,
    annotations: { "org.opencontainers.image.ref.name": "1.0" },
  });
});
