/** What `inspect --host` says of each example is what came of it in that host. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { hosts } from "../../src/hosts/index.js";
import { envoyReleases } from "../../src/hosts/envoy-releases.js";
import { heldModule, holdAgainst } from "../../src/inspect/index.js";
import { readResults } from "./results.js";

const { examples, scenarios } = readResults();
const names = ["java", ...envoyReleases.map(({ version }) => `envoy-${version}`)];

for (const name of names)
  void test(`inspect --host ${name} agrees with each cell that was run`, async () => {
    const host = hosts.find((each) => each.name === name)!;
    const cells = examples[name]!;
    assert.deepEqual(Object.keys(cells), exampleNames());
    for (const [example, cell] of Object.entries(cells)) {
      const module = await heldModule(readFileSync(await buildExample(example)));
      const loads = holdAgainst(module, host).every(({ level }) => level !== "error");
      assert.equal(loads, !cell.startsWith("not loaded"), `${example}: ${cell}`);
      if (name !== "java") assert.equal(cell, "runs", example);
    }
  });

test("each Envoy does what is recorded of it", () => {
  for (const { version } of envoyReleases)
    assert.deepEqual(scenarios[`envoy-${version}`]?.differing, [], version);
});
