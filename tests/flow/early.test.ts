/** An upstream that answers before the request has ended: the flow is at the response, and what is left of the request passes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const text = `import { log } from "proxy-wasm-as";
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x: Exchange): void => {
  const response = x.next();
  log.info("request " + (x.request.chunk() === null ? "over" : "more"));
  log.info("response " + response.text());
});`;

test("a flow that has the response does not wait for the request's body", async () => {
  const host = await createHost({ wasm: readFileSync(await compileFilterText(text)), upstream: "hold" });
  const stream = host.open({ method: "POST", path: "/" });
  stream.sendHeaders(false);
  stream.send("first", false);
  await host.idle();
  stream.upstream!.respondHeaders(200, {}, false);
  await host.idle();
  assert.deepEqual(host.messages, ["request over"]);
  stream.upstream!.respondData("all", true);
  await host.idle();
  assert.deepEqual(host.messages, ["request over", "response all"]);
});
