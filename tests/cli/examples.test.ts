/** The examples by the command line: as projects of one's own, and run where they are. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { copyExample, exampleSettings, examples } from "../../src/cli/examples.js";
import { root } from "../support/paths.js";
import { cli, temporaryFolder } from "./support.js";

test("names that are not known are answered with those like them, or with all", () => {
  for (const command of [["new", "x"], ["run"]]) {
    const ask = (name: string): string => {
      const { status, stderr } = cli([...command, "--example", name]);
      assert.equal(status, 1);
      assert.ok(
        stderr.split("\n").every((line) => line.length <= 80),
        stderr,
      );
      return stderr;
    };
    assert.match(ask("rate-limt"), /^There is no example "rate-limt"\. Did you mean:\n {2}rate-limit .*\n/);
    assert.match(ask("Hello"), /Did you mean:\n {2}hello /);
    assert.match(ask("auth"), /Did you mean:\n {2}jwt-auth .*\n {2}grpc-auth .*\n {2}flow-auth-request /);
    assert.match(ask("../hello"), /Did you mean:\n {2}hello /);
    const all = ask("zzzzzz");
    for (const { name } of examples()) assert.ok(all.includes(`\n  ${name} `), name);
  }
  const listed = cli(["new", "--example"]);
  assert.equal(listed.status, 0);
  assert.equal(listed.stdout.match(/^ {2}\S/gm)!.length, examples().length);
  assert.match(
    cli(["run", "x.wasm", "--example", "hello"]).stderr,
    /^Name a module, or an example, not both/,
  );
  assert.match(cli(["run", "--example", "json-log"]).stderr, /^The example json-log is no filter/);
  assert.equal(cli(["new", "x", "--example", "hello", "--template", "tcp"]).status, 2);
});

test("each example is a project when it is copied: links lead somewhere, npm start has its configuration", (t) => {
  const folder = temporaryFolder(t);
  for (const example of examples()) {
    const to = join(folder, example.name);
    mkdirSync(to);
    copyExample(example, to, "mine", "^1.2.3");
    const manifest = JSON.parse(readFileSync(join(to, "package.json"), "utf8")) as {
      name: string;
      scripts: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    assert.deepEqual([manifest.name, manifest.devDependencies["proxy-wasm-as"]], ["mine", "^1.2.3"]);
    const { configuration, isFilter } = exampleSettings(example);
    assert.equal(existsSync(join(to, "config.json")), configuration !== undefined);
    assert.equal(
      manifest.scripts["start"]?.includes("config.json"),
      isFilter ? configuration !== undefined : undefined,
    );
    assert.ok(!existsSync(join(to, "build")));
    const readme = readFileSync(join(to, "README.md"), "utf8");
    for (const [, target] of readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      assert.ok(
        existsSync(join(target!.startsWith("node_modules/") ? "" : to, inPackage(target!))),
        `${example.name}: ${target}`,
      );
  }
});

/** A link into the package, as it is in this clone. */
function inPackage(target: string): string {
  return target.replace(/^node_modules\/proxy-wasm-as/, root);
}
