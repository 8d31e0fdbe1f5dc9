/** Where an Envoy is looked for, and in which order. The programs are scripts that say a version as Envoy does. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { findEnvoy } from "../../src/envoy/index.js";

/** Puts a program at `path` that prints `output`. */
function program(path: string, output: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${output}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const says = (version: string): string => `envoy  version: 0f0f/${version}/Clean/RELEASE/BoringSSL`;

/** A folder with the variables that say where to look, all of them empty places; they are put back with the test's end. */
function elsewhere(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-find-"));
  const names = ["ENVOY", "FUNC_E_HOME", "PATH", "HOME"];
  const before = names.map((name) => process.env[name]);
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const [i, name] of names.entries())
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
  });
  delete process.env["ENVOY"];
  process.env["FUNC_E_HOME"] = join(folder, "func-e");
  process.env["PATH"] =
    ["first", "second"].map((name) => join(folder, name)).join(delimiter) + delimiter + before[2];
  return folder;
}

test("ENVOY goes before func-e, the newest of func-e's before the PATH, and what does not run is passed over", (t) => {
  const folder = elsewhere(t);
  const find = (): unknown => findEnvoy(join(folder, "cache"), false);
  const second = program(join(folder, "second", "envoy"), says("1.36.0"));
  assert.deepEqual(find(), { path: second, version: "1.36.0" });
  const first = program(join(folder, "first", "envoy"), says("1.37.0"));
  assert.deepEqual(find(), { path: first, version: "1.37.0" });
  const ofFuncE = (version: string): string => join(folder, "func-e", "versions", version, "bin", "envoy");
  const old = program(ofFuncE("1.9.1"), says("1.9.1"));
  assert.deepEqual(find(), { path: old, version: "1.9.1" });
  const newer = program(ofFuncE("1.38.0"), says("1.38.0"));
  assert.deepEqual(find(), { path: newer, version: "1.38.0" });
  program(ofFuncE("1.99.0"), "Illegal instruction");
  assert.deepEqual(find(), { path: newer, version: "1.38.0" });
  process.env["ENVOY"] = program(join(folder, "mine"), says("1.40.0"));
  assert.deepEqual(find(), { path: process.env["ENVOY"], version: "1.40.0" });
});

test("an ENVOY that is none is told, and nothing else is taken for it", (t) => {
  const folder = elsewhere(t);
  program(join(folder, "first", "envoy"), says("1.37.0"));
  for (const path of [join(folder, "none"), program(join(folder, "other"), "nginx version: nginx/1.27.0")]) {
    process.env["ENVOY"] = path;
    const found = findEnvoy(join(folder, "cache"), false);
    assert.equal(found.path, undefined);
    assert.match(
      found.reason,
      /^ENVOY is .*(none|other), which does not run as an Envoy; correct or unset it$/,
    );
  }
});
