/** Pages that are edited as they pass: suites of the examples that do what two of Google's samples do with `lol_html`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import type { Driver } from "../../src/suites/index.js";
import { EnvoyDriver, HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { found } from "../support/envoy.js";
import { root } from "../support/paths.js";

const names = ["content-injection", "html-domain-rewrite"];
const skip = found.path === undefined ? found.reason : false;
let driver: EnvoyDriver | undefined;
before(async () => {
  if (found.path !== undefined) driver = await EnvoyDriver.start({ envoy: found.path });
});
after(() => driver?.close());

async function run(name: string, driver: Driver): Promise<void> {
  const suite = readSuite(join(root, "tests", "suites", "pages", `${name}.textpb`));
  const { tests } = await runSuite(suite, driver, { wasm: await buildExample(name) });
  assert.ok(tests.length >= 3);
  assert.deepEqual(
    tests.flatMap((one) => one.failures.map((text) => `${one.name}: ${text}`)),
    [],
  );
}

for (const name of names) {
  test(`${name} has 40 lines at most`, () => {
    const source = readFileSync(join(root, "examples", name, "assembly", "index.ts"), "utf8");
    assert.ok(source.trimEnd().split("\n").length <= 40);
  });
  test(`${name} holds in the embedded host`, () => run(name, new HostDriver()));
  test(`${name} holds in Envoy`, { skip }, () => run(name, driver!));
}
