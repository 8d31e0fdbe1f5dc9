/** An example as a project of one's own, whose tests pass, and one that is run where it is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { cli, env, start, temporaryFolder } from "./support.js";

test("new --example makes a project whose tests pass; run --example runs it with its configuration", async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  // Where the package is installed, npm finds its command.
  mkdirSync(join(folder, "bin"));
  symlinkSync(join(root, "dist", "cli", "main.js"), join(folder, "bin", "proxy-wasm-as"));
  chmodSync(join(root, "dist", "cli", "main.js"), 0o755);
  const PATH = `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`;
  // The second has a file beside its tests that is none.
  for (const name of ["rules", "tracing"]) {
    const made = cli(["new", `my-${name}`, "--example", name, "--no-install"], { cwd: folder });
    assert.ok(
      made.stdout.startsWith(
        `Made my-${name}: the example ${name}.\nNext:\n  cd my-${name}\n  npm install\n`,
      ),
    );
    const alone = { ...env, PATH, NODE_TEST_CONTEXT: undefined }; // else it would be a part of this run
    const cwd = join(folder, `my-${name}`);
    const tested = spawnSync("npm", ["test"], { cwd, encoding: "utf8", env: alone });
    assert.equal(tested.status, 0, tested.stdout + tested.stderr);
    assert.match(tested.stdout, /tests 4\n/, name);
  }

  const ran = await start(["run", "--example", "rules", "--port", "0"], folder);
  assert.match(ran.output(), /runs the example rules in front of an echo server/);
  assert.deepEqual((await request(ran.port)).all("cache-control"), ["no-store"]);
  assert.equal((await request(ran.port, { method: "DELETE" })).status, 403);
  assert.equal(await ran.interrupt(), 130);
});
