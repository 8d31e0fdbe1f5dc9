/** What the build places in memory by hand, through many collections: nothing overlaps, and nothing that is used is dropped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "assemblyscript/binaryen";
import { createHost } from "../../src/testing/index.js";
import { addData } from "../../src/transform/module/static-data.js";
import { compileFilter } from "../support/compile.js";

const builds: [name: string, options: NonNullable<Parameters<typeof compileFilter>[1]>][] = [
  ["release", {}],
  ["debug", { target: "debug" }],
  ["incremental", { options: ["--runtime", "incremental"] }],
];

for (const [name, options] of builds) {
  test(`a shared object and what a module keeps outlive collections, ${name}`, async () => {
    const wasm = await compileFilter("tests/transform/filters/shared-notes.ts", options);
    const host = await createHost({ wasm, upstream: "echo" });
    for (let i = 1; i <= 3000; i++) {
      const { status, upstream } = await host.request({
        path: `/a${i}`,
        headers: { "user-agent": `u${i % 7}` },
      });
      const before = i === 1 ? "-" : `/a${i - 1}`;
      assert.equal(status, 200, `request ${i}`);
      assert.equal(upstream!.headers.get("x-notes"), `/A${i}||${before}|${Math.ceil(i / 7)}`);
    }
  });

  test(`tables, literals and arrays of floats have their values, ${name}`, async () => {
    const wasm = await compileFilter("tests/transform/filters/tables.ts", options);
    const host = await createHost({ wasm, upstream: "echo" });
    for (let i = 0; i < 3; i++) {
      const { upstream } = await host.request({ path: `/${i}` });
      const sum = i / 2 + i + i + 0.25;
      const expected = [100 * (i + 1), 10 + i, "abc"[i], 7 + i, sum.toString(), i * 2 * i];
      assert.deepEqual(
        upstream!.headers.get("x-score")!.replace(/\.0\b/g, "").split(" "),
        expected.map(String),
      );
    }
  });
}

test("a module's memory holds the stack that data of the build's own has moved across a page's end", () => {
  for (const [end, pages] of [
    [65_408, 1],
    [65_520, 2],
  ] as const) {
    const module = new binaryen.Module();
    module.setMemory(1, 10, null, [{ offset: module.i32.const(16), data: new Uint8Array(16) }]);
    for (const [name, value] of [
      ["__data_end", end - 32_768],
      ["__stack_pointer", end],
      ["__heap_base", end],
    ] as const)
      module.addGlobal(`~lib/memory/${name}`, binaryen.i32, true, module.i32.const(value));
    const address = addData(module, binaryen, new Uint8Array(100));
    assert.equal(address, end - 32_768);
    assert.equal(module.getMemoryInfo().initial, pages, `the stack ended at ${end}`);
    module.dispose();
  }
});
