import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { authFiles } from "../../src/oci/credentials.js";
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

test("the files that are asked, in their order, by what the environment says", () => {
  for (const [env, files] of [
    [{ HOME: "/h" }, ["/h/.config/containers/auth.json", "/h/.docker/config.json"]],
    [
      { HOME: "", XDG_CONFIG_HOME: "", DOCKER_CONFIG: "", XDG_RUNTIME_DIR: "", REGISTRY_AUTH_FILE: "" },
      [join(homedir(), ".config/containers/auth.json"), join(homedir(), ".docker/config.json")],
    ],
    [
      { HOME: "/h", XDG_CONFIG_HOME: "/c", DOCKER_CONFIG: "/d", XDG_RUNTIME_DIR: "/r" },
      ["/r/containers/auth.json", "/c/containers/auth.json", "/d/config.json"],
    ],
    [{ HOME: "/h", XDG_RUNTIME_DIR: "/r", REGISTRY_AUTH_FILE: "/own" }, ["/own"]],
  ] as const)
    assert.deepEqual(authFiles(env), files);
});

test("a key is a registry, with a scheme and a version of its API or without, or a part of it", (t) => {
  const env = home(t, {});
  const isFound = (key: string, registry = "a.example", repository = "team/filter"): boolean => {
    const text = JSON.stringify({ auths: { [key]: auth("u", "p") } });
    writeFileSync(join(env.HOME, "keys"), text);
    const own = { ...env, REGISTRY_AUTH_FILE: join(env.HOME, "keys") };
    return findCredentials(registry, repository, own) !== undefined;
  };
  for (const key of [
    ...["a.example", "a.example/", "http://a.example", "https://a.example", "https://a.example/"],
    ...["https://a.example/v1/", "https://a.example/v2", "a.example/v2/", "a.example/team"],
    ...["a.example/team/filter", "https://a.example/team"],
  ])
    assert.ok(isFound(key), key);
  for (const key of [
    ...["", "a.example:443", "ftp://a.example", "https://a.example/v3/", "b.example", "xa.example"],
    ...["a.example.org", "a.example/te", "a.example/team/filters", "a.example/team/filter/x", "team/filter"],
  ])
    assert.ok(!isFound(key), key);
  for (const registry of ["docker.io", "index.docker.io", "registry-1.docker.io"])
    for (const key of ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"])
      assert.ok(isFound(key, registry, "library/filter"), `${registry} ${key}`);
  assert.ok(!isFound("hub.docker.io", "docker.io"));
});

test("an entry: a token before all else, then base64, then a name, whose password may be missing; or nothing", (t) => {
  const found = (entry: unknown): unknown => {
    const env = home(t, { [docker]: { auths: { "a.example": entry } } });
    return findCredentials("a.example", "x", env);
  };
  const both = { ...auth("u", "p"), username: "n", password: "q" };
  assert.deepEqual(found({ ...both, identitytoken: "t" }), { identityToken: "t" });
  assert.deepEqual(found({ ...both, identitytoken: "" }), { username: "u", password: "p" });
  assert.deepEqual(found({ ...both, auth: "" }), { username: "n", password: "q" });
  assert.deepEqual(found({ username: "n" }), { username: "n", password: "" });
  assert.deepEqual(found({ username: "", password: "q" }), { username: "", password: "q" });
  assert.equal(found({}), undefined);
  assert.equal(found({ password: "q" }), undefined);
});

test("a file without the registry leaves it to the next, and one that is a folder is told", (t) => {
  const env = home(t, {
    ".config/containers/auth.json": { auths: { "b.example": auth("b", "p") } },
    [docker]: { auths: { "a.example": auth("a", "p") } },
  });
  assert.deepEqual(findCredentials("a.example", "x", env), { username: "a", password: "p" });
  const folder = { ...env, DOCKER_CONFIG: join(env.HOME, "folder") };
  mkdirSync(join(folder.DOCKER_CONFIG, "config.json"), { recursive: true });
  assert.throws(() => findCredentials("a.example", "x", folder), {
    code: "credentials",
    message: /folder\/config\.json cannot be read: EISDIR: /,
  });
});

test("a helper is asked by its program for a registry's first name, and its odd ends are told", (t) => {
  const script = (answer: string): string => `#!/bin/sh\nread server\n${answer}\n`;
  const env = home(t, {
    "bin/docker-credential-echo": script('echo "{\\"Username\\":\\"$1\\",\\"Secret\\":\\"$server\\"}"'),
    "bin/docker-credential-mute": script("exit 3"),
    "bin/docker-credential-words": script("echo words"),
    "bin/docker-credential-both": script("echo out; echo err >&2; exit 1"),
    "bin/docker-credential-none": script('echo "Credentials Not Found"; exit 1'),
    [docker]: {
      credHelpers: {
        ...{ "docker.io": "echo", "a.example": "echo", "m.example": "mute", "w.example": "words" },
        ...{ "b.example": "both", "n.example": "none" },
      },
      auths: { "n.example": auth("plain", "p") },
    },
  });
  const find = (registry: string): unknown => findCredentials(registry, "x", env);
  assert.deepEqual(find("a.example"), { username: "get", password: "a.example" });
  assert.deepEqual(find("registry-1.docker.io"), {
    ...{ username: "get", password: "https://index.docker.io/v1/" },
  });
  assert.equal(find("n.example"), undefined, "the helper of one registry stands for its passwords in files");
  for (const [registry, message] of [
    ["m.example", "docker-credential-mute failed for m.example: exit code 3."],
    ["b.example", "docker-credential-both failed for b.example: out\nerr."],
    ["w.example", "docker-credential-words answered something that is not JSON."],
  ] as const)
    assert.throws(() => find(registry), { code: "credentials", message });
});
