import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hostFunctions } from "../../src/abi.js";
import { root } from "../support/paths.js";

// The type checker takes a minute of the processor when much has changed: it belongs to the linter, which CI runs.
test("the linter looks for type errors in the tooling, and in what editors see of the SDK and the examples", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  assert.match(scripts["lint"]!, /^npm run types && /);
  const projects = [...scripts["types"]!.matchAll(/\btsc -p (\S+)/g)].map(([, folder]) => folder);
  assert.deepEqual(projects, [".", "assembly", "examples"]);
  assert.match(readFileSync(join(root, ".ci/run"), "utf8"), /^npm run lint$/m);
});

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
