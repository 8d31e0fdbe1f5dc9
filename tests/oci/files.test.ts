/** Files that are written whole or not at all, and the files of a layout. */
import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { unpackTar } from "modern-tar";
import { packImage, writeLayout } from "../../src/oci/index.js";
import { writeWhole } from "../../src/oci/write-whole.js";
import { moduleOf } from "./support/module.js";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "proxy-wasm-as-files-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("a file is written anew or over another, without a part beside it", (t) => {
  const path = folder(t);
  for (const text of ["first", "second, which is longer", ""]) {
    writeWhole(join(path, "a"), Buffer.from(text));
    assert.equal(readFileSync(join(path, "a"), "utf8"), text);
    assert.deepEqual(readdirSync(path), ["a"]);
  }
});

test("a link stays a link, and what it leads to is written", (t) => {
  const path = folder(t);
  writeFileSync(join(path, "to"), "old");
  symlinkSync("to", join(path, "link"));
  writeWhole(join(path, "link"), Buffer.from("new"));
  assert.ok(lstatSync(join(path, "link")).isSymbolicLink());
  assert.equal(readFileSync(join(path, "to"), "utf8"), "new");
});

test("a folder that is missing is named; nothing of what was not written is left", (t) => {
  const path = folder(t);
  writeFileSync(join(path, "file"), "old");
  mkdirSync(join(path, "folder"));
  for (const [name, why] of [
    ["missing/a", `There is no folder ${join(path, "missing")}; `],
    ["file/a", `There is no folder ${join(path, "file")}; `],
  ] as const)
    assert.throws(() => writeWhole(join(path, name), Buffer.from("new")), {
      ...{ name: "OciError", code: "file" },
      message: `${why}${join(path, name)} was not written.`,
    });
  assert.throws(() => writeWhole(join(path, "folder"), Buffer.from("new")), {
    code: "file",
    message: /folder was not written: EISDIR: .*\.$/,
  });
  // What fails after it has begun takes away what it has begun.
  assert.throws(() => writeWhole(join(path, "file"), 5 as never), { code: "file" });
  assert.deepEqual(readdirSync(path).sort(), ["file", "folder"]);
  // Another run has begun there: it is not written over.
  const other = join(path, `busy.${process.pid}.part`);
  writeFileSync(other, "other");
  assert.throws(() => writeWhole(join(path, "busy"), Buffer.from("new")), {
    code: "file",
    message: /EEXIST/,
  });
  assert.ok(!existsSync(join(path, "busy")));
  assert.equal(readFileSync(other, "utf8"), "other");
  assert.deepEqual(readFileSync(join(path, "file"), "utf8"), "old");
});

for (const layout of ["compat", "artifact"] as const)
  test(`${layout}: a layout's files, in a folder and in an archive, where they are in order`, async (t) => {
    const path = folder(t);
    const image = await packImage(moduleOf(100), { layout });
    const blobs = new Map([...image.blobs, [image.digest, image.manifestBytes] as const]);
    const names = [...blobs.keys()].map((digest) => `blobs/sha256/${digest.slice(7)}`).sort();
    const whole = ["oci-layout", "index.json", ...names];
    await writeLayout(image, join(path, "image.tar"), "1");
    await writeLayout(image, join(path, "image"), "1");
    const entries = await unpackTar(readFileSync(join(path, "image.tar")));
    assert.deepEqual(
      entries.map(({ header }) => header.name),
      whole,
    );
    for (const { header, data } of entries) {
      assert.deepEqual(readFileSync(join(path, "image", header.name)), Buffer.from(data!));
      assert.deepEqual([header.mode, header.uid, header.gid, header.mtime?.getTime()], [0o644, 0, 0, 0]);
      assert.deepEqual([header.uname, header.gname], ["", ""]);
      const bytes = blobs.get(`sha256:${header.name.split("/").at(-1)}`);
      if (bytes !== undefined) assert.deepEqual(Buffer.from(data!), Buffer.from(bytes));
    }
    assert.deepEqual(readdirSync(join(path, "image")).sort(), ["blobs", "index.json", "oci-layout"]);
    assert.equal(readdirSync(join(path, "image", "blobs", "sha256")).length, names.length);
  });

test("the configuration that goes with a module: its ABI, its root ids, and the platform that Istio takes", async () => {
  for (const [options, expected] of [
    [{}, { type: "envoy_proxy", abi_version: "0.2.1", config: { root_ids: [] } }],
    [
      { abiVersion: "0.2.0", rootIds: ["a", "b"] },
      { type: "envoy_proxy", abi_version: "0.2.0", config: { root_ids: ["a", "b"] } },
    ],
  ] as const) {
    const { manifest, blobs } = await packImage(moduleOf(10), { layout: "artifact", ...options });
    const text = Buffer.from(blobs.get(manifest.config.digest)!).toString();
    assert.deepEqual(JSON.parse(text), expected);
    assert.deepEqual(
      manifest.layers.map(({ annotations }) => annotations),
      ["plugin.wasm", "runtime-config.json"].map((title) => ({ "org.opencontainers.image.title": title })),
    );
    assert.deepEqual(manifest.annotations, {});
  }
  const { layout, manifest, blobs } = await packImage(moduleOf(10));
  const { rootfs, ...platform } = JSON.parse(
    Buffer.from(blobs.get(manifest.config.digest)!).toString(),
  ) as Record<string, unknown>;
  assert.deepEqual(platform, { architecture: "amd64", os: "linux", config: {} });
  assert.equal((rootfs as { type: string }).type, "layers");
  assert.equal(layout, "compat");
});
