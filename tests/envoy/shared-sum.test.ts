/** Threads that make a value of shared data at the same time lose nothing. */
import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("sums of shared data are exact from the first request on, in four threads", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/shared-sum.ts");
  const envoy = await startEnvoy(t, { filters: [{ wasm, vmId: "sums" }], concurrency: 4 });
  for (let key = 0; key < 40; key++) {
    const requests = Array.from({ length: 16 }, () =>
      request(envoy.port, { path: `/${key}`, headers: [["connection", "close"]] }),
    );
    const sums = (await Promise.all(requests)).map(({ body }) => Number(body)).sort((a, b) => a - b);
    assert.deepEqual(
      sums,
      Array.from({ length: 16 }, (_, index) => index + 1),
      `key ${key}`,
    );
  }
});
