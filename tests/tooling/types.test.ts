/** What an editor, or `tsc --noEmit`, says of filters: nothing of right ones, and something of wrong ones. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";

// All templates and examples are looked at by the linter: `npm run types`.
test("editors find nothing wrong with an example, and find what is wrong", () => {
  const folder = join(root, ".cache", "types");
  mkdirSync(folder, { recursive: true });
  const hello = readFileSync(join(root, "examples", "hello", "assembly", "index.ts"), "utf8");
  writeFileSync(join(folder, "wrong.ts"), hello.replace('set("x-hello", "world")', 'set("x-hello", 7)'));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../examples/tsconfig.json",
      compilerOptions: { incremental: true, tsBuildInfoFile: "example" },
      include: ["../../examples/hello/assembly/**/*.ts", "wrong.ts"],
    }),
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", join(folder, "tsconfig.json")], {
    cwd: root,
    encoding: "utf8",
  });
  assert.match(stdout, /^\.cache\/types\/wrong\.ts\(\d+,\d+\): error TS2345: [^\n]*\n$/);
});

test("the packed package has what users need, and is small", () => {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    }),
  ) as { size: number; files: { path: string }[] }[];
  const paths = packed!.files.map(({ path }) => path);
  for (const path of ["dist/cli/main.js", "dist/count/index.js", "templates/common/gitignore", "index.ts"])
    assert.ok(paths.includes(path), path);
  assert.ok(packed!.size < 1_200_000, `${packed!.size} bytes`);
});
