import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { watchModule, watchSources } from "../../src/cli/watch.js";
import { temporaryFolder } from "./support.js";
import { pass } from "../support/wait.js";

interface Project {
  folder: string;
  config: string;
  source: string;
}

async function project(t: TestContext): Promise<Project> {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "assembly"));
  const source = join(folder, "assembly", "index.ts");
  const config = join(folder, "asconfig.json");
  writeFileSync(source, "// before");
  writeFileSync(config, "{}");
  await pass(100, "times of files are compared, and are those of the file system");
  return { folder, config, source };
}

type Begin = (since: number, changed: () => Promise<void>) => () => Promise<void>;

/** Watches with `begin`, does `meanwhile` before the watcher can have begun, and counts the calls of the next second. */
async function callsAfter(t: TestContext, begin: Begin, meanwhile: () => void): Promise<number> {
  let calls = 0;
  const stop = begin(Date.now(), () => {
    calls++;
    return Promise.resolve();
  });
  t.after(stop);
  meanwhile();
  await pass(1000, "a second call may not come");
  return calls;
}

for (const [what, act, calls] of [
  ["a change", ({ source }: Project) => writeFileSync(source, "// after"), 1],
  ["a change of asconfig.json", ({ config }: Project) => writeFileSync(config, "{ }"), 1],
  ["a file that is gone", ({ source }: Project) => rmSync(source), 1],
  ["nothing", () => undefined, 0],
] as const)
  test(`watch: ${what}, before the watcher has begun, is ${calls} change`, async (t) => {
    const { folder, config, source } = await project(t);
    const begin: Begin = (since, changed) => watchSources({ folder, config }, since, changed);
    assert.equal(await callsAfter(t, begin, () => act({ folder, config, source })), calls);
  });

test("watch: a module that is made anew, before the watcher has begun, is a change", async (t) => {
  const { source } = await project(t);
  const begin: Begin = (since, changed) => watchModule(source, since, changed);
  assert.equal(await callsAfter(t, begin, () => writeFileSync(source, "other")), 1);
});
