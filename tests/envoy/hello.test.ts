import assert from "node:assert/strict";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { compileFilter } from "../support/compile.js";
import { request } from "../support/http.js";

envoyTest("hello passes a request on with its header, marks the response, and denies one path", async (t) => {
  const wasm = await compileFilter("examples/hello/assembly/index.ts");
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });

  const allowed = await request(envoy.port, { path: "/welcome" });
  assert.equal(allowed.status, 200);
  assert.deepEqual(allowed.all("x-served-by"), ["proxy-wasm-as"]);
  assert.deepEqual(
    upstream.requests[0]!.headers.filter(([name]) => name === "x-hello"),
    [["x-hello", "world"]],
  );

  const denied = await request(envoy.port, { path: "/denied" });
  assert.equal(denied.status, 403);
  assert.equal(denied.body, "denied\n");
  assert.deepEqual(denied.all("x-served-by"), ["proxy-wasm-as"]);
  assert.equal(upstream.requests.length, 1);
});
