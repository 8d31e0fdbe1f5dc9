/**
 * `npm run test:matrix`: the packed package in projects of their own, installed by npm from the registry: each supported
 * version of Node with the oldest and the newest compiler; two filters in one repository; the types that editors show; npm, pnpm,
 * yarn and bun.
 * Prints a line for each, and ends with 1 when one does not hold. A few minutes, a few hundred megabytes.
 * `npm run test:matrix -- editor` runs those whose title contains the word.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../support/paths.js";
import { installers, tryInstaller } from "./installers.js";

const nodes = ["20", "22", "24"];
const compilers = ["0.28.9", "0.28.20"];

const home = mkdtempSync(join(tmpdir(), "proxy-wasm-as-matrix-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

/** Runs a program with a Node in front of the path; throws with what it said when it fails. */
function run(node: string | undefined, cwd: string, program: string, ...parameters: string[]): string {
  const { PATH = "", ...rest } = process.env;
  const env = { ...rest, NODE_OPTIONS: "", PATH: node === undefined ? PATH : `${node}${delimiter}${PATH}` };
  const { status, stdout, stderr } = spawnSync(program, parameters, { cwd, encoding: "utf8", env });
  assert.equal(status, 0, `${program} ${parameters.join(" ")} in ${cwd}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

/** A package's package.json. */
function manifest(folder: string, fields: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...fields }));
}

const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];

const tarball = join(
  home,
  run(undefined, root, "npm", "pack", "--pack-destination", home, "--loglevel=error")
    .trim()
    .split("\n")
    .at(-1),
);

/** The folder with the program `node` of a version. */
function nodeOf(version: string): string {
  const folder = join(home, `node${version}`);
  const program = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
  if (existsSync(program)) return program;
  const name = `node-${process.platform}-${process.arch}`;
  manifest(folder, {});
  run(undefined, folder, "npm", "install", ...quiet, "--ignore-scripts", `${name}@${version}`);
  return program;
}

const filter = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { sha256 } from "proxy-wasm-as/assembly/std/hash";

class Named extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path !== null) this.request.headers.set("x-hash", sha256(Uint8Array.wrap(String.UTF8.encode(path))).length.toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Named>();
`;

const flow = `import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";

registerFlow("", (x: Exchange): void => {
  const check = fetch("auth", { path: "/check" });
  if (!check.ok) return x.respond(403, "denied\\n");
  x.next().headers.set("x-checked", "yes");
});
`;

const test = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("the filter works", async () => {
  const host = await createHost({ wasm: "build/plugin.wasm", upstream: { body: "here" } });
  assert.equal((await host.request({ path: "/a" })).upstream.headers.get("x-hash"), "32");
});
`;

/** What JavaScript may import by name; the types of "." are those of AssemblyScript. */
const entries = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { exports: object }).exports,
).filter((path) => !/assembly|json/.test(path));

/** A filter's sources, as a person would begin without a template. */
function writeFilter(folder: string, text: string, compiler: string): void {
  manifest(folder, {
    name: folder.split("/").at(-1),
    devDependencies: { assemblyscript: compiler, "proxy-wasm-as": `file:${tarball}` },
  });
  for (const name of ["assembly", "test"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "assembly", "index.ts"), text);
  cpSync(join(root, "templates/common/assembly/tsconfig.json"), join(folder, "assembly", "tsconfig.json"));
  cpSync(join(root, "templates/common/asconfig.json"), join(folder, "asconfig.json"));
}

/** A project that npm has installed, without a warning. */
function project(node: string | undefined, compiler: string): string {
  const folder = mkdtempSync(join(home, "project-"));
  writeFilter(folder, filter, compiler);
  writeFileSync(join(folder, "test", "filter.test.js"), test);
  const installed = run(node, folder, "npm", "install", ...quiet);
  assert.doesNotMatch(installed, /warn|deprecated|peer/i);
  return folder;
}

const asc = ["asc", "--config", "asconfig.json", "--target", "release", "--outFile", "build/plugin.wasm"];

/** The bytes of a folder's files, in kilobytes. */
function kilobytes(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => lstatSync(join(folder, name)))
    .map((file) => (file.isFile() ? file.size : 0));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

const [word = ""] = process.argv.slice(2);
let failed = 0;
function check(title: string, body: () => string): void {
  if (!title.includes(word)) return;
  const started = performance.now();
  try {
    const said = body();
    console.log(`ok      ${title}: ${said} (${Math.round((performance.now() - started) / 1000)} s)`);
  } catch (error) {
    failed++;
    console.log(`failed  ${title}: ${(error as Error).message}`);
  }
}

for (const version of nodes)
  for (const compiler of compilers) {
    check(`Node ${version}, assemblyscript ${compiler}`, () => {
      const node = nodeOf(version);
      const folder = project(node, compiler);
      run(node, folder, "npx", "--no-install", ...asc);
      const size = readFileSync(join(folder, "build", "plugin.wasm")).length;
      const built = run(node, folder, "npx", "--no-install", "proxy-wasm-as", "build");
      assert.match(built, /^build\/plugin\.wasm {2}[\d,]+ bytes/);
      run(node, folder, "npx", "--no-install", "proxy-wasm-as", "test");
      assert.match(
        run(node, folder, "npx", "--no-install", "proxy-wasm-as", "inspect", "build/plugin.wasm"),
        /loads it/,
      );
      const imports = entries.map((path) => `import("proxy-wasm-as${path.slice(1)}")`);
      run(node, folder, "node", "--input-type=module", "-e", `await Promise.all([${imports.join()}])`);
      writeFileSync(join(folder, "assembly", "index.ts"), flow);
      run(node, folder, "npx", "--no-install", ...asc);
      const withFlow = readFileSync(join(folder, "build", "plugin.wasm")).length;
      const exact = run(node, folder, "node", "--version").trim();
      return `${exact}, ${size} bytes, with flow ${withFlow}`;
    });
  }

check("Two filters in one repository, packages shared", () => {
  const folder = join(home, "monorepo");
  manifest(folder, { workspaces: ["filters/*"] });
  writeFilter(join(folder, "filters", "one"), filter, compilers.at(-1));
  writeFilter(join(folder, "filters", "two"), flow, compilers.at(-1));
  run(undefined, folder, "npm", "install", ...quiet);
  assert.ok(readdirSync(join(folder, "node_modules")).includes("proxy-wasm-as"));
  const sizes = ["one", "two"].map((name) => {
    const project = join(folder, "filters", name);
    run(undefined, project, "npx", "--no-install", ...asc);
    run(undefined, project, "npx", "--no-install", "proxy-wasm-as", "build");
    return readFileSync(join(project, "build", "plugin.wasm")).length;
  });
  return `${sizes.join(" and ")} bytes`;
});

check("The types that an editor shows", () => {
  const folder = project(undefined, compilers.at(-1));
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  run(
    undefined,
    folder,
    "npm",
    "install",
    ...quiet,
    `typescript@${devDependencies["typescript"]}`,
    `@types/node@${devDependencies["@types/node"]}`,
  );
  const typed = entries.filter((path) => path !== ".");
  const examined: string[] = [];
  for (const [name, text] of [
    ["filter", filter],
    ["flow", flow],
  ] as const) {
    writeFileSync(join(folder, "assembly", "index.ts"), text);
    run(undefined, folder, "npx", "--no-install", "tsc", "--noEmit", "-p", "assembly/tsconfig.json");
    examined.push(name);
  }
  writeFileSync(
    join(folder, "use.ts"),
    `${typed.map((path, i) => `import * as m${i} from "proxy-wasm-as${path.slice(1)}";`).join("\n")}
import { createHost } from "proxy-wasm-as/testing";
const host = await createHost({ wasm: "build/plugin.wasm" });
const status: number | undefined = (await host.request({ path: "/" })).status;
console.log(status${typed.map((_, i) => `, m${i}`).join("")});
`,
  );
  const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--noEmit", "--skipLibCheck"];
  run(undefined, folder, "npx", "--no-install", "tsc", ...options, "--types", "node", "use.ts");
  writeFileSync(join(folder, "assembly", "index.ts"), filter.replace('":path"', "7"));
  assert.throws(() =>
    run(undefined, folder, "npx", "--no-install", "tsc", "--noEmit", "-p", "assembly/tsconfig.json"),
  );
  return `tsc accepts ${examined.join(", ")} and what JavaScript imports, and refuses a wrong filter`;
});

check("From a checkout, by git and as a folder", () => {
  const clone = join(home, "checkout");
  run(undefined, home, "git", "clone", "--quiet", "--depth=1", `file://${root}`, clone);
  const sizes = [`git+file://${clone}`, `file:${clone}`].map((from, index) => {
    const folder = join(home, `from-${index}`);
    manifest(folder, { devDependencies: { assemblyscript: compilers.at(-1), "proxy-wasm-as": from } });
    mkdirSync(join(folder, "assembly"));
    writeFileSync(join(folder, "assembly", "index.ts"), filter);
    cpSync(join(root, "templates/common/asconfig.json"), join(folder, "asconfig.json"));
    run(undefined, folder, "npm", "install", ...quiet);
    run(undefined, folder, "npx", "--no-install", "proxy-wasm-as", "build");
    return readFileSync(join(folder, "build", "plugin.wasm")).length;
  });
  return `${sizes.join(" and ")} bytes`;
});

check("What npm installs", () => {
  const modules = join(project(undefined, compilers.at(-1)), "node_modules");
  const all = kilobytes(modules);
  const compiler = ["assemblyscript", "binaryen", "long"].reduce(
    (sum, name) => sum + kilobytes(join(modules, name)),
    0,
  );
  const own = kilobytes(join(modules, "proxy-wasm-as"));
  assert.ok(all - compiler < 10 * 1024, `${all - compiler} KB besides the compiler`);
  const [packed] = JSON.parse(
    run(undefined, root, "npm", "pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"),
  ) as { size: number; unpackedSize: number; entryCount: number; files: { path: string }[] }[];
  const strange = packed!.files.filter(
    ({ path }) =>
      !/^(assembly\/.*\.ts|dist\/.*\.(js|d\.ts)|(templates|docs|examples)\/.*|(asconfig|package)\.json|index\.ts|[A-Z]+\.md|LICENSE)$/.test(
        path,
      ),
  );
  assert.deepEqual(strange, []);
  return (
    `${all - compiler} KB besides the compiler's ${compiler}, ${own} of them this package's; ` +
    `the tarball has ${packed!.entryCount} files, ${packed!.size} bytes, unpacked ${packed!.unpackedSize}`
  );
});

for (const installer of installers)
  check(`Installer: ${installer.title}`, () => tryInstaller(installer, home, tarball, compilers.at(-1)));

if (failed > 0) process.exitCode = 1;
