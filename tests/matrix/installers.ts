/** What others install packages with, and how each makes and runs a project from the packed package. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Installer {
  readonly title: string;
  /** The package that brings it, with its version. */
  readonly from: string;
  /** Its program in that package. */
  readonly bin: string;
  /** Files of a project that say how it installs. */
  readonly files?: Readonly<Record<string, string>>;
  /** Parameters that add a package, and that run a package's program. */
  readonly add: readonly string[];
  readonly exec: readonly string[];
}

const berry = (linker: string): string =>
  `nodeLinker: ${linker}\nenableTelemetry: false\nenableGlobalCache: true\nenableImmutableInstalls: false\n`;

export const installers: readonly Installer[] = [
  { title: "npm", from: "npm@10", bin: "npm", add: ["install", "-D"], exec: ["exec", "--"] },
  { title: "pnpm", from: "pnpm@10", bin: "pnpm", add: ["add", "-D"], exec: ["exec"] },
  {
    title: "pnpm, hoist: false",
    from: "pnpm@10",
    bin: "pnpm",
    files: { ".npmrc": "hoist=false\n", "pnpm-workspace.yaml": "hoist: false\n" },
    add: ["add", "-D", "-w"],
    exec: ["exec"],
  },
  { title: "yarn classic", from: "yarn@1", bin: "yarn", add: ["add", "-D"], exec: ["run", "-s"] },
  {
    title: "yarn berry, node-modules",
    from: "@yarnpkg/cli-dist@4",
    bin: "yarn",
    files: { ".yarnrc.yml": berry("node-modules"), "yarn.lock": "" },
    add: ["add", "-D"],
    exec: ["run"],
  },
  {
    title: "yarn berry, PnP",
    from: "@yarnpkg/cli-dist@4",
    bin: "yarn",
    files: { ".yarnrc.yml": berry("pnp"), "yarn.lock": "" },
    add: ["add", "-D"],
    exec: ["run"],
  },
  { title: "bun", from: "bun@1", bin: "bun", add: ["add", "-D"], exec: ["x"] },
];

/**
 * Installs the installer below `home`, then by it the package, makes a project with `new`, and builds, tests, inspects and
 * measures that. Answers what came of it.
 */
export function tryInstaller(installer: Installer, home: string, tarball: string, compiler: string): string {
  const { title, from, bin, files = {}, add, exec } = installer;
  const tools = join(home, `tools-${from.replace(/\W/g, "-")}`);
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "package.json"), '{ "private": true }');
  const run = (cwd: string, program: string, ...parameters: string[]): string => {
    const PATH = `${join(tools, "node_modules", ".bin")}:${process.env["PATH"]}`;
    // Where npm has started this, bun would leave npm's name in the environment.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
    const env = { ...Object.fromEntries(own), NODE_OPTIONS: "", PATH, YARN_ENABLE_TELEMETRY: "0", ENVOY: "" };
    const { status, stdout, stderr } = spawnSync(program, parameters, {
      cwd,
      encoding: "utf8",
      env,
      timeout: 240_000,
    });
    assert.equal(status, 0, `${program} ${parameters.join(" ")} in ${cwd}\n${stdout}\n${stderr}`);
    return stdout + stderr;
  };
  // bun's own script puts the program for this machine in place.
  run(tools, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", from);

  const folder = join(home, title.replace(/\W+/g, "-"));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "outer", private: true, type: "module" }),
  );
  run(folder, bin, ...add, `proxy-wasm-as@file:${tarball}`, `assemblyscript@${compiler}`);

  // `new` below a project that has the package from a tarball: its own project has it from there, too.
  const made = run(folder, bin, ...exec, "proxy-wasm-as", "new", "inner", "--no-install");
  assert.match(made, new RegExp(`cd inner\\s+${bin} install`));
  const inner = join(folder, "inner");
  const { devDependencies } = JSON.parse(readFileSync(join(inner, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  assert.equal(devDependencies["proxy-wasm-as"], `file:${tarball}`);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(inner, name), name.startsWith("pnpm") ? `${text}packages: []\n` : text);
  run(inner, bin, "install");
  const script = (name: string): string => run(inner, bin, "run", name);
  const size = /build\/plugin\.wasm {2}([\d,]+) bytes/.exec(script("build"))?.[1];
  assert.ok(size !== undefined);
  assert.match(script("test"), /pass 2\n/);
  assert.match(script("inspect"), /loads it/);
  assert.match(run(inner, bin, ...exec, "proxy-wasm-as", "bench", "--requests", "20"), /operators/i);
  return `${run(folder, bin, "--version").trim()}, ${size} bytes`;
}
