/** An example as a project of one's own, whose tests pass, and one that is run where it is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { cli, env, start, temporaryFolder } from "./support.js";

test("new --example makes a project whose tests pass; run --example runs it with its configuration", async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const made = cli(["new", "mine", "--example", "rules", "--no-install"], { cwd: folder });
  assert.match(made.stdout, /^Made mine: the example rules\.\nNext:\n {2}cd mine\n {2}npm install\n/);
  const alone = { ...env, NODE_TEST_CONTEXT: undefined }; // else it would be a part of this run
  const tested = spawnSync("npm", ["test"], { cwd: join(folder, "mine"), encoding: "utf8", env: alone });
  assert.equal(tested.status, 0, tested.stdout + tested.stderr);
  assert.match(tested.stdout, /pass 4/);

  const ran = await start(["run", "--example", "rules", "--port", "0"], folder);
  assert.match(ran.output(), /runs the example rules in front of an echo server/);
  assert.deepEqual((await request(ran.port)).all("cache-control"), ["no-store"]);
  assert.equal((await request(ran.port, { method: "DELETE" })).status, 403);
  assert.equal(await ran.interrupt(), 130);
});
