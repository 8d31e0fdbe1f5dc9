import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { Envoy } from "../../src/envoy/index.js";
import { type Ended, runCommand } from "../support/commands.js";
import { found } from "../support/envoy.js";
import { request } from "../support/http.js";
import { makeCertificates, registryTest, startRegistry } from "./support/registry.js";

/** A folder without credentials, and a way to run the command in it. */
function desk(t: TestContext): {
  path: string;
  cli: (parameters: string[], input?: string) => Ended;
} {
  const path = mkdtempSync(join(tmpdir(), "proxy-wasm-as-desk-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const env = { PATH: process.env["PATH"], HOME: path };
  const cli = (parameters: string[], input?: string): Ended =>
    runCommand(parameters, { cwd: path, env, ...(input !== undefined && { input }) });
  return { path, cli };
}

async function runs(wasm: string): Promise<void> {
  if (found.path === undefined) return; // without Envoy, the bytes were compared
  const envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm, name: "pulled" }] });
  try {
    assert.match((await request(envoy.port, { path: "/welcome" })).raw, /x-served-by: proxy-wasm-as/);
  } finally {
    await envoy.stop();
  }
}

for (const layout of ["compat", "artifact"]) {
  registryTest(`${layout}: what was pushed is pulled by tag and by digest, and Envoy runs it`, async (t) => {
    const { host } = await startRegistry(t);
    const { path, cli } = desk(t);
    const wasm = await buildExample("hello");
    const pushed = cli([
      "push",
      wasm,
      `${host}/team/hello:1.0.0`,
      "-t",
      "latest",
      "--layout",
      layout,
      "--json",
    ]);
    assert.equal(pushed.status, 0, pushed.stderr);
    const { digest, tags, url } = JSON.parse(pushed.stdout) as {
      digest: string;
      tags: string[];
      url: string;
    };
    assert.deepEqual(tags, ["1.0.0", "latest"]);
    assert.equal(url, `oci://${host}/team/hello:1.0.0@${digest}`);
    for (const name of [
      `${host}/team/hello:1.0.0`,
      `${host}/team/hello`,
      `${host}/team/hello@${digest}`,
      url,
    ]) {
      const pulled = cli(["pull", name, "-o", "pulled.wasm", "--json"]);
      assert.equal(pulled.status, 0, pulled.stderr);
      assert.equal((JSON.parse(pulled.stdout) as { digest: string }).digest, digest);
      assert.deepEqual(readFileSync(join(path, "pulled.wasm")), readFileSync(wasm));
    }
    const again = cli(["push", wasm, `${host}/team/hello:1.0.0`, "--layout", layout, "--json"]);
    assert.equal((JSON.parse(again.stdout) as { sent: number }).sent, 0, "the registry had all of it");
    const seen = cli(["pull", "--inspect", `${host}/team/hello:1.0.0`]);
    assert.match(seen.stdout, new RegExp(`^${digest}\nlayout {6}${layout}`));
    assert.equal(seen.stderr, "", "a pipe is told no progress");
    const examined = cli(["inspect", `${host}/team/hello:1.0.0`, "--json"]);
    const { image, loads, built } = JSON.parse(examined.stdout) as {
      image: { digest: string; layout: string };
      loads: boolean;
      built: { roots: object[] };
    };
    assert.deepEqual([image.digest, image.layout, loads], [digest, layout, true]);
    assert.deepEqual(built.roots, [{ rootId: "", kind: "http" }]);
    await runs(join(path, "pulled.wasm"));
  });
}

registryTest("a password: from the call, from docker's file, wrong and missing", async (t) => {
  const { host } = await startRegistry(t, { password: true });
  const { path, cli } = desk(t);
  const wasm = await buildExample("hello");
  const name = `${host}/hello:1`;
  const missing = cli(["push", wasm, name]);
  assert.equal(missing.status, 1);
  assert.match(
    missing.stderr,
    /refuses access to hello \(401[^)]*\): no credentials were found; log in with docker/,
  );
  const wrong = cli(["push", wasm, name, "-u", "user", "--password-stdin"], "wrong\n");
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /the user name or the password is wrong/);
  const right = cli(["push", wasm, name, "-u", "user", "--password-stdin"], "secret\n");
  assert.equal(right.status, 0, right.stderr);
  const auth = Buffer.from("user:secret").toString("base64");
  writeFileSync(join(path, "auth.json"), JSON.stringify({ auths: { [host]: { auth } } }));
  process.env["REGISTRY_AUTH_FILE"] = join(path, "auth.json");
  t.after(() => delete process.env["REGISTRY_AUTH_FILE"]);
  const half = cli(["pull", name, "-u", "user"]);
  assert.match(half.stderr, /belong together/);
  const anonymous = cli(["pull", name]);
  assert.equal(anonymous.status, 1, "the desk's environment has no REGISTRY_AUTH_FILE");
  const folder = join(path, ".docker");
  (await import("node:fs")).mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [`https://${host}`]: { auth } } }));
  const pulled = cli(["pull", name, "-o", "pulled.wasm"]);
  assert.equal(pulled.status, 0, pulled.stderr);
  await runs(join(path, "pulled.wasm"));
});

registryTest("TLS by an own authority: with its certificate, without, and insecurely", async (t) => {
  const tls = makeCertificates(t);
  const { host, port } = await startRegistry(t, { tls });
  const { path, cli } = desk(t);
  const wasm = await buildExample("hello");
  const unknown = cli(["push", wasm, `${host}/hello:1`]);
  assert.equal(unknown.status, 1);
  assert.match(
    unknown.stderr,
    /The certificate of 127\.0\.0\.1:\d+ is not trusted \(\w+\); give its authority with --ca FILE\.\n$/,
  );
  const none = cli(["push", wasm, `${host}/hello:1`, "--ca", tls.key]);
  assert.match(none.stderr, /has no certificate in PEM/);
  const known = cli(["push", wasm, `${host}/hello:1`, "--ca", tls.ca]);
  assert.equal(known.status, 0, known.stderr);
  const pulled = cli(["pull", `localhost:${port}/hello:1`, "--insecure", "-o", "pulled.wasm"]);
  assert.equal(pulled.status, 0, pulled.stderr);
  const named = cli(["pull", `${host}/hello:1`, "--insecure-host", host, "-o", "pulled.wasm"]);
  assert.equal(named.status, 0, named.stderr);
  const far = cli(["pull", "registry.example/hello:1", "--insecure"]);
  assert.equal(far.status, 1);
  assert.match(
    far.stderr,
    /registry\.example is not on this machine: .*--insecure-host registry\.example\.\n$/,
  );
  await runs(join(path, "pulled.wasm"));
});

registryTest("names that nothing answers to are told apart, with exit codes 1 and 2", async (t) => {
  const { host } = await startRegistry(t);
  const { path, cli } = desk(t);
  const wasm = await buildExample("hello");
  const cases: [string[], number, RegExp][] = [
    [["pull", `${host}/hello:1`], 1, /has no hello like that \(404, MANIFEST_UNKNOWN/],
    [["pull", `${host}/Hello:1`], 1, /lower case: "hello"/],
    [["inspect", `${host}/hello:1`], 1, /has no hello like that \(404, MANIFEST_UNKNOWN/],
    [["inspect", `oci://${host}/Hello:1`], 1, /lower case: "hello"/],
    [["push", wasm, "hello:1"], 1, /names no registry/],
    [["push", wasm, `${host}/hello@sha256:${"0".repeat(64)}`], 1, /names a tag, not a digest/],
    [["push", wasm], 2, /missing required argument 'image'/],
    [["push", "missing.wasm", `${host}/hello:1`], 1, /There is no file missing\.wasm/],
    [["pull", `${host}/hello:1`, "--nothing"], 2, /unknown option '--nothing'/],
  ];
  for (const [parameters, status, message] of cases) {
    const result = cli(parameters);
    assert.equal(result.status, status, result.stderr);
    assert.match(result.stderr, message);
  }
  assert.deepEqual(readdirSync(path), []);
  assert.ok(!existsSync(join(path, "hello.wasm")));
});
