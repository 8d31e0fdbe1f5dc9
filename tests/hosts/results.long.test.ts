/** What `inspect --host java` says of each example is what the Java host did with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { hosts } from "../../src/hosts/index.js";
import { heldModule, holdAgainst } from "../../src/inspect/index.js";
import { readResults } from "./results.js";

test("inspect --host java agrees with each cell that was run", async () => {
  const java = hosts.find(({ name }) => name === "java")!;
  const cells = readResults()["java"]!;
  assert.deepEqual(Object.keys(cells), exampleNames());
  for (const [name, cell] of Object.entries(cells)) {
    const module = await heldModule(readFileSync(await buildExample(name)));
    const loads = holdAgainst(module, java).every(({ level }) => level !== "error");
    assert.equal(loads, !cell.startsWith("not loaded"), `${name}: ${cell}`);
  }
});
