import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { findCredentials } from "../../src/oci/index.js";

const auth = (name: string, password: string): { auth: string } => ({
  auth: Buffer.from(`${name}:${password}`).toString("base64"),
});

/** A home with these files; answers an environment for it. */
function home(t: TestContext, files: Record<string, unknown>): NodeJS.ProcessEnv & { HOME: string } {
  const path = mkdtempSync(join(tmpdir(), "proxy-wasm-as-home-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    if (name.startsWith("bin/")) chmodSync(file, 0o755);
  }
  return { HOME: path, PATH: `${join(path, "bin")}:${process.env["PATH"]}` };
}

const docker = ".docker/config.json";

test("docker's file: base64, name and password, an identity token, with and without https", (t) => {
  const env = home(t, {
    [docker]: {
      auths: {
        "a.example": auth("u", "p:with:colons"),
        "https://b.example:5000": { username: "u", password: "p" },
        "https://c.example/v2/": { identitytoken: "t" },
        "https://index.docker.io/v1/": auth("hub", "p"),
        "padded.example": auth("u", "p\0\0"),
        "nameless.example": auth("", "p"),
      },
    },
  });
  const find = (registry: string): unknown => findCredentials(registry, "x", env);
  assert.deepEqual(find("a.example"), { username: "u", password: "p:with:colons" });
  assert.deepEqual(find("b.example:5000"), { username: "u", password: "p" });
  assert.deepEqual(find("c.example"), { identityToken: "t" });
  assert.deepEqual(find("docker.io"), { username: "hub", password: "p" });
  assert.deepEqual(find("padded.example"), { username: "u", password: "p" });
  assert.deepEqual(find("nameless.example"), { username: "", password: "p" });
  assert.equal(find("a.example:5000"), undefined, "the port is part of the name");
  assert.equal(find("other.example"), undefined);
});

test("podman's file: the longest key that covers the repository wins", (t) => {
  const env = home(t, {
    ".config/containers/auth.json": {
      auths: {
        "a.example": auth("all", "1"),
        "a.example/team": auth("team", "2"),
        "a.example/team/filter": auth("filter", "3"),
      },
    },
  });
  const name = (repository: string): string | undefined => {
    const found = findCredentials("a.example", repository, env);
    return found !== undefined && "username" in found ? found.username : undefined;
  };
  assert.equal(name("team/filter"), "filter");
  assert.equal(name("team/filters"), "team");
  assert.equal(name("teams/filter"), "all");
});

test("REGISTRY_AUTH_FILE stands for all others, then come XDG_RUNTIME_DIR, podman's and docker's files", (t) => {
  const env = home(t, {
    own: { auths: { "a.example": auth("own", "") } },
    "run/containers/auth.json": { auths: { "a.example": auth("run", "") } },
    ".config/containers/auth.json": { auths: { "a.example": auth("podman", "") } },
    "elsewhere/config.json": { auths: { "b.example": auth("docker", "") } },
  });
  const at = (name: string): string => join(env.HOME, name);
  const name = (more: NodeJS.ProcessEnv, registry = "a.example"): unknown =>
    (findCredentials(registry, "x", { ...env, ...more }) as { username?: string } | undefined)?.username;
  assert.equal(name({ REGISTRY_AUTH_FILE: at("own"), XDG_RUNTIME_DIR: at("run") }), "own");
  assert.equal(name({ XDG_RUNTIME_DIR: at("run") }), "run");
  assert.equal(name({}), "podman");
  assert.equal(name({ DOCKER_CONFIG: at("elsewhere") }, "b.example"), "docker");
  assert.equal(name({ REGISTRY_AUTH_FILE: at("own") }, "b.example"), undefined);
});

test("credential helpers: of one registry before the store of all, tokens, nothing found, failures", (t) => {
  const script = (answer: string, status = 0): string =>
    `#!/bin/sh\nread server\n${answer}\nexit ${status}\n`;
  const env = home(t, {
    "bin/docker-credential-one": script(`echo "{\\"Username\\":\\"$server\\",\\"Secret\\":\\"s\\"}"`),
    "bin/docker-credential-all": script('echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"t\\"}"'),
    "bin/docker-credential-none": script('echo "credentials not found in native keychain"', 1),
    "bin/docker-credential-broken": script('echo "the keychain is locked" >&2', 3),
    [docker]: {
      credHelpers: { "a.example": "one", "b.example": "none", "c.example": "broken", "d.example": "missing" },
      credsStore: "all",
    },
    "none/config.json": { credsStore: "none", auths: { "a.example": auth("plain", "p") } },
  });
  assert.deepEqual(findCredentials("a.example", "x", env), { username: "a.example", password: "s" });
  assert.deepEqual(findCredentials("z.example", "x", env), { identityToken: "t" });
  assert.equal(findCredentials("b.example", "x", env), undefined);
  assert.throws(() => findCredentials("c.example", "x", env), {
    code: "credentials",
    message: "docker-credential-broken failed for c.example: the keychain is locked.",
  });
  assert.throws(() => findCredentials("d.example", "x", env), {
    code: "credentials",
    message: /docker-credential-missing, which has the password of d\.example, did not run/,
  });
  const other = { ...env, DOCKER_CONFIG: join(env.HOME, "none") };
  assert.deepEqual(findCredentials("a.example", "x", other), { username: "plain", password: "p" });
});

test("files that cannot be read are told, not passed over", (t) => {
  const env = home(t, {
    [docker]: "{",
    "bad/config.json": { auths: { "a.example": { auth: "bm9jb2xvbg==" } } },
  });
  assert.throws(() => findCredentials("a.example", "x", env), {
    code: "credentials",
    message: /is not JSON/,
  });
  const bad = { ...env, DOCKER_CONFIG: join(env.HOME, "bad") };
  assert.throws(() => findCredentials("a.example", "x", bad), { message: /not base64 of NAME:PASSWORD/ });
  const missing = { ...env, REGISTRY_AUTH_FILE: join(env.HOME, "missing") };
  assert.throws(() => findCredentials("a.example", "x", missing), { message: /missing cannot be read/ });
  const empty = home(t, { [docker]: "null" });
  assert.equal(findCredentials("a.example", "x", empty), undefined);
});
