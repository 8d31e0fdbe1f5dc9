/** Fetching once while other flows wait, in the embedded host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

test("of flows that want the same, one fetches; when it fails, the next one does", async () => {
  let asked = 0;
  const side = () => ({ status: ++asked === 2 ? 500 : 200, body: `v${asked}`, delay: 50 });
  const host = await createHost({
    wasm: await compileFilter("tests/std/filters/flights.ts"),
    clusters: { side },
  });
  const get = async (path: string): Promise<string> => (await host.request({ path })).body;
  assert.deepEqual(await Promise.all([get("/a"), get("/a"), get("/a")]), ["v1", "v1", "v1"]);
  assert.equal(await get("/a"), "v1");
  assert.deepEqual(await Promise.all([get("/b"), get("/b"), get("/b")]), ["failed", "v3", "v3"]);
  assert.equal(asked, 3);
});
