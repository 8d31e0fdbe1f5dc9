import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("headers that are held stay so when a body comes, whatever the host's setting", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/held-answers.ts");
  const upstream = await startUpstream(t);
  for (const allowOnHeadersStopIteration of [false, true]) {
    const envoy = await startEnvoy(t, {
      filters: [{ wasm, allowOnHeadersStopIteration }],
      upstream: upstream.port,
    });
    const said = `allow_on_headers_stop_iteration: ${allowOnHeadersStopIteration}`;
    for (const method of ["GET", "POST"]) {
      const body = method === "POST" ? { body: "hello" } : {};
      assert.equal((await request(envoy.port, { method, ...body })).status, 401, `${method}, ${said}`);
    }
  }
});
