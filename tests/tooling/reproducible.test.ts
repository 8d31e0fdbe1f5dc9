import assert from "node:assert/strict";
import { test } from "node:test";
import { main as asc } from "assemblyscript/asc";
import { root } from "../support/paths.js";

async function build(entry: string, target: string): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const options = [entry, "--config=asconfig.json", `--target=${target}`, "--outFile=never.wasm"];
  const { error, stderr } = await asc([...options, "--baseDir", root], {
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) module = contents as Uint8Array;
    },
  });
  assert.equal(error, null, stderr.toString());
  return module!;
}

test("a build does not depend on what the process has built before", async () => {
  const before = await build("tests/flow/filters/hello.ts", "release");
  await build("bench/filters/as/noop.ts", "debug");
  assert.deepEqual(await build("tests/flow/filters/hello.ts", "release"), before);
});
