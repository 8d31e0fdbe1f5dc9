import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
