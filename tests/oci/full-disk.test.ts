/** Disks that take no more: the registry's and our own. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { packImage, parseReference, pushImage } from "../../src/oci/index.js";
import { root } from "../support/paths.js";
import { startFront } from "./support/front.js";
import { moduleOf } from "./support/module.js";
import { canMount, registryTest, startRegistry } from "./support/registry.js";

/** What docker-registry 2.8.2 answers when its disk is full, as seen. */
const refusal = JSON.stringify({
  errors: [
    {
      code: "UNKNOWN",
      message: "unknown error",
      detail: { DriverName: "filesystem", Enclosed: { Op: "write", Path: "/data/startedat", Err: 28 } },
    },
  ],
});

registryTest("a registry whose disk is full is told at once, and has no tag", async (t) => {
  const module = moduleOf(400_000);
  module.set(randomBytes(300_000), 1000);
  const image = await packImage(module);
  // Where a small file system may not be mounted, the registry's words are said by a front.
  const { host, port } = await startRegistry(t, canMount() ? { diskBytes: 256 * 1024 } : {});
  const front = await startFront(t, port, (message, response) => {
    if (canMount() || message.method !== "PUT") return false;
    response.writeHead(500, { "content-type": "application/json" }).end(refusal);
    return true;
  });
  const notices: string[] = [];
  const push = pushImage(image, parseReference(`${front.host}/filter:1`), ["1"], {
    onNotice: (line) => notices.push(line),
  });
  await assert.rejects(push, {
    code: "full",
    message: /^The disk of .* is full \(500, UNKNOWN: unknown error\)\.$/,
  });
  assert.deepEqual(notices, [], "nothing is gained by trying again");
  const headers = { accept: image.manifest.mediaType };
  assert.equal((await fetch(`http://${host}/v2/filter/manifests/1`, { headers })).status, 404);
});

const main = join(root, "dist", "cli", "main.js");

/** Runs the command in a shell whose files may have this many KiB, which fails a write half-way as a full disk does. */
function limited(
  cwd: string,
  kib: number,
  ...parameters: string[]
): { status: number | null; stderr: string } {
  const command = `ulimit -f ${kib}; exec "$0" "$@"`;
  const env = { ...process.env, NODE_OPTIONS: "" };
  const all = ["-c", command, process.execPath, main, ...parameters];
  return spawnSync("bash", all, { cwd, encoding: "utf8", env });
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "proxy-wasm-as-full-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

registryTest("pull onto a full disk leaves the file that was there, and no part of another", async (t) => {
  const { host } = await startRegistry(t);
  const path = folder(t);
  const image = await packImage(moduleOf(100_000));
  await pushImage(image, parseReference(`${host}/filter:1`), ["1"]);
  writeFileSync(join(path, "filter.wasm"), "old");
  const { status, stderr } = limited(path, 4, "pull", `${host}/filter:1`);
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^filter\.wasm was not written: EFBIG: /);
  assert.deepEqual(readdirSync(path), ["filter.wasm"]);
  assert.equal(readFileSync(join(path, "filter.wasm"), "utf8"), "old");
  // The device that is always full.
  const full = limited(path, 100_000, "pull", `${host}/filter:1`, "-o", "/dev/full");
  assert.equal(full.status, 1);
  assert.equal(full.stderr, "The disk is full; /dev/full was not written.\n");
});

registryTest("an image whose module no host could compile is told, and not written", async (t) => {
  const { host } = await startRegistry(t);
  const path = folder(t);
  const image = await packImage(Buffer.from("\0asm\x01\0\0\0 and no module", "latin1"));
  await pushImage(image, parseReference(`${host}/filter:1`), ["1"]);
  const { status, stderr } = limited(path, 100_000, "pull", `${host}/filter:1`);
  assert.equal(status, 1);
  assert.match(stderr, /^The module of .*\/filter:1 is not a valid WebAssembly module: .*\.\n$/);
  assert.deepEqual(readdirSync(path), []);
});

test("pack onto a full disk leaves neither an image nor a part of one", async (t) => {
  const path = folder(t);
  copyFileSync(await buildExample("hello"), join(path, "hello.wasm"));
  const { status, stderr } = limited(path, 4, "pack", "hello.wasm", "-o", "image.tar");
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^image\.tar was not written: EFBIG: /);
  assert.deepEqual(readdirSync(path), ["hello.wasm"]);
});
