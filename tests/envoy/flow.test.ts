import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EchoUpstream } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("smoke", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/flow.ts");
  const upstream = await startUpstream(t);
  const side = await startUpstream(t, async (incoming, response) => {
    const [, , status, text = ""] = incoming.path.split("/");
    response.statusCode = Number(status);
    response.end(text);
  });
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port, clusters: { side: side.port } });
  const response = await request(envoy.port, { headers: [["x-who", "me"]] });
  console.log(response.raw, upstream.requests);
  console.log(envoy.lastLog());
});
