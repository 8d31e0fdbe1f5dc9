import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("chunks: bodies of any size change as they pass, also their length", async (t) => {
  const upstream = await startUpstream(t, ({ body }, response) => void response.end(body));
  const wasm = await compileFilter("tests/envoy/filters/body-chunks.ts");
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
  const small = await request(envoy.port, { method: "POST", body: "ab" });
  assert.equal(upstream.requests[0]!.body, "aabb!");
  assert.equal(small.body, "AABB!");
  assert.ok(small.complete);
  // Far beyond the megabyte that Envoy would keep.
  const large = await request(envoy.port, { method: "POST", body: "xy".repeat(1_500_000) });
  assert.equal(large.body.length, 6_000_001);
  assert.ok(large.complete && large.body.startsWith("XXYYXX") && large.body.endsWith("XXYY!"));
  const trailers = await request(envoy.port, { method: "POST", body: "ab", trailers: [["x-t", "1"]] });
  assert.equal(trailers.body, "AABB");
  const none = await request(envoy.port);
  assert.deepEqual([none.status, none.body], [200, ""]);
});
