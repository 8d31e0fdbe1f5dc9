/** `new` under npm, pnpm, yarn and bun, from a tarball and from a checkout; what it leaves when installing fails. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";
import { cli, env, main, temporaryFolder } from "./support.js";

/** Makes programs that stand for installers: each writes its parameters, leaves something half made, and ends with `status`. */
function fakeInstallers(folder: string, status: number): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["npm", "pnpm", "yarn", "bun"]) {
    const file = join(bin, name);
    const script = `#!/bin/sh\necho "$(basename "$0") $*" >> "${folder}/called"\nmkdir -p node_modules/half\n: >> yarn.lock\necho no network\nexit ${status}\n`;
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }
  return bin;
}

const agents = [
  ["npm/10.8.2 node/v20.20.2 linux x64", "npm install --no-audit", "npm install", "npm test"],
  ["pnpm/10.1.0 npm/? node/v20.20.2", "pnpm install", "pnpm install", "pnpm test"],
  ["yarn/1.22.22 npm/? node/v20.20.2", "yarn install", "yarn install", "yarn test"],
  ["yarn/4.9.1 npm/? node/v20.20.2", "yarn install", "yarn install", "yarn test"],
  ["bun/1.2.0 npm/? node/v22.0.0", "bun install", "bun install", "bun run test"],
] as const;

for (const [agent, called, install, testing] of agents)
  test(`new under ${agent.split(" ")[0]} installs with it and names it`, (t) => {
    const cwd = temporaryFolder(t);
    const bin = fakeInstallers(cwd, 0);
    const more = { npm_config_user_agent: agent, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
    const made = cli(["new", "one"], { cwd, more });
    assert.equal(made.status, 0, made.stderr);
    assert.ok(readFileSync(join(cwd, "called"), "utf8").startsWith(called));
    assert.match(made.stdout, new RegExp(`Next:\n {2}cd one\n {2}${testing}\n`));
    const later = cli(["new", "two", "--no-install"], { cwd, more });
    assert.match(later.stdout, new RegExp(`Next:\n {2}cd two\n {2}${install}\n {2}${testing}\n`));
  });

test("new --package-manager goes before what it runs under", (t) => {
  const cwd = temporaryFolder(t);
  const more = { npm_config_user_agent: "npm/10.8.2" };
  const made = cli(["new", "one", "--no-install", "--package-manager", "pnpm"], { cwd, more });
  assert.match(made.stdout, / {2}pnpm install\n {2}pnpm test\n {2}pnpm start\n/);
});

test("new whose packages cannot be installed leaves the project whole, nothing half installed, and says why", (t) => {
  const cwd = temporaryFolder(t);
  const more = {
    npm_config_user_agent: "yarn/4.9.1 npm/?",
    PATH: `${fakeInstallers(cwd, 1)}${delimiter}${process.env["PATH"]}`,
  };
  const failed = cli(["new", "one"], { cwd, more });
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /no network\nyarn install did not work; try it again by hand\.\n$/);
  assert.match(failed.stdout, /Next:\n {2}cd one\n {2}yarn install\n/);
  assert.deepEqual(readdirSync(join(cwd, "one")).sort(), [
    ...[
      ".github",
      ".gitignore",
      ".vscode",
      "AGENTS.md",
      "README.md",
      "asconfig.json",
      "assembly",
      "envoy.yaml",
      "package.json",
      "test",
    ],
  ]);
});

/** What a made project asks for. */
function asked(folder: string): string {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  return (JSON.parse(text) as { devDependencies: Record<string, string> }).devDependencies["proxy-wasm-as"]!;
}

test("new takes the package that it is run from: a checkout, a tarball, a version", (t) => {
  const cwd = temporaryFolder(t);
  cli(["new", "here", "--no-install"], { cwd });
  assert.equal(asked(join(cwd, "here")), `file:${root}`);

  // As installers leave it: the package in node_modules, and in package.json where it came from.
  const home = join(cwd, "node_modules", "proxy-wasm-as");
  mkdirSync(home, { recursive: true });
  for (const name of ["dist", "templates", "package.json"])
    cpSync(join(root, name), join(home, name), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "proxy-wasm-as" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(cwd, "node_modules", name));
  const from = (spec: string, folder: string): string => {
    writeFileSync(join(cwd, "package.json"), JSON.stringify({ devDependencies: { "proxy-wasm-as": spec } }));
    const parameters = [join(home, "dist", "cli", "main.js"), "new", folder, "--no-install"];
    const made = spawnSync(process.execPath, parameters, { cwd, encoding: "utf8", env });
    assert.equal(made.status, 0, made.stderr);
    return asked(join(cwd, folder));
  };
  assert.equal(
    from("file:packed/proxy-wasm-as-0.1.0.tgz", "a"),
    `file:${cwd}/packed/proxy-wasm-as-0.1.0.tgz`,
  );
  assert.equal(from("./p.tgz", "b"), `file:${cwd}/p.tgz`);
  assert.equal(from("link:../sdk", "c"), `file:${join(cwd, "../sdk")}`);
  assert.match(from("^0.1.0", "d"), /^\^\d+\.\d+\.\d+$/);
});

for (const command of [
  ...["new", "build", "run", "test", "inspect", "bench", "stats-tags", "pack", "push", "pull", "manifest"],
  "doctor",
])
  test(`${command} --help | head: without a reader it ends without a word`, async () => {
    const child = spawn(process.execPath, [main, command, "--help"], { env });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (text) => (said += String(text)));
    const code = await new Promise<number | null>((done) => child.on("close", done));
    assert.equal(said, "");
    assert.equal(code, 141);
  });

test("doctor finds an Envoy that runs no WebAssembly, and says what is missing where there is none", (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "envoy");
  writeFileSync(
    file,
    `#!/bin/sh
[ "$1" = --version ] && echo "envoy  version: 0ebfcfe5b0484b89ca85b761da9e05ce75dbda8d/1.38.3/Modified/RELEASE/BoringSSL" && exit 0
echo "Failed to create Wasm VM using envoy.wasm.runtime.v8 runtime. Envoy was compiled without support for it" >&2
exit 1
`,
  );
  chmodSync(file, 0o755);
  const without = cli(["doctor"], { more: { ENVOY: file } });
  assert.equal(without.status, 1);
  assert.match(
    without.stdout.replace(/\s+/g, " "),
    /missing Envoy .*compiled without support for it.*built with V8/,
  );

  // Nowhere an Envoy, and no Python to fetch one with.
  const more = {
    ENVOY: "",
    HOME: folder,
    XDG_CACHE_HOME: folder,
    FUNC_E_HOME: folder,
    PATH: folder + "/none",
  };
  const none = cli(["doctor"], { cwd: folder, more });
  assert.match(
    none.stdout.replace(/\s+/g, " "),
    /missing AssemblyScript none is installed here: npm install/,
  );
  assert.match(
    none.stdout.replace(/\s+/g, " "),
    /missing Envoy none is here, and there is no (python3|package for)/,
  );
});

test("an Envoy is looked for in the user's folder, which all projects share", (t) => {
  const cache = temporaryFolder(t);
  const version = /ENVOY_VERSION = "([^"]+)"/.exec(
    readFileSync(join(root, "src/envoy/find.ts"), "utf8"),
  )![1]!;
  const bin = join(
    cache,
    "proxy-wasm-as",
    `envoy-${version}`,
    "lib",
    "python3",
    "site-packages",
    "envoy",
    "_bin",
  );
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, "envoy"),
    `#!/bin/sh\necho "envoy  version: 0a/${version}/Clean/RELEASE/BoringSSL"\n`,
  );
  chmodSync(join(bin, "envoy"), 0o755);
  const more = { ENVOY: "", XDG_CACHE_HOME: cache, FUNC_E_HOME: cache, PATH: "/usr/bin:/bin" };
  const cwd = temporaryFolder(t);
  const findings = JSON.parse(cli(["doctor", "--json"], { cwd, more }).stdout) as {
    what: string;
    found: string;
  }[];
  assert.equal(findings.at(-1).found, `${version} (${join(bin, "envoy")})`);
  assert.ok(!existsSync(join(cwd, "node_modules")));
});
