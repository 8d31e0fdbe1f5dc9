/** What has lost a race ends later: it wakes nobody, wherever the flow waits by then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import type { TestHost, TestStream } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

/** A request in the middle of a flow that has started two calls. */
async function start(path: string): Promise<{ host: TestHost; stream: TestStream }> {
  const wasm = await compileFilter("tests/flow/filters/race.ts");
  const host = await createHost({ wasm, clusters: { side: "hold" }, upstream: "hold" });
  const stream = host.open({ path });
  stream.sendHeaders(true);
  await host.idle();
  return { host, stream };
}

/** The same; the first call has won, and the second has answered since. */
async function raced(path: string): Promise<{ host: TestHost; stream: TestStream }> {
  const { host, stream } = await start(path);
  const [winner, loser] = host.calls;
  winner!.answer({ body: "won" });
  await host.idle();
  assert.deepEqual(host.messages, ["first 0"]);
  loser!.answer({ body: "lost" });
  await host.idle();
  assert.deepEqual(host.messages, ["first 0"]);
  return { host, stream };
}

test("race: the loser's answer is no response", async () => {
  const { host, stream } = await raced("/next");
  stream.upstream!.respondHeaders(404, {}, true);
  await host.idle();
  assert.deepEqual(host.messages, ["first 0", "response 404"]);
});

test("race: the loser's answer is no other call's", async () => {
  const { host } = await raced("/call");
  const third = host.calls.find((call) => call.path === "/c")!;
  third.answer({ body: "third" });
  await host.idle();
  assert.deepEqual(host.messages, ["first 0", "call third", "on"]);
});

test("race: the loser's answer shortens no sleep", async () => {
  const { host } = await raced("/sleep");
  await host.tick(990);
  assert.deepEqual(host.messages, ["first 0"]);
  await host.tick(20);
  assert.deepEqual(host.messages, ["first 0", "on"]);
});

test("race: nobody within the limit; both answer later, and end nothing", async () => {
  const { host } = await start("/limit");
  const calls = [...host.calls];
  await host.tick(20);
  assert.deepEqual(host.messages, ["first -1"]);
  for (const call of calls) call.answer({ body: "late" });
  await host.idle();
  assert.deepEqual(host.messages, ["first -1"]);
  await host.tick(1010);
  assert.deepEqual(host.messages, ["first -1", "on"]);
});
