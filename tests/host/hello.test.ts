import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const hello = (): Promise<string> => compileFilter("examples/hello/assembly/index.ts");

test("hello marks requests and responses", async () => {
  const host = await createHost({ wasm: await hello(), upstream: { body: "hi", headers: { server: "up" } } });
  const response = await host.request({ path: "/x", headers: { "x-user": "ann" } });
  assert.equal(response.status, 200);
  assert.equal(response.body, "hi");
  assert.equal(response.headers.get("x-served-by"), "proxy-wasm-as");
  assert.equal(response.headers.get("server"), "envoy");
  assert.equal(response.upstream?.headers.get("x-hello"), "world");
  assert.equal(response.upstream?.headers.get("x-user"), "ann");
  assert.equal(response.upstream?.path, "/x");
});

test("hello denies one path, and marks its own reply", async () => {
  const host = await createHost({ wasm: await hello(), upstream: { body: "hi" } });
  const response = await host.request({ path: "/denied" });
  assert.equal(response.status, 403);
  assert.equal(response.body, "denied\n");
  assert.equal(response.headers.get("x-served-by"), "proxy-wasm-as");
  assert.equal(response.upstream, undefined);
});
