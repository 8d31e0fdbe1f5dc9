/**
 * `npm run test:compilers`: the project's own tests of what the build decides, with each supported version of the compiler in
 * turn: the language, what is exported, what is contained, flows. Each version is installed from the registry beside the other
 * packages. Prints a line for each, and ends with 1 when a test fails with one. About ten minutes for a version.
 * `npm run test:compilers -- 0.28.9,0.28.20 tests/language tests/flow` names versions and tests.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/paths.js";

/** All that have been published from the oldest that is supported to the newest that was tried. */
const published = [9, 10, 11, 12, 13, 14, 17, 18, 19, 20].map((patch) => `0.28.${patch}`);

const [versions = published.join(), ...words] = process.argv.slice(2);
const chosen =
  words.length > 0
    ? words
    : [
        ...["tests/language/", "tests/transform/", "tests/envoy/caught", "tests/envoy/endless"],
        ...["tests/envoy/on-error", "tests/envoy/held-parts", "tests/flow/"],
      ];

const home = mkdtempSync(join(tmpdir(), "proxy-wasm-as-compilers-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

/** The tests of figures in documents, and of costs. */
const figures = ["tests/flow/docs.test.ts", "tests/language/cost.test.ts"];

/** Replaced by the compiler's own. */
const replaced = new Set(["assemblyscript", "binaryen"]);

/** The packages with this version of the compiler in place of the project's own. */
function link(modules: string, version: string): void {
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (replaced.has(name) || name === ".bin") continue;
    const original = join(root, "node_modules", name);
    // The project itself is a link, which leads to the copy.
    symlinkSync(
      lstatSync(original).isSymbolicLink() ? readlinkSync(original) : original,
      join(modules, name),
    );
  }
  // Its programs are links themselves, and lead to the packages beside them.
  mkdirSync(join(modules, ".bin"));
  for (const name of readdirSync(join(root, "node_modules/.bin")))
    symlinkSync(readlinkSync(join(root, "node_modules/.bin", name)), join(modules, ".bin", name));
  install(modules, `assemblyscript@${version}`);
  const { dependencies } = JSON.parse(readFileSync(join(modules, "assemblyscript/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  install(modules, `binaryen@${dependencies["binaryen"]}`);
}

function install(modules: string, name: string): void {
  const folder = mkdtempSync(join(home, "pack-"));
  const { status, stdout, stderr } = spawnSync("npm", ["pack", name, "--loglevel=error"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm pack ${name}: ${stderr}`);
  const into = join(modules, name.split("@")[0]!);
  mkdirSync(into);
  spawnSync("tar", ["-xzf", join(folder, stdout.trim()), "-C", into, "--strip-components=1"]);
}

let failed = false;
for (const version of versions.split(",")) {
  const folder = join(home, version);
  for (const name of readdirSync(root))
    if (name !== "node_modules" && name !== ".git")
      cpSync(join(root, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
  // Sizes and costs are those of the project's own compiler.
  for (const name of figures) rmSync(join(folder, name));
  link(join(folder, "node_modules"), version);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync("npx", ["tsx", "tests/run.ts", ...chosen], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, CI: "" },
  });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const last = stdout.trim().split("\n").at(-1);
  console.log(`${status === 0 ? "ok     " : "failed "} assemblyscript ${version}: ${last} (${minutes} min)`);
  if (status !== 0) {
    failed = true;
    console.log([stdout, stderr].join("\n").split("\n").slice(-200).join("\n"));
  }
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
