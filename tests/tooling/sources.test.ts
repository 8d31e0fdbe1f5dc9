import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { hostFunctions } from "../../src/abi.js";
import { root } from "../support/paths.js";

/** Runs a program of node_modules; its output is the failure's message. */
function passes(bin: string, ...parameters: string[]): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", bin), ...parameters],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    },
  );
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test("the tooling, tests and scripts have no type errors", () => passes("typescript/bin/tsc", "-p", "."));

// What was looked at before is looked at again only when it, or what it is judged by, has changed.
const incremental = (name: string): string[] => [
  "--incremental",
  "--tsBuildInfoFile",
  `.cache/types/${name}`,
];

test("editors see no type errors in the SDK", () =>
  passes("typescript/bin/tsc", "-p", "assembly", ...incremental("assembly")));

test("editors see no type errors in the examples", () =>
  passes("typescript/bin/tsc", "-p", "examples", ...incremental("examples")));

/** A hash of all files that the linter looks at, and of what it judges them by: as its rules look at types, one file can change another. */
function lintedHash(): string {
  const hash = createHash("sha256").update(process.version);
  const add = (path: string): void => void hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  for (const path of ["eslint.config.js", "tsconfig.json", "package-lock.json"]) add(path);
  for (const folder of ["src", "tests", "scripts", "site", "bench", "examples"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort())
      if (/\.[mc]?[jt]s$/.test(name) && !/(^|\/)(node_modules|build)\//.test(name)) add(`${folder}/${name}`);
  return hash.digest("hex");
}

test("the linter has nothing to say", () => {
  const file = join(root, ".cache", "linted");
  const hash = lintedHash();
  if (existsSync(file) && readFileSync(file, "utf8") === hash) return;
  passes("eslint/bin/eslint.js", ".");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
});

test("comments and pages are in plain sentences", () => {
  const clean = ["docs", "README.md", "CONTRIBUTING.md", "SECURITY.md", "assembly", "src", "scripts"];
  passes("tsx/dist/cli.mjs", "scripts/prose.ts", ...clean);
});

test("everything is formatted", () =>
  passes(
    "prettier/bin/prettier.cjs",
    ...["--check", ".", "--cache", "--cache-strategy=content", "--cache-location=.cache/prettier"],
  ));

test("the SDK declares each host function of the ABI, once", () => {
  const text = readFileSync(join(root, "assembly/abi/imports.ts"), "utf8");
  const declared = [...text.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => name!);
  assert.deepEqual(declared.toSorted(), [...hostFunctions.keys()].toSorted());
  assert.equal(declared.length, 39);
});

test("the package says its version", async () => {
  const { version } = await import("../../src/index.js");
  assert.equal(version, JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
});
