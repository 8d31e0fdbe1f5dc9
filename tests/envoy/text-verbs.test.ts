/** Answers of JSON, and texts in shared data and queues, in Envoy. */
import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("an answer of JSON says so, and texts are kept in shared data and queues", async (t) => {
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilter("tests/envoy/filters/text-verbs.ts") }],
  });
  const none = await request(envoy.port);
  assert.deepEqual(
    [none.status, none.all("content-type"), none.all("x-why"), none.body],
    [400, ["application/json"], ["no word"], "{}"],
  );
  const problem = await request(envoy.port, { headers: [["x-word", "problem"]] });
  assert.deepEqual(problem.all("content-type"), ["application/problem+json"]);
  const first = await request(envoy.port, { headers: [["x-word", "one"]] });
  assert.deepEqual(first.all("content-type"), ["application/json"]);
  assert.deepEqual(JSON.parse(first.body), ["one", "one", true, true, "first"]);
  const second = await request(envoy.port, { headers: [["x-word", "two"]] });
  assert.deepEqual(JSON.parse(second.body), ["one,two", "two", true, true, "first"]);
});
