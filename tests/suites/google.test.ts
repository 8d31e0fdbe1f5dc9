/** Google's suites, unmodified, on the examples of the same names: in the embedded host and in a real Envoy. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import type { Driver, Suite } from "../../src/suites/index.js";
import { EnvoyDriver, HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { found } from "../support/envoy.js";
import { googleSuites, skipGoogleSuites } from "../support/google-suites.js";

const folder = googleSuites;
/** Examples that do something else than the samples of the same name: ours takes tokens of an issuer that publishes its keys. */
const others = ["jwt_auth"];
/** Those that are implemented: there may be more in a checkout of Google's repository. */
const samples =
  skipGoogleSuites === false
    ? readdirSync(folder)
        .filter((sample) => exampleNames().includes(sample.replaceAll("_", "-")))
        .filter((sample) => !others.includes(sample))
    : [];
const files = samples.flatMap((sample) =>
  readdirSync(join(folder, sample))
    .filter((name) => /\.(textpb|yaml)$/.test(name))
    .map((name) => ({ sample, name, file: join(folder, sample, name) })),
);

/** The plugin's configuration of a suite lies beside it, unless the suite's name says that there is none. */
function configOf(file: string): string | undefined {
  const names = [".config", "_key.config"].map((end) => file.replace(/(_tests)?\.(textpb|yaml)$/, end));
  return [file.replace(/\.(textpb|yaml)$/, ".config"), ...names].find((name) => existsSync(name));
}

const skip = found.path === undefined ? found.reason : false;
let driver: EnvoyDriver | undefined;
before(async () => {
  if (found.path !== undefined) driver = await EnvoyDriver.start({ envoy: found.path });
});
after(() => driver?.close());

test("there are 20 samples with 25 suites of 89 tests at least", { skip: skipGoogleSuites }, () => {
  const suites = files.map(({ file }): Suite => readSuite(file));
  const tests = suites.reduce((sum, suite) => sum + suite.tests.length, 0);
  const amounts = [samples.length, suites.length, tests];
  assert.ok(samples.length >= 20 && suites.length >= 25 && tests >= 89, amounts.join(" "));
});

async function run(sample: string, file: string, driver: Driver): Promise<void> {
  const wasm = await buildExample(sample.replaceAll("_", "-"));
  const config = configOf(file);
  const result = await runSuite(readSuite(file), driver, { wasm, ...(config !== undefined && { config }) });
  assert.equal(
    result.passed,
    result.tests.every(({ failures }) => failures.length === 0),
  );
  assert.deepEqual(
    result.tests.flatMap((one) => one.failures.map((text) => `${one.name}: ${text}`)),
    [],
  );
}

for (const { sample, name, file } of files) {
  test(`${sample}/${name} holds in the embedded host`, () => run(sample, file, new HostDriver()));
  test(`${sample}/${name} holds in Envoy`, { skip }, () => run(sample, file, driver!));
}
