/** Route's timeouts: the 15 seconds that an answer may take begin when the request is complete, as in Envoy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import type { TestHost, TestStream } from "../../src/testing/index.js";
import { assemble } from "../support/assemble.js";

/** Passes all. */
const wasm = assemble(`(func (export "proxy_abi_version_0_2_1")) (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))`);

const hold = (): Promise<TestHost> => createHost({ wasm, upstream: "hold" });

/** The request is complete: the answer must have begun within the time that is left. */
async function timesOut(host: TestHost, stream: TestStream): Promise<void> {
  await host.tick(14_999);
  assert.equal(stream.status, 0);
  await host.tick(1);
  assert.deepEqual([stream.status, stream.body], [504, "upstream request timeout"]);
  assert.equal(stream.upstream!.cancelled, true);
}

test("timeouts: of a GET they begin with its headers", async () => {
  const host = await hold();
  const stream = host.open({ method: "GET", path: "/" });
  stream.sendHeaders(true);
  await host.idle();
  await timesOut(host, stream);
});

test("timeouts: of a POST they begin with its last byte, however slowly it comes", async () => {
  const host = await hold();
  const stream = host.open({ method: "POST", path: "/" });
  stream.sendHeaders();
  await host.tick(20_000);
  stream.send("abc");
  await host.tick(20_000);
  assert.equal(stream.status, 0);
  stream.end();
  await host.idle();
  await timesOut(host, stream);
});
