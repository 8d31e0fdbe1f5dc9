/** What the build places in memory by hand, through many collections: nothing overlaps, and nothing that is used is dropped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
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
