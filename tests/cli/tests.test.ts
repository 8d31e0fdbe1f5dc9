/** The command `test`: which files it finds, and who runs them. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { planTests } from "../../src/cli/own-tests.js";
import { root } from "../support/paths.js";
import { cli, newProject, temporaryFolder } from "./support.js";

test("test runs .test.ts beside .test.js, and a failing one fails", (t) => {
  const cwd = newProject(t, "http");
  const text = (expected: number): string => `import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("typed", async () => {
  const host = await createHost({ wasm: "build/plugin.wasm", upstream: {} });
  const { status }: { status: number | undefined } = await host.request({ path: "/denied" });
  assert.equal(status, ${expected});
});
`;
  writeFileSync(join(cwd, "test", "typed.test.ts"), text(403));
  const passed = cli(["test"], { cwd });
  assert.equal(passed.status, 0, passed.stdout + passed.stderr);
  assert.match(passed.stdout, /2 files of tests\n[^]*typed[^]*pass 3\n/);
  writeFileSync(join(cwd, "test", "typed.test.ts"), text(404));
  assert.equal(cli(["test"], { cwd }).status, 1);
});

test("test leaves tests that import another runner to that", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "test"));
  const write = (name: string, from: string): void =>
    writeFileSync(join(folder, "test", name), `import { test } from "${from}";\n`);
  write("a.test.ts", "vitest");
  assert.throws(() => planTests(folder, false), /vitest's, which is not installed here; run: npm install/);
  const vitest = join(folder, "node_modules", "vitest");
  mkdirSync(vitest, { recursive: true });
  writeFileSync(
    join(vitest, "package.json"),
    '{ "name": "vitest", "bin": { "vitest": "./cli.mjs" }, "exports": {} }',
  );
  const plan = planTests(folder, false);
  assert.equal(plan.runner, "vitest");
  assert.deepEqual(plan.parameters, [join(vitest, "cli.mjs"), "run", join("test", "a.test.ts")]);

  rmSync(join(folder, "test", "a.test.ts"));
  write("b.spec.js", "bun:test");
  assert.deepEqual(planTests(folder, false), {
    runner: "bun",
    program: "bun",
    parameters: ["test", join("test", "b.spec.js")],
    files: [join("test", "b.spec.js")],
  });
  // Node's own tests stay with Node, whatever else is installed.
  rmSync(join(folder, "test", "b.spec.js"));
  write("c.test.js", "node:test");
  writeFileSync(join(folder, "package.json"), '{ "devDependencies": { "vitest": "1" } }');
  assert.equal(planTests(folder, false).runner, "Node");
  // Without an import, as with Jest's globals, the project says who.
  writeFileSync(join(folder, "test", "c.test.js"), 'test("x", () => {});\n');
  assert.equal(planTests(folder, false).runner, "vitest");
});

test("test says what reads TypeScript where nothing does", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "test"));
  writeFileSync(join(folder, "test", "a.test.mts"), 'import { test } from "node:test";\n');
  if ("typescript" in process.features && Boolean(process.features.typescript))
    return t.skip("this Node reads it by itself");
  assert.throws(
    () => planTests(folder, false),
    /does not read .*a\.test\.mts; run: npm install --save-dev tsx/,
  );
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "node_modules", "tsx"), join(folder, "node_modules", "tsx"));
  assert.equal(planTests(folder, false).parameters[0], "--import");
});
